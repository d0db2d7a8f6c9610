import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../column.ts';
import {
  dateColumn,
  decimalColumn,
  integerColumn,
  numberColumn,
  stringColumn,
  timestampColumn,
} from '../make-column.ts';
import { valueAt } from '../read-column.ts';
import { stringVector } from '../string-vector.ts';
import { customerSummary, type TransactionColumns } from './customer-summary.ts';
import { exactAmounts } from './customer-summary-amounts.ts';
import { customerKeys } from './customer-summary-keys.ts';
import { takeRows } from './customer-summary-rows.ts';

interface Row {
  customer: number;
  day: number;
  cents: number;
  order: number;
}

interface Line {
  first: number;
  last: number;
  count: number;
  days: number;
  months: number;
  orders: number;
  cents: number;
}

/** The same question answered slowly, with a list of rows for each customer. */
function oracle(rows: readonly Row[]): Map<string, Line> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(`c${row.customer}`, [...(groups.get(`c${row.customer}`) ?? []), row]);
  const month = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 7);
  return new Map(
    [...groups].map(([name, own]) => [
      name,
      {
        first: Math.min(...own.map((row) => row.day)),
        last: Math.max(...own.map((row) => row.day)),
        count: own.length,
        days: new Set(own.map((row) => row.day)).size,
        months: new Set(own.map((row) => month(row.day))).size,
        orders: new Set(own.map((row) => row.order)).size,
        cents: own.reduce((sum, row) => sum + row.cents, 0),
      },
    ]),
  );
}

const rowsOf = (rows: readonly Row[], customer: Column, time: Column): TransactionColumns => ({
  customer,
  time,
  amount: decimalColumn(
    Int32Array.from(rows, (row) => row.cents),
    100,
  ),
  order: integerColumn(rows.map((row) => row.order)),
});

const anyRows = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 8 }),
    day: fc.integer({ min: -40, max: 400 }),
    cents: fc.integer({ min: -500, max: 5000 }),
    order: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 1, maxLength: 60 },
);

const orders: Record<string, (rows: Row[]) => Row[]> = {
  'in any order': (rows) => rows,
  'in order of time': (rows) => rows.toSorted((a, b) => a.day - b.day),
  'by customer': (rows) => rows.toSorted((a, b) => a.customer - b.customer),
  'by customer and time': (rows) => rows.toSorted((a, b) => a.customer - b.customer || a.day - b.day),
};

describe('customerSummary', () => {
  for (const [name, arrange] of Object.entries(orders)) {
    test(`equals the slow answer for rows ${name}, however they are stored`, () => {
      fc.assert(
        fc.property(anyRows, fc.boolean(), fc.boolean(), fc.boolean(), (given, asText, asTimes, first) => {
          const rows = arrange(given);
          const customer = asText
            ? stringColumn(rows.map((row) => `c${row.customer}`))
            : integerColumn(Int16Array.from(rows, (row) => row.customer - 4));
          const time = asTimes
            ? timestampColumn(rows.map((row) => row.day * 86_400_000 + 3_600_000))
            : dateColumn(Int16Array.from(rows, (row) => row.day));
          const columns = rowsOf(rows, customer, time);
          const expected = oracle(rows);
          const byDay = customerSummary(columns, { timeZone: 'UTC', periods: 'day', first });
          const byMonth = customerSummary(columns, { timeZone: 'UTC', periods: 'month' });
          expect(byDay.customers).toBe(expected.size);
          const stored = (day: number): number => (asTimes ? day * 86_400_000 + 3_600_000 : day);
          for (let i = 0; i < byDay.customers; i++) {
            const label = byDay.keys.label(byDay.codes[i]);
            const line = expected.get(asText ? label : `c${Number(label) + 4}`) as Line;
            expect({
              last: byDay.last[i],
              first: byDay.first?.[i],
              count: byDay.transactions[i],
              days: byDay.periods?.[i],
              months: byMonth.periods?.[i],
              orders: byDay.orders?.[i],
              cents: byDay.sums?.[i],
            }).toEqual({ ...line, last: stored(line.last), first: first ? stored(line.first) : undefined });
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  test('says how the rows stand', () => {
    const summary = (customers: number[], days: number[]) =>
      customerSummary({ customer: integerColumn(customers), time: dateColumn(days) }, { timeZone: 'UTC' }).order;
    expect(summary([1, 2, 1], [1, 2, 3])).toEqual({ clustered: false, timeOrdered: true });
    expect(summary([1, 1, 2], [5, 6, 1])).toEqual({ clustered: true, timeOrdered: true });
    expect(summary([1, 1, 2], [6, 5, 1])).toEqual({ clustered: true, timeOrdered: false });
    expect(summary([1, 2, 1], [6, 5, 1])).toEqual({ clustered: false, timeOrdered: false });
  });

  test('adds money without rounding, in cents or in binary fractions of them', () => {
    const amounts = Array.from({ length: 1000 }, () => 0.1);
    const columns = {
      customer: integerColumn(amounts.map(() => 7)),
      time: dateColumn(amounts.map((_, i) => i)),
      amount: numberColumn(amounts),
    };
    const summary = customerSummary(columns, { timeZone: 'UTC' });
    expect([summary.sums?.[0], summary.scale, summary.exact]).toEqual([1000, 10, true]);
    expect(exactAmounts(numberColumn([1 / 3])).exact).toBe(false);
    expect(exactAmounts(numberColumn([19.99, -0.005])).scale).toBe(1000);
  });

  test('an order that two customers share counts once for each', () => {
    const columns = {
      customer: stringColumn(['a', 'b', 'a', 'b', 'a']),
      time: dateColumn([1, 1, 1, 1, 2]),
      order: stringColumn(['x', 'x', 'x', 'x', 'y']),
    };
    expect([...(customerSummary(columns, { timeZone: 'UTC' }).orders as Uint32Array)]).toEqual([2, 1]);
  });

  test('a row without an amount adds nothing, one without an order is an order of its own', () => {
    const columns = {
      customer: stringColumn(['a', 'a', 'a', 'b']),
      time: dateColumn([1, 1, 2, 3]),
      amount: numberColumn([1.5, Number.NaN, 2.25, Number.NaN]),
      order: stringColumn(['x', null, 'x', null]),
    };
    const summary = customerSummary(columns, { timeZone: 'UTC' });
    expect([summary.sums, summary.scale, summary.exact]).toEqual([Float64Array.of(375, 0), 100, true]);
    expect([...(summary.orders as Uint32Array)]).toEqual([2, 1]);
    const cents = { ...decimalColumn(Int32Array.of(5, 7), 100), validity: Uint8Array.of(2) };
    expect([...exactAmounts(cents).units]).toEqual([0, 7]);
  });

  test('a column that is no time is refused by name', () => {
    const columns = { customer: integerColumn([1]), time: stringColumn(['yesterday']) };
    expect(() => customerSummary(columns, { timeZone: 'UTC' })).toThrow('string values');
  });
});

describe('customerKeys', () => {
  test('orders whole numbers by value and other text by code point', () => {
    const order = (column: Column): unknown => {
      const keys = customerKeys(column);
      const codes = Uint32Array.from({ length: keys.count }, (_, i) => i);
      return [...(keys.orderOf(codes) ?? codes)].map((at) => keys.label(codes[at]));
    };
    expect(order(stringColumn(['100', '20', '3']))).toEqual(['3', '20', '100']);
    expect(order(stringColumn(['007', '20', '1']))).toEqual(['007', '1', '20']);
    expect(order(integerColumn([5e9, -3, 12]))).toEqual(['-3', '12', '5000000000']);
    const long = ['C-00000012345', 'C-00000012344', 'C-0000001234', 'C-00000012344x', '客户'];
    expect(order(stringColumn(long))).toEqual([...long].sort());
    expect(order({ type: 'string', layout: 'plain', length: 2, text: stringVector(['b', 'a']) })).toEqual(['a', 'b']);
  });

  test('text order equals that of a comparison sort', () => {
    const text = fc.string({ unit: 'binary-ascii', maxLength: 9 }).map((tail) => `id${tail}`);
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 40 }), (names) => {
        const keys = customerKeys(stringColumn(names));
        const codes = Uint32Array.from(names, (_, i) => i);
        expect([...(keys.orderOf(codes) ?? codes)].map((code) => names[code])).toEqual([...names].sort());
      }),
    );
  });

  test('gives identifiers back as they were', () => {
    const keys = customerKeys(stringColumn(['x', 'längere Kennung', '客户']));
    const column = keys.columnOf([2, 1]);
    expect([valueAt(column, 0), valueAt(column, 1)]).toEqual(['客户', 'längere Kennung']);
  });
});

describe('takeRows', () => {
  test('keeps values and gaps of every kind of column', () => {
    const rows = Uint32Array.of(2, 0);
    const read = (column: Column): unknown => [0, 1].map((row) => valueAt(takeRows(column, rows), row));
    expect(read(stringColumn(['a', null, 'c']))).toEqual(['c', 'a']);
    expect(read(numberColumn([1.5, 2, Number.NaN]))).toEqual([null, 1.5]);
    expect(read({ type: 'string', layout: 'plain', length: 3, text: stringVector(['u', 'v', 'w']) })).toEqual([
      'w',
      'u',
    ]);
  });
});
