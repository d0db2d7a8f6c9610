import { type Column, columnFromValues, dateColumn, decimalColumn, stringColumn, timestampColumn } from '@patron/sdk';
import { expect, test } from 'vitest';
import { filterMatcher, type RowFilter } from './row-filter.ts';

function kept(column: Column, filter: Omit<RowFilter, 'column'>): number[] {
  const matches = new Uint8Array(column.length).fill(1);
  filterMatcher(column, { column: 'c', ...filter })(matches, 0, column.length);
  return [...matches.keys()].filter((row) => matches[row] === 1);
}

test('compares decimals exactly, in the unit they are stored in', () => {
  const money = decimalColumn(Int32Array.of(254, 255, 256), 100);
  expect(kept(money, { operator: 'equals', value: 2.55 })).toEqual([1]);
  expect(kept(money, { operator: 'greater', value: 2.55 })).toEqual([2]);
  expect(kept(money, { operator: 'at-least', value: '2.55' })).toEqual([1, 2]);
  expect(kept(money, { operator: 'less', value: 2.55 })).toEqual([0]);
  expect(kept(money, { operator: 'one-of', values: [2.54, 2.56] })).toEqual([0, 2]);
});

test('leaves rows without a value out, unless they are asked for', () => {
  const column = columnFromValues('number', [0, null, 1]);
  expect(kept(column, { operator: 'at-most', value: 5 })).toEqual([0, 2]);
  expect(kept(column, { operator: 'not-equals', value: 0 })).toEqual([1, 2]);
  expect(kept(column, { operator: 'missing' })).toEqual([1]);
  const text = stringColumn(['x', null, 'y']);
  expect(kept(text, { operator: 'equals', value: 'x' })).toEqual([0]);
  expect(kept(text, { operator: 'not-equals', value: 'x' })).toEqual([1, 2]);
  expect(kept(text, { operator: 'present' })).toEqual([0, 2]);
});

test('looks into texts', () => {
  const text = stringColumn(['C536379', '536365', '客户 C5', '']);
  expect(kept(text, { operator: 'starts-with', value: 'c5' })).toEqual([0]);
  expect(kept(text, { operator: 'contains', value: 'c5' })).toEqual([0, 2]);
  expect(kept(text, { operator: 'contains', value: '户' })).toEqual([2]);
  expect(kept(text, { operator: 'one-of', values: ['536365', ''] })).toEqual([1, 3]);
  expect(kept(text, { operator: 'greater', value: '9' })).toEqual([0, 2]);
});

test('compares days and times with ISO text', () => {
  const day = dateColumn(Int32Array.of(15_308, 15_309)); // 2011-11-30, 2011-12-01
  expect(kept(day, { operator: 'at-least', value: '2011-12-01' })).toEqual([1]);
  const time: Column = { ...timestampColumn(Int32Array.of(0, 90)), unit: 60_000 } as Column;
  expect(kept(time, { operator: 'equals', value: '1970-01-01T01:30:00' })).toEqual([1]);
  expect(() => kept(day, { operator: 'equals', value: 'soon' })).toThrow(/'soon' is no date/);
});

test('keeps or leaves out a list of values, rows without one among them where they are named', () => {
  const text = stringColumn(['x', null, 'yy', 'xy']);
  expect(kept(text, { operator: 'one-of', values: ['x', 'xy'] })).toEqual([0, 3]);
  expect(kept(text, { operator: 'one-of', values: ['yy', null] })).toEqual([1, 2]);
  expect(kept(text, { operator: 'none-of', values: ['x'] })).toEqual([1, 2, 3]);
  expect(kept(text, { operator: 'none-of', values: ['x', null] })).toEqual([2, 3]);
  const numbers = columnFromValues('number', [0, null, 1.5]);
  expect(kept(numbers, { operator: 'one-of', values: [1.5, null] })).toEqual([1, 2]);
  expect(kept(numbers, { operator: 'none-of', values: [0] })).toEqual([1, 2]);
  expect(kept(numbers, { operator: 'none-of', values: [0, null] })).toEqual([2]);
});
