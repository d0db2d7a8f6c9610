import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DateOrder } from './import-options.ts';
import { daysFromCivil, readTime, type TimeText } from './time-text.ts';

function read(text: string, order: DateOrder = 'day-month'): string | undefined {
  const bytes = new TextEncoder().encode(text);
  const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };
  if (!readTime(bytes, 0, bytes.length, order, time)) return undefined;
  const iso = new Date(time.day * 86_400_000 + time.clock).toISOString();
  return time.hasClock ? (time.zoned ? iso : iso.slice(0, -1)) : iso.slice(0, 10);
}

test.each([
  ['2011-01-05', '2011-01-05'],
  ['2011/1/5', '2011-01-05'],
  ['2011.01.05', '2011-01-05'],
  ['20110105', '2011-01-05'],
  ['2011年1月5日', '2011-01-05'],
  ['2011年1月5号 下午3:04', '2011-01-05T15:04:00.000'],
  ['5/1/2011', '2011-01-05'],
  ['05.01.11', '2011-01-05'],
  ['5-Jan-2011', '2011-01-05'],
  ['January 5, 2011', '2011-01-05'],
  ['5 Sept 1999', '1999-09-05'],
  ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000'],
  ['2010-12-01T08:26', '2010-12-01T08:26:00.000'],
  ['2010-12-01 8:26:01.250', '2010-12-01T08:26:01.250'],
  ['12/1/2010 8:26 PM', '2010-01-12T20:26:00.000'],
  ['1/12/2010 12:05 am', '2010-12-01T00:05:00.000'],
  ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26:00+08:00', '2010-12-01T00:26:00.000Z'],
  ['2010-12-01 00:00:00-0330', '2010-12-01T03:30:00.000Z'],
  ['2000-02-29', '2000-02-29'],
])('reads %s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

test('reads the month first where the file does', () => {
  expect(read('5/1/2011', 'month-day')).toBe('2011-05-01');
});

test.each([
  '2011-02-29',
  '2011-13-01',
  '31/4/2011',
  '20111301',
  '1.2.3',
  '10.0.0.1',
  '12:30',
  '2010-12',
  'Mayday 5, 2011',
  '2010-12-01 25:00',
  '2010-12-01 x',
])('takes %s for no date', (text) => {
  expect(read(text)).toBeUndefined();
});

test('counts days as the calendar does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -600_000, max: 2_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      expect(daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(days);
    }),
  );
});
