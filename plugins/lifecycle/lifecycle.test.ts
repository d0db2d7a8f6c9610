import {
  type CellValue,
  dateColumn,
  type JsonObject,
  numberColumn,
  type PluginManifest,
  renderText,
  stringColumn,
} from '@patron/sdk';
import { recordsOf, rowsOf, runAnalysis } from '@patron/sdk/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import english from './locales/en-US.json' with { type: 'json' };
import chinese from './locales/zh-CN.json' with { type: 'json' };
import manifest from './plugin.json' with { type: 'json' };

const lifecycle = { manifest: manifest as unknown as PluginManifest, code: plugin };

type Event = readonly [customer: string, day: string, event?: string, amount?: number];

const fieldsOf = (rows: readonly Event[]) => ({
  customer: stringColumn(rows.map((row) => row[0])),
  time: dateColumn(rows.map((row) => Date.parse(row[1]) / 86_400_000)),
});

const flow = (rows: readonly Event[], parameters: JsonObject = {}) =>
  runAnalysis(lifecycle, 'lifecycle.flow', { inputs: { events: { fields: fieldsOf(rows) } }, parameters });

/** a: January, February, April. b: February. c: January, April. The data ends on 30 April. */
const visits: Event[] = [
  ['a', '2024-01-01'],
  ['c', '2024-01-31'],
  ['a', '2024-02-10'],
  ['b', '2024-02-11'],
  ['a', '2024-02-12'],
  ['a', '2024-04-01'],
  ['c', '2024-04-30'],
];

describe('lifecycle.flow', () => {
  test('sorts customers into new, returning, resurrected and dormant', async () => {
    const result = await flow(visits);
    const columns = ['period', 'new', 'returning', 'resurrected', 'dormant', 'active', 'net', 'pulse', 'complete'];
    expect(recordsOf(result.tables.flow).map((line) => columns.map((name) => line[name]))).toEqual([
      ['2024-01', 2, 0, 0, 0, 2, 2, null, true],
      ['2024-02', 1, 1, 0, 1, 2, 0, 1, true],
      ['2024-03', 0, 0, 0, 2, 0, -2, 0, true],
      ['2024-04', 0, 0, 2, 0, 2, 2, null, true],
    ]);
    expect(rowsOf(result.tables.dormant)).toEqual([
      ['2024-02', 1, 1, 0, 0, 1],
      ['2024-03', 2, 1, 1, 0, 0.5],
      ['2024-04', 0, 0, 0, 0, null],
    ]);
    expect(renderText(result.headline ?? '', english, 'en-US')).toBe(
      '2024-04: 0 new, 0 returning and 2 resurrected customers; 0 went dormant.',
    );
  });

  test('speaks of the last complete period', async () => {
    const result = await flow(visits.slice(0, -1));
    expect(result.metrics.active).toMatchObject({ value: 0, title: { args: { period: '2024-03' } } });
    expect(recordsOf(result.tables.flow).at(-1)?.complete).toBe(false);
  });

  test('balances: active is active before plus new and resurrected less dormant', async () => {
    const events = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 200 }))
        .map(([customer, day]): Event => [customer, new Date((19_700 + day) * 86_400_000).toISOString().slice(0, 10)]),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom('day', 'week', 'month'), async (rows, period) => {
        const result = await flow(rows, { period });
        let before = 0;
        let ever = 0;
        for (const line of recordsOf(result.tables.flow) as Record<string, number>[]) {
          expect(line.active).toBe(before + line.net);
          expect(line.active).toBe(line.new + line.returning + line.resurrected);
          expect(line.returning + line.dormant).toBe(before);
          before = line.active;
          ever += line.new;
        }
        expect(ever).toBe(new Set(rows.map((row) => row[0])).size);
      }),
      { numRuns: 50 },
    );
  });

  test('reads transactions as well, and refuses nothing at all', async () => {
    const result = await runAnalysis(lifecycle, 'lifecycle.flow', {
      inputs: { transactions: { fields: fieldsOf(visits) } },
    });
    expect(result.metrics.customers.value).toBe(3);
    await expect(runAnalysis(lifecycle, 'lifecycle.flow', { inputs: {} })).rejects.toThrow(
      "'events' or 'transactions'",
    );
    await expect(flow([])).rejects.toThrow("No row is left in 'events'");
  });
});

describe('lifecycle.stages', () => {
  const stages = (rows: readonly Event[], parameters: JsonObject = {}, extra: ('event' | 'amount')[] = []) =>
    runAnalysis(lifecycle, 'lifecycle.stages', {
      inputs: {
        events: {
          fields: {
            ...fieldsOf(rows),
            ...(extra.includes('event') && { event: stringColumn(rows.map((row) => row[2] ?? 'visit')) }),
            ...(extra.includes('amount') && { amount: numberColumn(rows.map((row) => row[3] ?? 0)) }),
          },
        },
      },
      parameters,
    });

  /** One who registered, one who looks around, one who bought once, one who keeps buying, one who used to. */
  const journey: Event[] = [
    ['acquired', '2024-05-01', 'register'],
    ['nurtured', '2024-03-01', 'register'],
    ['nurtured', '2024-03-11', 'visit'],
    ['converted', '2024-03-01', 'register'],
    ['converted', '2024-03-21', 'order', 50],
    ['retained', '2024-04-10', 'order', 10.5],
    ['retained', '2024-03-01', 'order', 20],
    ['retained', '2024-05-10', 'visit'],
    ['lapsed', '2024-01-01', 'order', 5],
    ['lapsed', '2024-01-11', 'order', 5],
  ];

  test('puts every customer into one stage, says why and since when', async () => {
    const result = await stages(journey, { asOf: '2024-06-01' }, ['event', 'amount']);
    const lines = recordsOf(result.tables.customers);
    const columns = ['customer', 'stage', 'evidence', 'since', 'highestStage', 'movedBack', 'purchases', 'amount'];
    expect(lines.map((line) => columns.map((name) => line[name]))).toEqual([
      ['acquired', 'acquire', 'acquire', '2024-05-01', 'acquire', false, 0, 0],
      ['nurtured', 'nurture', 'nurture', '2024-03-11', 'nurture', false, 0, 0],
      ['converted', 'convert', 'convert', '2024-03-21', 'convert', false, 1, 50],
      ['retained', 'retain', 'retain', '2024-04-10', 'retain', false, 2, 30.5],
      // The last order was on 11 January; 90 days of grace end on 10 April, so the stage before holds since the 11th.
      ['lapsed', 'convert', 'convert', '2024-04-11', 'retain', true, 2, 10],
    ]);
    expect(lines[4].daysInStage).toBe(51);
    expect(lines[4].retainOn).toBe('2024-01-11');
    expect(lines[0].convertOn).toBeNull();
    const evidence = result.tables.customers.columns.find(({ name }) => name === 'evidence')?.labels?.retain;
    expect(renderText(evidence ?? '', english, 'en-US')).toBe(
      'purchases on 2 or more days, and last seen at most 90 days ago',
    );
    expect(renderText(evidence ?? '', chinese, 'zh-CN')).toBe('至少 2 天有购买，且最近一次至多 90 天前');
  });

  test('measures conversion from stage to stage and the days it takes', async () => {
    const result = await stages(journey, { asOf: '2024-06-01' }, ['event', 'amount']);
    const columns = ['stage', 'customers', 'reached', 'conversion', 'medianDaysToReach'];
    expect(recordsOf(result.tables.stages).map((line) => columns.map((name) => line[name]))).toEqual([
      ['acquire', 1, 5, null, null],
      // nurtured after 10 days, converted 20, retained 40, lapsed 10
      ['nurture', 1, 4, 0.8, 15],
      // converted, retained and lapsed had their first order when or before they came a second time
      ['convert', 2, 3, 0.75, 0],
      ['retain', 1, 2, 2 / 3, 25],
    ]);
    expect(result.metrics.movedBack).toMatchObject({ value: 0.2, n: 5, smallSample: true });
  });

  test('rows from the as-of date on do not count', async () => {
    const result = await stages(journey, { asOf: '2024-04-01' }, ['event', 'amount']);
    expect(result.metrics.customers.value).toBe(4);
    expect(result.leftOut?.[0].count).toBe(3);
    const retained = recordsOf(result.tables.customers).find((line) => line.customer === 'retained');
    expect([retained?.stage, retained?.purchases]).toEqual(['convert', 1]);
  });

  test('settles rules for tables of purchases alone', async () => {
    const result = await runAnalysis(lifecycle, 'lifecycle.stages', {
      inputs: {
        transactions: {
          fields: fieldsOf([
            ['once', '2024-01-01'],
            ['late', '2024-03-20'],
            ['twice', '2024-01-01'],
            ['twice', '2024-02-01'],
            ['often', '2024-01-01'],
            ['often', '2024-02-01'],
            ['often', '2024-03-30'],
          ]),
        },
      },
    });
    expect(result.settled).toMatchObject({ asOf: '2024-03-31' });
    expect(recordsOf(result.tables.customers).map((line) => [line.customer, line.stage, line.since])).toEqual([
      ['once', 'nurture', '2024-01-31'],
      ['late', 'acquire', '2024-03-20'],
      ['twice', 'convert', '2024-02-01'],
      ['often', 'retain', '2024-03-30'],
    ]);
  });

  test('takes own stages that name events', async () => {
    const rules: JsonObject[] = [
      { stage: 'signed up', when: [{ measure: 'events', events: ['register'], atLeast: 1 }] },
      { stage: 'active', name: 'Active', when: [{ measure: 'daysSinceLast', atMost: 30 }] },
    ];
    const result = await stages(journey, { asOf: '2024-06-01', rules }, ['event']);
    expect(recordsOf(result.tables.customers).map((line) => [line.customer, line.stage])).toEqual([
      ['acquired', 'signed up'],
      ['nurtured', 'signed up'],
      ['converted', 'signed up'],
      ['retained', 'active'],
      ['lapsed', 'none'],
    ]);
  });

  test('points at what is wrong with a rule', async () => {
    const run = (rules: JsonObject[] | string, extra: ('event' | 'amount')[] = ['event']) =>
      stages(journey, { rules: rules as never }, extra);
    await expect(run('x')).rejects.toThrow("'rules' must be a list of stages");
    await expect(run([{ when: [] }])).rejects.toThrow("Rule 1 needs a text 'stage'");
    await expect(run([{ stage: 'a', when: [{ measure: 'mood', atLeast: 1 }] }])).rejects.toThrow(
      "condition of stage 'a'",
    );
    await expect(run([{ stage: 'a' }, { stage: 'a' }])).rejects.toThrow("Stage 'a' stands twice");
    const named = [{ stage: 'a', when: [{ measure: 'events', events: ['fly'], atLeast: 1 }] }];
    await expect(run(named)).rejects.toThrow("No row has the event 'fly'");
    await expect(run(named, [])).rejects.toThrow('no event column is mapped');
    await expect(stages(journey, { asOf: '2020-01-01' })).rejects.toThrow("earlier than the as-of date '2020-01-01'");
  });
});

test('the catalogues have the same keys and arguments in both languages', () => {
  const shape = (catalogue: Record<string, string>): CellValue[] =>
    Object.entries(catalogue).map(([key, text]) => `${key} ${(text.match(/\{[A-Za-z]+\}/g) ?? []).sort().join(' ')}`);
  expect(shape(chinese)).toEqual(shape(english));
});
