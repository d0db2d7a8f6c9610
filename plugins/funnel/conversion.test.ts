import {
  AnalysisError,
  type Column,
  type JsonObject,
  type PluginManifest,
  stringColumn,
  timestampColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };
const MINUTE = 60_000;

/** Events as [customer, event, minutes, properties]. */
type Row = readonly [string, string, number, Readonly<Record<string, string>>?];

function run(rows: readonly Row[], parameters: JsonObject, analysis = 'funnel.conversion', amounts?: Column) {
  const names = [...new Set(rows.flatMap(([, , , own = {}]) => Object.keys(own)))];
  return runAnalysis(funnel, analysis, {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(([customer]) => customer)),
          time: timestampColumn(rows.map(([, , minutes]) => minutes * MINUTE)),
          event: stringColumn(rows.map(([, event]) => event)),
          ...(amounts ? { amount: amounts } : {}),
        },
        properties: Object.fromEntries(
          names.map((name) => [name, stringColumn(rows.map(([, , , own = {}]) => own[name] ?? null))]),
        ),
      },
    },
    parameters,
  });
}

async function reached(rows: readonly Row[], parameters: JsonObject): Promise<unknown[]> {
  const result = await run(rows, { unknownEvents: 'zero', ...parameters });
  return recordsOf(result.tables.steps).map(({ customers }) => customers);
}

describe('the window', () => {
  // Mixpanel's worked scenario: A 1:00, A 1:30, B 1:45, C 2:15, window one hour.
  const scenario: Row[] = [
    ['u', 'A', 60],
    ['u', 'A', 90],
    ['u', 'B', 105],
    ['u', 'C', 135],
  ];

  test('starts at the first entry and is not reset by later ones where the entry is the first', async () => {
    expect(await reached(scenario, { steps: ['A', 'B', 'C'], window: '1h', entry: 'first' })).toEqual([1, 1, 0]);
  });

  test('may start at any entry where the entry is the best', async () => {
    expect(await reached(scenario, { steps: ['A', 'B', 'C'], window: '1h' })).toEqual([1, 1, 1]);
  });

  test('includes its end and nothing after it', async () => {
    const rows: Row[] = [
      ['in', 'A', 0],
      ['in', 'B', 5],
      ['out', 'A', 0],
      ['out', 'B', 5.001],
    ];
    expect(await reached(rows, { steps: ['A', 'B'], window: '5m' })).toEqual([2, 1]);
  });

  test('of none has no end', async () => {
    expect(
      await reached(
        [
          ['u', 'A', 0],
          ['u', 'B', 1e7],
        ],
        { steps: ['A', 'B'], window: 'none' },
      ),
    ).toEqual([1, 1]);
  });

  test('of one step runs from the step before', async () => {
    const rows: Row[] = [
      ['slow', 'A', 0],
      ['slow', 'B', 50],
      ['slow', 'C', 100],
      ['quick', 'A', 0],
      ['quick', 'B', 50],
      ['quick', 'C', 55],
    ];
    expect(await reached(rows, { steps: ['A', 'B', { event: 'C', window: '10m' }], window: '1d' })).toEqual([2, 2, 1]);
  });

  test('of one step takes a step again where its first event came too early for the next', async () => {
    const rows: Row[] = [
      ['u', 'A', 0],
      ['u', 'B', 1],
      ['u', 'B', 9],
      ['u', 'C', 10],
    ];
    expect(await reached(rows, { steps: ['A', 'B', { event: 'C', window: '2m' }] })).toEqual([1, 1, 1]);
  });

  test('that is no duration is refused by name', async () => {
    await expect(run([['u', 'A', 0]], { steps: ['A'], window: '2 fortnights' })).rejects.toThrow(
      /At window: .*'2 fortnights'/,
    );
  });
});

describe('steps', () => {
  test('that repeat an event need as many events', async () => {
    const rows: Row[] = [
      ['once', 'A', 0],
      ['twice', 'A', 0],
      ['twice', 'A', 1],
    ];
    expect(await reached(rows, { steps: ['A', 'A'] })).toEqual([2, 1]);
  });

  test('at one moment count in their most favourable order', async () => {
    expect(
      await reached(
        [
          ['u', 'B', 0],
          ['u', 'A', 0],
          ['u', 'C', 0],
        ],
        { steps: ['A', 'B', 'C'] },
      ),
    ).toEqual([1, 1, 1]);
  });

  test('may be filled by alternative events and be filtered by several conditions', async () => {
    const rows: Row[] = [
      ['u', 'web', 0, { plan: 'pro', size: '12' }],
      ['u', 'buy', 1, { plan: 'pro', size: '12' }],
      ['v', 'app', 0, { plan: 'pro', size: '3' }],
      ['v', 'buy', 1, { plan: 'free', size: '12' }],
    ];
    const bought = {
      event: 'buy',
      filters: [
        { property: 'plan', op: '^=', value: 'p' },
        { property: 'size', op: '>=', value: 10 },
      ],
    };
    expect(await reached(rows, { steps: [['web', 'app'], bought] })).toEqual([2, 1]);
    const small = { event: null, filters: [{ property: 'size', op: 'in', value: ['3', '4'] }] };
    expect(
      await reached(rows, {
        steps: [small, { event: 'buy', filters: [{ property: 'plan', op: '!=', value: 'pro' }] }],
      }),
    ).toEqual([1, 1]);
  });

  test('in any order keep the place of an anchored one', async () => {
    const rows: Row[] = [
      ['good', 'B', 0],
      ['good', 'A', 1],
      ['good', 'pay', 2],
      ['bad', 'A', 0],
      ['bad', 'pay', 1],
      ['bad', 'B', 2],
    ];
    const pay = { event: 'pay', anchored: true };
    expect(await reached(rows, { steps: ['A', 'B', pay], order: 'unordered' })).toEqual([2, 2, 1]);
    expect(await reached(rows, { steps: ['A', 'B', 'pay'], order: 'unordered' })).toEqual([2, 2, 2]);
  });

  test('can be fifty', async () => {
    const rows: Row[] = Array.from({ length: 50 }, (_, i) => ['u', `e${i}`, i]);
    const counts = await reached(rows, { steps: rows.map(([, event]) => event) });
    expect(counts).toEqual(new Array(50).fill(1));
    expect(await reached(rows, { steps: rows.map(([, event]) => event), order: 'unordered' })).toEqual(
      new Array(50).fill(1),
    );
  });

  test('that no event fills are named, with what looks like them', async () => {
    const failed = run(
      [
        ['u', 'purchase', 0],
        ['u', 'view', 0],
      ],
      { steps: ['view', 'purchse'] },
    );
    await expect(failed).rejects.toThrow(
      "At steps.1.event: no event 'purchse' occurs in the table. Did you mean 'purchase'?",
    );
    await expect(failed).rejects.toThrow(AnalysisError);
  });

  test('that are none are refused', async () => {
    await expect(run([['u', 'A', 0]], { steps: [] })).rejects.toThrow(/At steps: a funnel needs at least one step/);
    await expect(run([['u', 'A', 0]], { steps: ['A', 7.5, { filters: [] }] })).rejects.toThrow(/At steps.2.event/);
    await expect(
      run([['u', 'A', 0]], { steps: [{ event: 'A', filters: [{ property: 'x', op: '~', value: 1 }] }] }),
    ).rejects.toThrow(/At steps.0.filters.0.op/);
  });
});

describe('hostile tables', () => {
  test('that are empty give a funnel of nobody', async () => {
    const result = await run([], { steps: ['A', 'B'] });
    expect(recordsOf(result.tables.steps).map(({ customers }) => customers)).toEqual([0, 0]);
    expect(result.metrics.conversion.value).toBeNull();
  });

  test('of one event give one customer at the first step', async () => {
    expect(await reached([['u', 'A', 0]], { steps: ['A', 'B'] })).toEqual([1, 0]);
  });

  test('with one timestamp for everything are still counted event by event', async () => {
    const rows: Row[] = Array.from({ length: 2000 }, (_, i) => [`u${i % 10}`, ['A', 'B', 'x'][i % 3], 0]);
    for (const order of ['ordered', 'strict', 'unordered'])
      expect(await reached(rows, { steps: ['A', 'B', 'A'], order })).toEqual([10, 10, 10]);
  });
});

describe('one customer with a very long history', () => {
  const rows: Row[] = Array.from({ length: 60_000 }, (_, i) => ['u', ['A', 'B', 'x'][i % 3], i]);

  test('is counted in time with its length, not its square', async () => {
    for (const order of ['ordered', 'strict', 'unordered'])
      for (const steps of [
        ['A', 'B', 'never'],
        ['A', null, 'never'],
        [['A', 'B'], 'A', 'never', null],
      ])
        expect((await reached(rows, { steps, order, window: 'none', exclusions: [] }))[0]).toBe(1);
  });
});

describe('exclusions', () => {
  const rows: Row[] = [
    ['clean', 'A', 0],
    ['clean', 'B', 2],
    ['hit', 'A', 0],
    ['hit', 'x', 1],
    ['hit', 'B', 2],
    ['late', 'A', 0],
    ['late', 'B', 2],
    ['late', 'x', 3],
  ];

  test('put a customer out of the funnel, first step included', async () => {
    expect(await reached(rows, { steps: ['A', 'B'], exclusions: ['x'] })).toEqual([2, 2]);
  });

  test('stop a customer at the step reached where the rule says so', async () => {
    expect(await reached(rows, { steps: ['A', 'B'], exclusions: ['x'], exclusionRule: 'stop' })).toEqual([3, 2]);
  });

  test('are refused where they do not lie between two steps', async () => {
    const wrong = { event: 'x', from: 2, to: 2 };
    await expect(run(rows, { steps: ['A', 'B'], exclusions: [wrong] })).rejects.toThrow(
      /At exclusions.0: .* got from 2 to 2/,
    );
  });
});

describe('counting', () => {
  test('by session cuts at inactivity', async () => {
    const rows: Row[] = [
      ['u', 'A', 0],
      ['u', 'x', 20],
      ['u', 'B', 40],
      ['u', 'A', 200],
      ['u', 'B', 300],
    ];
    expect(await reached(rows, { steps: ['A', 'B'], countBy: 'session', sessionGap: '30m' })).toEqual([2, 1]);
  });

  test('by occurrence counts each try that overlaps no earlier one', async () => {
    const rows: Row[] = [
      ['u', 'A', 0],
      ['u', 'A', 1],
      ['u', 'B', 2],
      ['u', 'A', 10],
      ['u', 'B', 11],
      ['u', 'A', 20],
    ];
    expect(await reached(rows, { steps: ['A', 'B'], countBy: 'occurrence' })).toEqual([3, 2]);
  });

  test('holds a property constant over the steps', async () => {
    const rows: Row[] = [
      ['same', 'A', 0, { item: 'p' }],
      ['same', 'A', 1, { item: 'q' }],
      ['same', 'B', 2, { item: 'q' }],
      ['other', 'A', 0, { item: 'p' }],
      ['other', 'B', 1, { item: 'q' }],
      ['none', 'A', 0],
      ['none', 'B', 1],
    ];
    expect(await reached(rows, { steps: ['A', 'B'], hold: ['item'] })).toEqual([2, 1]);
  });

  test('with a property held constant counts a customer once for each value broken down by', async () => {
    const rows: Row[] = [
      ['u', 'A', 0, { item: 'p', web: 'x' }],
      ['u', 'A', 1, { item: 'q', web: 'x' }],
      ['u', 'B', 2, { item: 'q', web: 'x' }],
      ['u', 'A', 3, { item: 'q', web: 'y' }],
    ];
    const result = await run(rows, {
      steps: ['A', 'B'],
      hold: ['item'],
      breakdown: ['web'],
      attribution: 'all-events',
    });
    expect(recordsOf(result.tables.breakdown).map(({ value, customers }) => [value, customers])).toEqual([
      ['x', 1],
      ['x', 1],
      ['y', 1],
      ['y', 0],
    ]);
  });

  test('of an open funnel lets customers in at any step', async () => {
    const rows: Row[] = [
      ['u', 'A', 0],
      ['u', 'B', 1],
      ['v', 'B', 0],
      ['v', 'C', 1],
      ['w', 'C', 0],
    ];
    const result = await run(rows, { steps: ['A', 'B', 'C'], open: true });
    expect(
      recordsOf(result.tables.steps).map(({ customers, continued, enteredHere }) => [
        customers,
        continued,
        enteredHere,
      ]),
    ).toEqual([
      [1, null, 1],
      [2, 1, 1],
      [2, 1, 1],
    ]);
    expect(result.metrics.conversion.value).toBe(0);
  });

  test('of first times takes the first event ever, or the first that passes', async () => {
    const rows: Row[] = [
      ['u', 'A', 0, { plan: 'free' }],
      ['u', 'A', 1, { plan: 'pro' }],
      ['u', 'B', 2],
    ];
    const filters = [{ property: 'plan', op: '=', value: 'pro' }];
    expect(await reached(rows, { steps: [{ event: 'A', filters, firstTime: 'event' }, 'B'] })).toEqual([0, 0]);
    expect(await reached(rows, { steps: [{ event: 'A', filters, firstTime: 'match' }, 'B'] })).toEqual([1, 1]);
  });
});

describe('the figures', () => {
  const rows: Row[] = Array.from({ length: 40 }, (_, i): Row[] => [
    [`u${i}`, 'A', 0, { channel: i < 20 ? 'ad' : 'shop' }],
    ...(i < 10 || i >= 25 ? ([[`u${i}`, 'B', 10 + i]] as Row[]) : []),
  ]).flat();

  test('have Wilson intervals at 95 %', async () => {
    const result = await run(rows, { steps: ['A', 'B'] });
    // 25 of 40: (0.470324, 0.757770) by Wilson's formula with z = 1.959964.
    const { value, interval, n } = result.metrics.conversion;
    expect([value, n]).toEqual([0.625, 40]);
    expect(interval?.[0]).toBeCloseTo(0.470324, 6);
    expect(interval?.[1]).toBeCloseTo(0.75777, 6);
  });

  test('by value are corrected for many comparisons and labelled where the sample is small', async () => {
    const result = await run(rows, { steps: ['A', 'B'], breakdown: ['channel'] });
    const tests = recordsOf(result.tables.breakdownTests);
    expect(tests.map(({ value, entered, converted }) => [value, entered, converted])).toEqual([
      ['ad', 20, 10],
      ['shop', 20, 15],
    ]);
    // Fisher's exact test of 10 of 20 against 15 of 20: p = 0.190793 by its definition.
    expect(Number(tests[0].p)).toBeCloseTo(0.190793, 6);
    expect(tests[0].verdict).toBe('small');
  });

  test('carry the revenue of each step', async () => {
    const bought: Row[] = [
      ['u', 'A', 0],
      ['u', 'B', 1],
      ['v', 'A', 0],
      ['v', 'B', 2],
    ];
    const amount: Column = { type: 'number', length: 4, values: Int32Array.of(0, 1050, 0, 250), scale: 100 };
    const result = await run(bought, { steps: ['A', 'B'] }, 'funnel.conversion', amount);
    expect(recordsOf(result.tables.steps)[1].amount).toBe(13);
    expect(recordsOf(result.tables.steps)[1].amountPerCustomer).toBe(6.5);
  });

  test('are told in one line', async () => {
    const result = await run(rows, { steps: ['A', 'B'] });
    expect(result.headline).toMatchObject({
      key: 'headline.conversionAndTime',
      args: { from: 'A', to: 'B', customers: 40 },
    });
  });
});
