import { type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };

/** Customers entered by day, over events as [customer, event, UTC time]. */
async function enteredByDay(
  rows: readonly (readonly [string, string, string])[],
  { zoned, timeZone, window = '1d' }: { zoned: boolean; timeZone: string; window?: string },
): Promise<[unknown, unknown, unknown][]> {
  const { tables } = await runAnalysis(funnel, 'funnel.trend', {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(([customer]) => customer)),
          time: timestampColumn(
            rows.map(([, , time]) => Date.parse(time)),
            zoned,
          ),
          event: stringColumn(rows.map(([, event]) => event)),
        },
      },
    },
    parameters: { steps: ['A', 'B'], period: 'day', window },
    timeZone,
  });
  return recordsOf(tables.trend).map(({ period, entered, step2 }) => [period, entered, step2]);
}

describe('the days of a trend', () => {
  const rows = [
    // 20:00 UTC is 04:00 of the next day in Shanghai.
    ['u', 'A', '2024-03-01T20:00Z'],
    ['u', 'B', '2024-03-01T21:00Z'],
    ['v', 'A', '2024-03-02T01:00Z'],
  ] as const;

  test('are cut in the time zone of the workbook where times are instants', async () => {
    expect(await enteredByDay(rows, { zoned: true, timeZone: 'Asia/Shanghai' })).toEqual([['2024-03-02', 2, 1]]);
    expect(await enteredByDay(rows, { zoned: true, timeZone: 'UTC' })).toEqual([
      ['2024-03-01', 1, 1],
      ['2024-03-02', 1, 0],
    ]);
  });

  test('are those of the clock on the wall where times have no zone', async () => {
    expect(await enteredByDay(rows, { zoned: false, timeZone: 'Asia/Shanghai' })).toEqual([
      ['2024-03-01', 1, 1],
      ['2024-03-02', 1, 0],
    ]);
  });

  test('may have 23 hours, while a window of a day always has 24', async () => {
    // In New York clocks go forward on 10 March 2024 at 02:00: from noon to noon are 23 hours.
    const forward = [
      ['u', 'A', '2024-03-09T17:00Z'],
      ['u', 'B', '2024-03-10T16:00Z'],
      ['v', 'A', '2024-03-10T03:30Z'],
      ['v', 'B', '2024-03-11T03:30Z'],
      ['w', 'A', '2024-03-10T04:30Z'],
      ['w', 'B', '2024-03-11T04:31Z'],
    ] as const;
    expect(await enteredByDay(forward, { zoned: true, timeZone: 'America/New_York' })).toEqual([
      ['2024-03-09', 3, 2],
      ['2024-03-10', 0, 0],
      ['2024-03-11', 0, 0],
    ]);
  });
});
