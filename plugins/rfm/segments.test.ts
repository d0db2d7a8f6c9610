import {
  type CellValue,
  dateColumn,
  integerColumn,
  type JsonObject,
  numberColumn,
  type PluginManifest,
  renderText,
  stringColumn,
  timestampColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import english from './locales/en-US.json' with { type: 'json' };
import chinese from './locales/zh-CN.json' with { type: 'json' };
import manifest from './plugin.json' with { type: 'json' };

const rfm = { manifest: manifest as unknown as PluginManifest, code: plugin };
const dayOf = (text: string): number => Date.parse(text) / 86_400_000;

interface Purchase {
  customer: string;
  day: string;
  amount: number;
  order?: string;
}

const transactions = (rows: readonly Purchase[], withOrders = false) => ({
  transactions: {
    fields: {
      customer: stringColumn(rows.map((row) => row.customer)),
      time: dateColumn(rows.map((row) => dayOf(row.day))),
      amount: numberColumn(rows.map((row) => row.amount)),
      ...(withOrders && { order: stringColumn(rows.map((row) => row.order ?? '')) }),
    },
  },
});

/** Ten customers: customer k last bought k days before 2024-01-11, k times on different days, for 10 · k in all. */
const ladder: Purchase[] = Array.from({ length: 10 }, (_, i) => i + 1).flatMap((k) =>
  Array.from({ length: k }, (_, n) => ({
    customer: `c${String(k).padStart(2, '0')}`,
    day: new Date((dayOf('2024-01-11') - k - n) * 86_400_000).toISOString().slice(0, 10),
    amount: 10,
  })),
);

const customersOf = async (rows: readonly Purchase[], parameters = {}, withOrders = false) => {
  const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(rows, withOrders), parameters });
  return Object.fromEntries(recordsOf(result.tables.customers).map((line) => [line.customer as string, line]));
};

describe('rfm.segments', () => {
  test('scores two customers into each fifth, the best high', async () => {
    const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(ladder) });
    expect(result.settled?.asOf).toBe('2024-01-11');
    expect(result.metrics).toMatchObject({ customers: { value: 10 }, orders: { value: 55 }, revenue: { value: 550 } });
    const lines = recordsOf(result.tables.customers);
    expect(lines.map(({ recency, frequency, monetary, r, f, m }) => [recency, frequency, monetary, r, f, m])).toEqual(
      Array.from({ length: 10 }, (_, i) => {
        const fifth = Math.floor(i / 2) + 1;
        return [i + 1, i + 1, 10 * (i + 1), 6 - fifth, fifth, fifth];
      }),
    );
    expect(lines.map((line) => line.segment)).toEqual([
      'new_customers',
      'new_customers',
      'potential_loyalists',
      'potential_loyalists',
      'need_attention',
      'need_attention',
      'at_risk',
      'at_risk',
      'cant_loose',
      'cant_loose',
    ]);
  });

  test('counts different orders where they are mapped, else different days, or rows', async () => {
    const rows = [
      { customer: 'a', day: '2024-01-01', amount: 1, order: 'x' },
      { customer: 'a', day: '2024-01-01', amount: 1, order: 'y' },
      { customer: 'a', day: '2024-01-02', amount: 1, order: 'y' },
      { customer: 'a', day: '2024-01-03', amount: 1, order: 'y' },
      { customer: 'b', day: '2024-01-03', amount: 1, order: 'z' },
    ];
    expect((await customersOf(rows, {}, true)).a.frequency).toBe(2);
    expect((await customersOf(rows)).a.frequency).toBe(3);
    expect((await customersOf(rows, { frequencyOf: 'transactions' })).a.frequency).toBe(4);
  });

  test('ranks equal frequencies by identifier, whatever the order of the rows', async () => {
    const rows = ['20', '100', '3', '7', '51'].map((customer) => ({ customer, day: '2024-01-01', amount: 5 }));
    const scores = async (given: Purchase[]) =>
      Object.entries(await customersOf(given)).map(([customer, line]) => [customer, line.f]);
    const expected = [
      ['3', 1],
      ['7', 2],
      ['20', 3],
      ['51', 4],
      ['100', 5],
    ];
    expect((await scores(rows)).sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(expected);
    expect((await scores(rows.toReversed())).sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(expected);
    const average = await customersOf(rows, { frequencyTies: 'average' });
    expect(new Set(Object.values(average).map((line) => line.f)).size).toBe(1);
  });

  test('counts whole days elapsed to midnight of the as-of date, and leaves later purchases out', async () => {
    const time = ['2011-12-09T12:50:00Z', '2011-12-08T23:59:00Z', '2011-12-11T12:50:00Z'].map(Date.parse);
    const fields = {
      customer: stringColumn(['a', 'b', 'a']),
      time: timestampColumn(time),
      amount: numberColumn([1, 2, 4]),
    };
    const run = (parameters: Record<string, string>) =>
      runAnalysis(rfm, 'rfm.segments', { inputs: { transactions: { fields } }, parameters });
    const result = await run({ asOf: '2011-12-11' });
    expect(recordsOf(result.tables.customers).map((line) => [line.recency, line.monetary])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(result.leftOut?.[0].count).toBe(1);
    const exact = await run({ asOf: '2011-12-10', snapshot: 'last-time' });
    expect(recordsOf(exact.tables.customers).map((line) => line.recency)).toEqual([1, 1]);
    expect((await run({})).settled?.asOf).toBe('2011-12-12');
    expect((await run({ snapshot: 'last-time' })).settled?.asOf).toBe('2011-12-12');
    await expect(run({ asOf: '2011-12-01' })).rejects.toThrow("earlier than the as-of date '2011-12-01'");
    await expect(run({ asOf: 'yesterday' })).rejects.toThrow("'asOf' is 'yesterday'");
  });

  test('cuts the days of instants in the time zone of the workbook', async () => {
    const fields = {
      customer: stringColumn(['a', 'a', 'b']),
      // In Shanghai 2 January 00:30 and 2 January 08:30, in UTC two different days.
      time: timestampColumn(
        ['2024-01-01T16:30:00Z', '2024-01-02T00:30:00Z', '2024-01-02T00:30:00Z'].map(Date.parse),
        true,
      ),
      amount: numberColumn([1, 1, 1]),
    };
    const run = async (timeZone: string) => {
      const result = await runAnalysis(rfm, 'rfm.segments', { inputs: { transactions: { fields } }, timeZone });
      const { recency, frequency } = recordsOf(result.tables.customers)[0];
      return [result.settled?.asOf, recency, frequency];
    };
    expect(await run('Asia/Shanghai')).toEqual(['2024-01-03', 0, 1]);
    expect(await run('UTC')).toEqual(['2024-01-03', 0, 2]);
  });

  test('adds money exactly and says how many rows are refunds', async () => {
    const rows = [0.1, 0.2, -0.05].map((amount, i) => ({ customer: 'a', day: `2024-01-0${i + 1}`, amount }));
    const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(rows) });
    expect(result.metrics.revenue.value).toBe(0.25);
    expect(result.notes.some((note) => typeof note.text !== 'string' && note.text.key === 'note.notPositive')).toBe(
      true,
    );
  });

  test('names the eight types by the mean, the threshold itself being high', async () => {
    const rows = [
      { customer: 'hhh', recency: 1, frequency: 9, monetary: 900 },
      { customer: 'hlh', recency: 1, frequency: 1, monetary: 900 },
      { customer: 'lhh', recency: 9, frequency: 9, monetary: 900 },
      { customer: 'llh', recency: 9, frequency: 1, monetary: 900 },
      { customer: 'hhl', recency: 1, frequency: 9, monetary: 100 },
      { customer: 'hll', recency: 1, frequency: 1, monetary: 100 },
      { customer: 'lhl', recency: 9, frequency: 9, monetary: 100 },
      { customer: 'lll', recency: 9, frequency: 1, monetary: 100 },
      { customer: 'mean', recency: 5, frequency: 5, monetary: 500 },
    ];
    const fields = {
      customer: stringColumn(rows.map((row) => row.customer)),
      recency: integerColumn(rows.map((row) => row.recency)),
      frequency: integerColumn(rows.map((row) => row.frequency)),
      monetary: numberColumn(rows.map((row) => row.monetary)),
    };
    const result = await runAnalysis(rfm, 'rfm.segments', {
      inputs: { customers: { fields } },
      parameters: { scheme: 'zh8' },
    });
    expect(recordsOf(result.tables.customers).map((line) => [line.customer, line.segment])).toEqual([
      ['hhh', 'important_value'],
      ['hlh', 'important_development'],
      ['lhh', 'important_retention'],
      ['llh', 'important_win_back'],
      ['hhl', 'general_value'],
      ['hll', 'general_development'],
      ['lhl', 'general_retention'],
      ['lll', 'general_win_back'],
      ['mean', 'important_value'],
    ]);
    expect(result.settled?.asOf).toBeUndefined();
  });

  test('takes own rules, own names and own cut points', async () => {
    const parameters: JsonObject = {
      bins: 3,
      cutPoints: { recency: [3, 6], frequency: [2, 5] },
      rules: [
        { segment: 'fresh', r: [3, 3], name: 'Fresh', treatment: 'Say hello' },
        { segment: 'rest', r: [1, 2] },
      ],
    };
    const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(ladder), parameters });
    const lines = recordsOf(result.tables.customers);
    expect(lines.map((line) => line.r)).toEqual([3, 3, 3, 2, 2, 2, 1, 1, 1, 1]);
    expect(lines.map((line) => line.f)).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
    const [fresh] = recordsOf(result.tables.segments);
    expect([fresh.segment, fresh.customers, fresh.treatment]).toEqual(['fresh', 3, 'Say hello']);
    expect(result.tables.segments.columns[0].labels?.fresh).toBe('Fresh');
    const bad = (cutPoints: Record<string, number[]>) => customersOf(ladder, { bins: 3, cutPoints });
    await expect(bad({ recency: [6, 3] })).rejects.toThrow("cut points of 'recency' must be 2 ascending numbers");
    await expect(bad({ weight: [1, 2] })).rejects.toThrow("no measure 'weight'");
  });

  test('finds natural breaks', async () => {
    const rows = [1, 2, 3, 50, 51, 52].map((amount) => ({ customer: `c${amount}`, day: '2024-01-01', amount }));
    const lines = await customersOf(rows, { cut: 'jenks', bins: 2 });
    expect(Object.values(lines).map((line) => line.m)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test('tables agree with each other', async () => {
    const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(ladder) });
    const total = (table: string, column: string): number =>
      recordsOf(result.tables[table]).reduce((sum, line) => sum + Number(line[column]), 0);
    expect(total('segments', 'customers')).toBe(10);
    expect(total('cells', 'customers')).toBe(10);
    expect(total('segments', 'revenue')).toBe(550);
    expect(total('cells', 'revenue')).toBe(550);
    expect(total('scores', 'customers')).toBe(30);
    expect(result.charts.map((chart) => chart.kind)).toEqual(['bar', 'heatMap', 'heatMap', 'treeMap', 'histogram']);
  });

  test('refuses what it cannot score, in plain words', async () => {
    const run = (inputs: Parameters<typeof runAnalysis>[2]['inputs']) => runAnalysis(rfm, 'rfm.segments', { inputs });
    await expect(run({})).rejects.toThrow("'transactions' or 'customers'");
    await expect(run(transactions([]))).rejects.toThrow("No row is left in 'transactions'");
    const twice = {
      customer: stringColumn(['a', 'a']),
      recency: integerColumn([1, 2]),
      frequency: integerColumn([1, 2]),
      monetary: numberColumn([1, 2]),
    };
    await expect(run({ customers: { fields: twice } })).rejects.toThrow("Customer 'a' stands in several rows");
    const infinite = { ...transactions([{ customer: 'a', day: '2024-01-01', amount: Number.POSITIVE_INFINITY }]) };
    await expect(run(infinite)).rejects.toThrow("'amount' holds values that are not finite");
  });
});

describe('rfm.migration', () => {
  const rows: Purchase[] = [
    // Two who keep buying, one who stopped, one who started.
    ...['2024-01-05', '2024-02-05', '2024-03-05', '2024-04-05'].flatMap((day) => [
      { customer: 'steady', day, amount: 10 },
      { customer: 'rising', day, amount: day > '2024-02-01' ? 50 : 1 },
    ]),
    ...['2024-01-06', '2024-01-20', '2024-02-08', '2024-02-09'].map((day) => ({ customer: 'gone', day, amount: 100 })),
    { customer: 'fresh', day: '2024-04-06', amount: 5 },
  ];

  test('follows customers from segment to segment and adds up what is at stake', async () => {
    const result = await runAnalysis(rfm, 'rfm.migration', {
      inputs: transactions(rows),
      parameters: { previousAsOf: '2024-02-10', asOf: '2024-04-10', bins: 2, every: 'month' },
    });
    expect(result.metrics).toMatchObject({
      customersBefore: { value: 3 },
      customers: { value: 4 },
      newCustomers: { value: 1 },
    });
    const lines = Object.fromEntries(recordsOf(result.tables.customers).map((line) => [line.customer as string, line]));
    expect(lines.fresh).toMatchObject({ previousSegment: 'not_yet', direction: 'new', monetaryBefore: 0 });
    expect(lines.gone).toMatchObject({ previousSegment: 'champions', segment: 'hibernating', direction: 'down' });
    // Can't lose on 1 April (four purchases, none in March); once 'fresh' has come, four purchases rank second of four.
    expect(lines.gone).toMatchObject({ changedOn: '2024-04-10', segmentBeforeChange: 'cant_loose' });
    expect(result.metrics.moneyAtStake.value).toBe(400);
    const matrix = recordsOf(result.tables.matrix);
    expect(matrix.reduce((sum, line) => sum + Number(line.customers), 0)).toBe(4);
    const balance = recordsOf(result.tables.balance);
    expect(balance.reduce((sum, line) => sum + Number(line.now), 0)).toBe(4);
    for (const line of balance) {
      expect(Number(line.stayed) + Number(line.movedIn) + Number(line.newCustomers)).toBe(line.now);
      expect(Number(line.stayed) + Number(line.movedOut)).toBe(line.before);
    }
  });

  test('settles both dates from the data and refuses them in the wrong order', async () => {
    const run = (parameters: Record<string, string>) =>
      runAnalysis(rfm, 'rfm.migration', { inputs: transactions(rows), parameters });
    expect((await run({ every: 'none' })).settled).toMatchObject({ asOf: '2024-04-07', previousAsOf: '2024-01-08' });
    await expect(run({ asOf: '2024-02-01', previousAsOf: '2024-03-01' })).rejects.toThrow('is not before');
    await expect(run({ previousAsOf: '2023-01-01', every: 'day' })).rejects.toThrow('choose a longer period');
  });
});

describe('the catalogues', () => {
  test('have the same keys and arguments in both languages', () => {
    const shape = (catalogue: Record<string, string>): CellValue[] =>
      Object.entries(catalogue).map(([key, text]) => `${key} ${(text.match(/\{[A-Za-z]+\}/g) ?? []).sort().join(' ')}`);
    expect(shape(chinese)).toEqual(shape(english));
  });

  test('render the headline', async () => {
    const result = await runAnalysis(rfm, 'rfm.segments', { inputs: transactions(ladder) });
    expect(renderText(result.headline ?? '', english, 'en-US')).toBe(
      '0% of customers, the champions and loyal, bring 0% of revenue.',
    );
    expect(renderText(result.headline ?? '', chinese, 'zh-CN')).toBe(
      '0% 的客户（冠军客户和忠诚客户）贡献了 0% 的收入。',
    );
  });
});
