import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateColumn, timestampColumn } from '../make-column.ts';
import { periodLabel } from './period.ts';
import { periodIndex } from './period-index.ts';
import { daysOf, wallClock, wallClocks } from './wall-clock.ts';
import { zoneOffsets } from './zone-offset.ts';

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text);

describe('cutting times into days', () => {
  test('a time without a zone keeps its own day whatever the workbook says', () => {
    const column = timestampColumn([at('2011-12-31T23:59:59Z')]);
    for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
      expect([...daysOf(column, zone)]).toEqual([at('2011-12-31') / DAY]);
    }
  });

  test('an instant falls on the day that a calendar in the time zone shows', () => {
    const column = timestampColumn([at('2011-12-31T16:00:00Z'), at('2011-12-31T15:59:59.999Z')], true);
    const months = periodIndex(column, 'month', 'Asia/Shanghai');
    expect([...months.indexes].map((month) => periodLabel(month, 'month'))).toEqual(['2012-01', '2011-12']);
  });

  test('days are right on both sides of a change to and from daylight saving', () => {
    const instants = [
      '2024-03-10T04:59:59Z', // 23:59:59 EST on 9 March
      '2024-03-10T05:00:00Z', // midnight EST
      '2024-03-11T03:59:59Z', // 23:59:59 EDT, a day of 23 hours
      '2024-03-11T04:00:00Z',
      '2024-11-03T04:00:00Z', // midnight EDT
      '2024-11-04T04:59:59Z', // 23:59:59 EST, a day of 25 hours
      '2024-11-04T05:00:00Z',
    ].map(at);
    const days = daysOf(timestampColumn(instants, true), 'America/New_York');
    expect([...days].map((day) => new Date(day * DAY).toISOString().slice(0, 10))).toEqual([
      '2024-03-09',
      '2024-03-10',
      '2024-03-10',
      '2024-03-11',
      '2024-11-03',
      '2024-11-03',
      '2024-11-04',
    ]);
  });

  test('agrees with the calendar of Intl in zones of whole, half and historic offsets', () => {
    const zones = ['UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(fc.integer({ min: at('2009-01-01'), max: at('2013-01-01') }), { minLength: 1, maxLength: 20 }),
        (timeZone, instants) => {
          const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
          const days = daysOf(timestampColumn(instants, true), timeZone);
          expect([...days].map((day) => new Date(day * DAY).toISOString().slice(0, 10))).toEqual(
            instants.map((instant) => format.format(instant)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('finds each change of offset to the second', () => {
    const zone = zoneOffsets('Europe/London', at('2011-01-01'), at('2012-01-01'));
    expect([...zone.starts].slice(1)).toEqual([at('2011-03-27T01:00:00Z'), at('2011-10-30T01:00:00Z')]);
    expect([...zone.offsets]).toEqual([0, 3_600_000, 0]);
  });

  test('one moment and many give the same wall clock', () => {
    const instants = [at('2024-07-01T12:00:00Z'), at('2024-01-01T12:00:00Z')];
    const column = timestampColumn(instants, true);
    const clocks = wallClocks(column, instants, 'America/New_York');
    expect([...clocks]).toEqual(instants.map((instant) => wallClock(column, instant, 'America/New_York')));
    expect(clocks[0]).toBe(at('2024-07-01T08:00:00Z'));
    expect([...wallClocks(dateColumn([3]), [3], 'Asia/Shanghai')]).toEqual([3 * DAY]);
  });

  test('an unknown zone and a column of nonsense are refused in plain words', () => {
    expect(() => daysOf(timestampColumn([1, 2], true), 'Mars/Olympus')).toThrow("Time zone 'Mars/Olympus'");
    expect(() => periodIndex(dateColumn([0, 5_000_000]), 'month', 'UTC')).toThrow('years');
  });
});
