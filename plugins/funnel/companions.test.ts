import { integerColumn, type JsonObject, type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, rowsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { adjustForMany, compareShares, fisherExact } from './comparison.ts';
import { plugin } from './index.ts';
import enUS from './locales/en-US.json' with { type: 'json' };
import zhCN from './locales/zh-CN.json' with { type: 'json' };
import manifest from './plugin.json' with { type: 'json' };
import { distributionOf } from './time-to-convert.ts';

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };
const DAY = 86_400_000;

type Row = readonly [string, string, number, Readonly<Record<string, string>>?];

/** Events as [customer, event, day, properties]. */
function run(analysis: string, rows: readonly Row[], parameters: JsonObject) {
  const names = [...new Set(rows.flatMap(([, , , own = {}]) => Object.keys(own)))];
  return runAnalysis(funnel, analysis, {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(([customer]) => customer)),
          time: timestampColumn(rows.map(([, , day]) => day * DAY)),
          event: stringColumn(rows.map(([, event]) => event)),
        },
        properties: Object.fromEntries(
          names.map((name) => [name, stringColumn(rows.map(([, , , own = {}]) => own[name] ?? null))]),
        ),
      },
    },
    parameters,
  });
}

describe('the funnel over time', () => {
  const rows: Row[] = [
    ['u', 'A', 0],
    ['u', 'B', 1],
    ['u', 'A', 7],
    ['v', 'A', 8],
    ['v', 'B', 9],
    ['w', 'x', 21],
  ];

  test('counts a customer in every period in which a try began', async () => {
    const result = await run('funnel.trend', rows, { steps: ['A', 'B'], window: '3d', period: 'week' });
    // 1970-01-01 is a Thursday, so its week begins on 1969-12-29.
    expect(rowsOf(result.tables.trend).map((row) => row.slice(0, 4))).toEqual([
      ['1969-12-29', 1, 1, 1],
      ['1970-01-05', 2, 1, 0.5],
      ['1970-01-12', 0, 0, null],
      ['1970-01-19', 0, 0, null],
    ]);
  });

  test('keeps the periods apart where a property is held constant', async () => {
    const held: Row[] = rows.map(([customer, event, day]) => [customer, event, day, { item: 'p' }]);
    const result = await run('funnel.trend', held, { steps: ['A', 'B'], window: '3d', period: 'week', hold: ['item'] });
    expect(recordsOf(result.tables.trend).map(({ entered }) => entered)).toEqual([1, 2, 0, 0]);
  });

  test('marks the periods whose window is not over', async () => {
    const result = await run('funnel.trend', rows, { steps: ['A', 'B'], window: '7d', period: 'week' });
    expect(recordsOf(result.tables.trend).map(({ complete }) => complete)).toEqual([true, true, false, false]);
    expect(result.metrics.incomplete.value).toBe(2);
  });
});

describe('the time to convert', () => {
  test('is told for any two steps', async () => {
    const rows: Row[] = [
      ['u', 'A', 0],
      ['u', 'B', 1],
      ['u', 'C', 3],
      ['v', 'A', 0],
      ['v', 'B', 3],
    ];
    const result = await run('funnel.time-to-convert', rows, { steps: ['A', 'B', 'C'], fromStep: 1, toStep: 2 });
    expect(result.metrics.meanSeconds.value).toBe(2 * 86_400);
    expect(
      recordsOf(result.tables.times).map(({ fromStep, toStep, customers, mean }) => [
        fromStep,
        toStep,
        customers,
        mean,
      ]),
    ).toEqual([
      ['A', 'B', 2, 172_800],
      ['A', 'C', 1, 259_200],
      ['B', 'C', 1, 172_800],
    ]);
  });

  test('has as many bins as the cube root of the customers where none are asked for', () => {
    // PostHog's published example: 3,600 s, 2,220 s and 82,800 s.
    const { edges, counts } = distributionOf(Float64Array.of(3600, 2220, 82_800), null);
    expect(edges.slice(0, 3)).toEqual([2220, 42_510, 82_800]);
    expect(counts).toEqual([2, 0, 1]);
  });

  test('of one value has bins of a minute', () => {
    expect(distributionOf(Float64Array.of(10_800), null)).toEqual({ edges: [10_800, 10_860, 10_920], counts: [1, 0] });
  });
});

describe('drivers and comparisons', () => {
  const rows: Row[] = Array.from({ length: 200 }, (_, i): Row[] => {
    const helped = i % 2 === 0;
    const converts = helped ? i % 10 !== 0 : i % 10 === 1;
    return [
      [`u${i}`, 'A', 0, { channel: i < 100 ? 'ad' : 'shop' }],
      ...(helped ? ([[`u${i}`, 'help', 1]] as Row[]) : []),
      ...(converts ? ([[`u${i}`, 'B', 2]] as Row[]) : []),
      [`u${i}`, 'late', 40],
    ];
  }).flat();

  test('name the event that goes with conversion, with its effect', async () => {
    const result = await run('funnel.drivers', rows, { steps: ['A', 'B'], properties: ['channel'], window: '14d' });
    const drivers = recordsOf(result.tables.drivers);
    // 100 customers were helped and 80 of them convert; of the other 100, 20 do.
    expect(drivers[0]).toMatchObject({
      name: 'help',
      customers: 100,
      conversionWith: 0.8,
      conversionWithout: 0.2,
      verdict: 'higher',
    });
    expect(Number(drivers[0].difference)).toBeCloseTo(0.6, 12);
    expect(Number(drivers[0].phi)).toBeCloseTo(0.6, 12);
    expect(drivers.map(({ name }) => name)).not.toContain('late');
    expect(drivers.filter(({ name }) => name === 'channel').every(({ verdict }) => verdict === 'same')).toBe(true);
  });

  test('compare two groups step by step', async () => {
    const result = await run('funnel.compare', rows, {
      steps: ['A', 'B'],
      groupBy: 'channel',
      groupA: 'shop',
      groupB: 'ad',
    });
    expect(result.metrics.conversionA).toMatchObject({ value: 0.5, n: 100 });
    expect(result.metrics.p.value).toBe(1);
    await expect(
      run('funnel.compare', rows, { steps: ['A', 'B'], groupBy: 'channel', groupA: 'mail' }),
    ).rejects.toThrow("At groupA: column 'channel' gives the groups 'ad', 'shop'");
  });

  test('use the exact test and say so where a sample is small', () => {
    // Fisher's tea: 3 of 4 against 1 of 4, p = 34/70.
    expect(fisherExact(3, 1, 1, 3)).toBeCloseTo(34 / 70, 12);
    expect(compareShares(3, 4, 1, 4)).toMatchObject({ test: 'fisher', enough: false });
    // Newcombe 1998, table II, case (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
    const { low, high } = compareShares(56, 70, 48, 80);
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  test('correct p values for many comparisons', () => {
    // Benjamini and Hochberg 1995, section 3.2: the first four of fifteen stay under 0.05.
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    const adjusted = adjustForMany(p);
    expect(adjusted.filter((value) => value <= 0.05)).toHaveLength(4);
    expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
  });
});

describe('paths and lists', () => {
  const rows: Row[] = [
    ['u', 'A', 0],
    ['u', 'x', 1],
    ['u', 'y', 2],
    ['v', 'A', 0],
    ['v', 'x', 1],
    ['w', 'A', 0],
    ['w', 'B', 1],
    ['w', 'y', 2],
  ];

  test('follow who dropped out', async () => {
    const result = await run('funnel.paths', rows, { steps: ['A', 'B'] });
    expect(rowsOf(result.tables.paths)).toEqual([
      [1, 'A', 'x', 2, 1],
      [2, 'x', 'y', 1, 0.5],
      [2, 'x', '(end)', 1, 0.5],
      [3, 'y', '(end)', 1, 0.5],
    ]);
  });

  test('list who dropped out where', async () => {
    const result = await run('funnel.customers', rows, { steps: ['A', 'B'], show: 'all' });
    expect(
      recordsOf(result.tables.customers).map(({ customer, step, outcome, seconds }) => [
        customer,
        step,
        outcome,
        seconds,
      ]),
    ).toEqual([
      ['u', 1, 'dropped', 0],
      ['v', 1, 'dropped', 0],
      ['w', 2, 'converted', 86_400],
    ]);
    expect(result.tables.customers.rowPer).toBe('customer');
  });
});

describe('stage counts', () => {
  const stages = (names: string[], counts: number[], parameters: JsonObject = {}, groups?: string[]) =>
    runAnalysis(funnel, 'funnel.stages', {
      inputs: {
        stages: {
          fields: {
            stage: stringColumn(names),
            count: integerColumn(counts),
            ...(groups ? { group: stringColumn(groups) } : {}),
          },
        },
      },
      parameters,
    });

  test('are a funnel of their own', async () => {
    const result = await stages(['关注', '口碑', '购买'], [1000, 300, 45]);
    expect(
      recordsOf(result.tables.steps).map(({ event, customers, fromPrevious, fromFirst }) => [
        event,
        customers,
        fromPrevious,
        fromFirst,
      ]),
    ).toEqual([
      ['关注', 1000, 1, 1],
      ['口碑', 300, 0.3, 0.3],
      ['购买', 45, 0.15, 0.045],
    ]);
    expect(result.headline).toMatchObject({ key: 'headline.conversion', args: { from: '关注', to: '口碑' } });
  });

  test('are added up by stage and told apart by group', async () => {
    const result = await stages(['a', 'b', 'a', 'b'], [10, 5, 30, 6], {}, ['x', 'x', 'y', 'y']);
    expect(recordsOf(result.tables.steps).map(({ customers }) => customers)).toEqual([40, 11]);
    expect(recordsOf(result.tables.breakdown).map(({ value, customers }) => [value, customers])).toEqual([
      ['x', 10],
      ['x', 5],
      ['y', 30],
      ['y', 6],
    ]);
  });

  test('that grow from one stage to the next are warned of', async () => {
    const result = await stages(['b', 'a'], [5, 10], { stages: ['b', 'a'] });
    expect(result.notes.filter(({ level }) => level === 'warning').map(({ text }) => text)).toContainEqual({
      key: 'note.growing',
      args: { stages: 'a' },
    });
    await expect(stages(['a'], [1], { stages: ['c'] })).rejects.toThrow("the table has no stage 'c'");
  });
});

describe('the catalogues', () => {
  test('have the same keys, and the same arguments in each text', () => {
    const argumentsOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const english: Record<string, string> = enUS;
    const chinese: Record<string, string> = zhCN;
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    for (const key of Object.keys(english)) expect(argumentsOf(chinese[key]), key).toEqual(argumentsOf(english[key]));
  });

  test('hold every text of the manifest', () => {
    const keys = [...JSON.stringify(manifest).matchAll(/%([\w.-]+)%/g)].map(([, key]) => key);
    expect(keys.filter((key) => !(key in enUS))).toEqual([]);
  });
});
