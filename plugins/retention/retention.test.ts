import {
  type CellValue,
  dateColumn,
  type JsonObject,
  numberColumn,
  type PluginManifest,
  renderText,
  stringColumn,
  timestampColumn,
} from '@patron/sdk';
import { recordsOf, rowsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { compareCohorts, holm } from './cohort-tests.ts';
import { plugin } from './index.ts';
import english from './locales/en-US.json' with { type: 'json' };
import chinese from './locales/zh-CN.json' with { type: 'json' };
import manifest from './plugin.json' with { type: 'json' };

const retention = { manifest: manifest as unknown as PluginManifest, code: plugin };

type Event = readonly [customer: string, day: string, event?: string, amount?: number];

const inputs = (rows: readonly Event[]) => ({
  events: {
    fields: {
      customer: stringColumn(rows.map((row) => row[0])),
      time: dateColumn(rows.map((row) => Date.parse(row[1]) / 86_400_000)),
      event: stringColumn(rows.map((row) => row[2] ?? 'order')),
      amount: numberColumn(rows.map((row) => row[3] ?? 1)),
    },
    properties: { channel: stringColumn(rows.map((row) => (row[0] === 'a' ? 'web' : 'shop'))) },
  },
});

const run = (rows: readonly Event[], parameters: JsonObject = {}, id = 'retention.cohorts') =>
  runAnalysis(retention, id, { inputs: inputs(rows), parameters });

/** a: January, February, April. b: January, March. c: February, March. The data ends on 10 April. */
const visits: Event[] = [
  ['a', '2024-01-03', 'register', 10],
  ['b', '2024-01-20', 'register', 20],
  ['a', '2024-02-05', 'order', 5],
  ['c', '2024-02-29', 'register', 40],
  ['b', '2024-03-01', 'order', 10],
  ['c', '2024-03-31', 'order', 20],
  ['a', '2024-04-10', 'order', 15],
];

describe('retention.cohorts', () => {
  test('counts who came back in each month after the first', async () => {
    const result = await run(visits);
    const columns = ['cohort', 'offset', 'customers', 'share', 'complete', 'revenue', 'revenueShare'];
    expect(recordsOf(result.tables.cohorts).map((line) => columns.map((name) => line[name]))).toEqual([
      ['2024-01', 0, 2, 1, true, 30, 1],
      ['2024-01', 1, 1, 0.5, true, 5, 5 / 30],
      ['2024-01', 2, 1, 0.5, true, 10, 10 / 30],
      ['2024-01', 3, 1, 0.5, false, 15, 0.5],
      ['2024-02', 0, 1, 1, true, 40, 1],
      ['2024-02', 1, 1, 1, true, 20, 0.5],
      ['2024-02', 2, 0, 0, false, 0, 0],
    ]);
    expect(result.metrics.retention).toMatchObject({ value: 2 / 3, n: 3, smallSample: true });
    const curve = recordsOf(result.tables.curve);
    expect(curve.map((line) => [line.offset, line.weightedMean, line.simpleMean])).toEqual([
      [0, 1, 1],
      [1, 2 / 3, 0.75],
      [2, 0.5, 0.5],
    ]);
    expect(result.settled).toMatchObject({ observedTo: '2024-04-10' });
  });

  test('marks cells complete up to the day that the data is said to be whole', async () => {
    const result = await run(visits, { observedTo: '2024-02-28' });
    const complete = recordsOf(result.tables.cohorts).filter((line) => line.complete);
    expect(complete.map((line) => [line.cohort, line.offset])).toEqual([['2024-01', 0]]);
  });

  test('counts on or after, within brackets, and against the period before', async () => {
    const shares = async (parameters: JsonObject) =>
      recordsOf((await run(visits, parameters)).tables.cohorts).map((line) => line.share);
    expect(await shares({ kind: 'on-or-after' })).toEqual([1, 1, 1, 0.5, 1, 1, 0]);
    expect(await shares({ kind: 'brackets', brackets: [[1, 2], [3, 4]] })).toEqual([1, 0.5, 1]); // biome-ignore format: pairs
    expect(await shares({ against: 'previous' })).toEqual([1, 0.5, 1, 1, 1, 1, 0]);
  });

  test('puts a customer into every cohort with a start where cohorts recur', async () => {
    const result = await run(visits, { cohort: 'recurring' });
    const first = recordsOf(result.tables.cohorts).filter((line) => line.offset === 1);
    // February: a and c, of whom c is back in March. March: b and c, of whom nobody is back in April.
    expect(first.map((line) => [line.cohort, line.size, line.customers])).toEqual([
      ['2024-01', 2, 1],
      ['2024-02', 2, 1],
      ['2024-03', 2, 0],
    ]);
  });

  test('counts 24-hour windows from the first start', async () => {
    const hours = (text: string): number => Date.parse(`2024-01-${text}Z`);
    const fields = {
      customer: stringColumn(['a', 'a', 'a', 'b', 'b']),
      time: timestampColumn(['01T20:00', '02T19:59', '03T20:00', '01T08:00', '02T08:00'].map(hours)),
    };
    const shares = async (windows: string) => {
      const result = await runAnalysis(retention, 'retention.cohorts', {
        inputs: { events: { fields } },
        parameters: { period: 'day', windows },
      });
      return recordsOf(result.tables.cohorts)
        .filter((line) => line.cohort === '2024-01-01')
        .map((line) => line.customers);
    };
    expect(await shares('calendar')).toEqual([2, 2, 1]);
    // a is back after 23:59 hours (window 0) and 48 hours (window 2); b after exactly 24 hours (window 1).
    expect(await shares('rolling')).toEqual([2, 1, 1]);
  });

  test('parts starts from returns by events and by columns', async () => {
    const registered = await run(visits, { startEvents: ['register'], returnEvents: ['order'] });
    expect(recordsOf(registered.tables.cohorts).map((line) => line.customers)).toEqual([0, 1, 1, 1, 0, 1, 0]);
    const onTheWeb = await run(visits, { startFilters: [{ property: 'channel', op: '=', value: 'web' }] });
    expect(onTheWeb.metrics.customers.value).toBe(1);
  });

  test('follows the money of each cohort', async () => {
    const result = await run(visits);
    expect(recordsOf(result.tables.cohorts).map((line) => line.revenuePerCustomer)).toEqual([
      15, 17.5, 22.5, 30, 40, 60, 60,
    ]);
  });

  test('lists the customers behind a cohort', async () => {
    const result = await run(visits);
    expect(rowsOf(result.tables.customers)).toEqual([
      ['a', '2024-01', '2024-01-03', '2024-04-10', 3, 3],
      ['b', '2024-01', '2024-01-20', '2024-03-01', 2, 2],
      ['c', '2024-02', '2024-02-29', '2024-03-31', 1, 2],
    ]);
    expect(result.tables.cohorts.rowsBehind).toEqual({ table: 'customers', column: 'cohort', by: 'cohort' });
    expect((await run(visits, { startEvents: ['register'] })).tables.customers).toBeUndefined();
  });

  test('breaks the curve down by the value at the first start', async () => {
    const result = await run(visits, { breakdown: 'channel' });
    const columns = ['value', 'offset', 'customers', 'base'];
    expect(recordsOf(result.tables.breakdown).map((line) => columns.map((name) => line[name]))).toEqual([
      ['shop', 0, 2, 2],
      ['shop', 1, 1, 2],
      ['shop', 2, 1, 1],
      ['web', 0, 1, 1],
      ['web', 1, 1, 1],
      ['web', 2, 0, 1],
    ]);
    await expect(run(visits, { breakdown: 'colour' })).rejects.toThrow("no column 'colour'");
  });

  test('points at what is wrong', async () => {
    await expect(run(visits, { startEvents: ['sign up'] })).rejects.toThrow("No row has the event 'sign up'");
    await expect(run(visits, { startEvents: 7 })).rejects.toThrow("'startEvents' must be a list of event names");
    await expect(run(visits, { returnFilters: [{ property: 'x' }] })).rejects.toThrow("'returnFilters' must be a list");
    await expect(run(visits, { startFilters: [{ property: 'x', op: '=', value: 1 }] })).rejects.toThrow(
      "no column 'x'",
    );
    await expect(run(visits, { kind: 'brackets', brackets: [[2, 1]] })).rejects.toThrow('pairs [from, to]');
    await expect(run(visits, { cohort: 'recurring', windows: 'rolling' })).rejects.toThrow("needs 'cohort' = 'first'");
    await expect(run([])).rejects.toThrow("No row is left in 'events'");
    const stray: Event[] = [...visits, ['z', '1900-01-01']];
    await expect(run(stray, { period: 'day' })).rejects.toThrow('choose a longer period, or leave stray times out');
  });

  test('cohorts of one day say that it is too early', async () => {
    const result = await run([['a', '2024-01-01']], { period: 'day' });
    expect(renderText(result.headline ?? '', english, 'en-US')).toBe(
      'Too little time has passed to see any of the 1 customers come back.',
    );
  });
});

describe('tests between cohorts', () => {
  test('equal those of R on its own example (Fleiss 1981, smokers in four studies)', () => {
    // R: prop.test(c(83, 90, 129, 70), c(86, 93, 136, 82)) and prop.trend.test of the same
    const smokers = compareCohorts([
      { customers: 83, size: 86 },
      { customers: 90, size: 93 },
      { customers: 129, size: 136 },
      { customers: 70, size: 82 },
    ]);
    expect(smokers?.chiSquare).toBeCloseTo(12.6, 2);
    expect(smokers?.degrees).toBe(3);
    expect(smokers?.p).toBeCloseTo(0.005585, 6);
    expect((smokers?.trendZ ?? 0) ** 2).toBeCloseTo(8.2249, 4);
    expect(smokers?.trendP).toBeCloseTo(0.004132, 6);
    expect(compareCohorts([{ customers: 1, size: 2 }])).toBeUndefined();
  });

  test('two cohorts give one statistic both ways', () => {
    const test = compareCohorts([
      { customers: 30, size: 100 },
      { customers: 45, size: 100 },
    ]);
    // (0.45 − 0.30)² / (0.375 · 0.625 · 2 / 100) = 4.8
    expect(test?.chiSquare).toBeCloseTo(4.8, 10);
    expect((test?.trendZ ?? 0) ** 2).toBeCloseTo(4.8, 10);
    expect(test?.p).toBeCloseTo(test?.trendP ?? 0, 10);
  });

  test('Holm corrects as in R', () => {
    // R: p.adjust(c(0.01, 0.04, 0.03), "holm")
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  });
});

describe('retention.interval', () => {
  test('proposes the window that covers the intervals, and shows what others would mean', async () => {
    // Intervals of 1 (nine times) and 20 days; c never came back.
    const days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30].map((day) => `2024-01-${String(day).padStart(2, '0')}`);
    const rows: Event[] = [...days.map((day): Event => ['a', day]), ['a', days[0]], ['c', '2024-01-05']];
    const result = await run(rows, {}, 'retention.interval');
    expect(result.metrics.churnWindow.value).toBe(1);
    expect((await run(rows, { coverage: 0.95 }, 'retention.interval')).metrics.churnWindow.value).toBe(20);
    const windows = recordsOf(result.tables.windows);
    expect(windows.map((line) => [line.window, line.covered, line.churned, line.silences, line.cameBack])).toEqual([
      [1, 0.9, 1, 2, 1],
      [7, 0.9, 1, 2, 1],
      [14, 0.9, 1, 2, 1],
    ]);
    expect(result.metrics.repeaters).toMatchObject({ value: 0.5, n: 2 });
    expect(result.metrics.medianInterval.value).toBeCloseTo(2.9, 10);
    await expect(run([['a', '2024-01-01']], {}, 'retention.interval')).rejects.toThrow('active on two days');
  });
});

describe('retention.stickiness', () => {
  test('counts active days within months, and runs of them', async () => {
    const rows: Event[] = [
      ['a', '2024-02-01'],
      ['a', '2024-02-02'],
      ['a', '2024-02-02'],
      ['a', '2024-02-29'],
      ['a', '2024-03-01'],
      ['b', '2024-02-10'],
      ['b', '2024-03-02'],
      ['a', '2024-03-02'],
    ];
    const result = await run(rows, {}, 'retention.stickiness');
    expect(rowsOf(result.tables.spans)).toEqual([
      ['2024-02', 2, 2, 4 / 29 / 2, true],
      ['2024-03', 2, 1.5, 3 / 2 / 2, false],
    ]);
    expect(result.metrics.stickiness.value).toBeCloseTo(4 / 29 / 2, 12);
    expect(rowsOf(result.tables.stickiness)).toEqual([
      ['2024-02', 1, 1, 0.5],
      ['2024-02', 2, 0, 0],
      ['2024-02', 3, 1, 0.5],
      ['2024-03', 1, 1, 0.5],
      ['2024-03', 2, 1, 0.5],
    ]);
    // a was active on 29 February, 1 and 2 March in a row.
    expect(rowsOf(result.tables.streaks)).toEqual([
      [0, 0, 0],
      [1, 1, 1],
      [2, 0, 0],
      [3, 1, 1],
    ]);
    const wrong = { period: 'month', within: 'week' };
    await expect(run(rows, wrong, 'retention.stickiness')).rejects.toThrow('does not fit');
  });
});

test('the catalogues have the same keys and arguments in both languages', () => {
  const shape = (catalogue: Record<string, string>): CellValue[] =>
    Object.entries(catalogue).map(([key, text]) => `${key} ${(text.match(/\{[A-Za-z]+\}/g) ?? []).sort().join(' ')}`);
  expect(shape(chinese)).toEqual(shape(english));
});
