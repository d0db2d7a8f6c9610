import { type CellValue, type Column, columnFromValues, numberAt, type RoleContribution, valueAt } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { bindRole, type LoadedTable } from './bind-role.ts';
import type { RoleRequest } from './request.ts';
import { parseFieldSource, parseFilter } from './request.ts';

const role: RoleContribution = {
  role: 'transactions',
  title: 'Transactions',
  fields: [
    { name: 'customer', title: 'Customer', kind: 'key' },
    { name: 'time', title: 'Time', kind: 'time' },
    { name: 'amount', title: 'Amount', kind: 'number' },
    { name: 'order', title: 'Order', kind: 'key', optional: true },
  ],
};

function table(columns: Record<string, Column>): LoadedTable {
  return { name: 'orders.csv', rows: Object.values(columns)[0].length, columnNames: Object.keys(columns), columns };
}

const orders = table({
  id: columnFromValues('string', ['a', 'b', null, 'a', 'c', 'c']),
  day: columnFromValues('date', ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-06']),
  quantity: columnFromValues('integer', [1, 2, 3, -1, 5, 6]),
  price: { type: 'number', length: 6, scale: 100, values: Int32Array.of(255, 339, 100, 255, 0, 10) },
  invoice: columnFromValues('string', ['1', '2', 'C3', '4', '5', 'C6']),
});

const request: RoleRequest = {
  table: 'orders',
  fields: { customer: 'id', time: 'day', amount: { product: ['quantity', 'price'] }, order: 'invoice' },
  filters: [],
};

const filter = (text: string) => parseFilter(text, orders.columnNames) as NonNullable<ReturnType<typeof parseFilter>>;
const values = (column: Column): CellValue[] => Array.from({ length: column.length }, (_, row) => valueAt(column, row));

describe('bindRole', () => {
  it('leaves out rows without a required value first, then filters in order, and counts each', () => {
    const filters = [filter('invoice!^=C'), filter('quantity>0'), filter('price>0')];
    const { input, counts } = bindRole(role, { ...request, filters }, orders, []);
    expect(counts).toEqual({
      read: 6,
      used: 2,
      leftOut: [
        { role: 'transactions', reason: { kind: 'missing', field: 'customer' }, count: 1 },
        { role: 'transactions', reason: { kind: 'filter', filter: filters[0] }, count: 1 },
        { role: 'transactions', reason: { kind: 'filter', filter: filters[1] }, count: 1 },
        { role: 'transactions', reason: { kind: 'filter', filter: filters[2] }, count: 1 },
      ],
    });
    expect(values(input.fields.customer)).toEqual(['a', 'b']);
    expect(values(input.fields.amount)).toEqual([2.55, 6.78]);
  });

  it('multiplies fixed decimals exactly', () => {
    const { input } = bindRole(role, request, orders, []);
    const { amount } = input.fields;
    expect(amount.type === 'number' && amount.scale).toBe(100);
    expect(numberAt(amount, 1)).toBe(6.78);
  });

  it('passes columns as they are where no row is left out', () => {
    const whole = table({ ...orders.columns, id: columnFromValues('string', ['a', 'b', 'b', 'a', 'c', 'c']) });
    expect(bindRole(role, request, whole, []).input.fields.customer).toBe(whole.columns.id);
  });

  it('reads yyyymmdd numbers as days and text as numbers, leaving out what is neither', () => {
    const text = table({
      id: columnFromValues('integer', [4, 4, 21]),
      day: columnFromValues('integer', [19970101, 19970118, 19970230]),
      paid: columnFromValues('string', ['29.33', '1,029.73', 'free']),
    });
    const { input, counts } = bindRole(
      role,
      { table: 't', fields: { customer: 'id', time: 'day', amount: 'paid' }, filters: [] },
      text,
      [],
    );
    expect(values(input.fields.time)).toEqual(['1997-01-01', '1997-01-18']);
    expect(values(input.fields.amount)).toEqual([29.33, 1029.73]);
    expect(counts.leftOut).toEqual([
      { role: 'transactions', reason: { kind: 'unreadable', field: 'time', column: 'day' }, count: 1 },
    ]);
  });

  it('names the missing column and those there are', () => {
    expect(() => bindRole(role, { ...request, fields: { ...request.fields, amount: 'total' } }, orders, [])).toThrow(
      "'orders.csv' has no column 'total'; its columns are id, day, quantity, price, invoice.",
    );
  });

  it('names a required field that is not mapped', () => {
    expect(() => bindRole(role, { ...request, fields: { customer: 'id' } }, orders, [])).toThrow(
      "Field 'time' of role 'transactions' is not mapped; name the column that holds it.",
    );
  });

  it('refuses a filter value that the column cannot be compared with', () => {
    expect(() => bindRole(role, { ...request, filters: [filter('quantity>many')] }, orders, [])).toThrow(
      "'many' is no integer, so column 'quantity' cannot be compared with it.",
    );
  });

  it('says so where no row is left', () => {
    expect(() => bindRole(role, { ...request, filters: [filter('quantity>100')] }, orders, [])).toThrow(
      "No row of role 'transactions' is left: 6 were read and all were left out.",
    );
  });
});

describe('parseFilter', () => {
  it('finds the longest column that the text starts with', () => {
    expect(parseFilter('a>b>3', ['a', 'a>b'])).toEqual({ column: 'a>b', operator: '>', value: '3' });
    expect(parseFilter('InvoiceNo!^=C', ['InvoiceNo'])).toEqual({ column: 'InvoiceNo', operator: '!^=', value: 'C' });
    expect(parseFilter('x != 3', [])).toEqual({ column: 'x', operator: '!=', value: '3' });
    expect(parseFilter('nothing', [])).toBeUndefined();
  });
});

describe('parseFieldSource', () => {
  it('prefers a column of that very name to a product', () => {
    expect(parseFieldSource('a*b', ['a', 'b'])).toEqual({ product: ['a', 'b'] });
    expect(parseFieldSource('a*b', ['a', 'b', 'a*b'])).toBe('a*b');
  });
});
