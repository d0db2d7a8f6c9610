import { dateColumn, integerColumn, isShared, stringColumn } from '@patron/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { shareColumns } from './share-columns.ts';

afterEach(() => vi.unstubAllGlobals());

const rows = 300_000;
const customer = stringColumn(Array.from({ length: rows }, (_, row) => `C${row % 70_000}`));
const amount = integerColumn(Int32Array.from({ length: rows }, (_, row) => row));
const day = dateColumn(Uint16Array.from({ length: rows }, (_, row) => row % 1000));
const inputs = { transactions: { rows, fields: { customer, amount, day }, properties: { amount } } };

it('puts large numbers and codes into shared memory, once, and leaves texts and small arrays', () => {
  vi.stubGlobal('crossOriginIsolated', true);
  const { fields, properties } = shareColumns(inputs).transactions;
  expect(fields.amount).toEqual(amount);
  expect('values' in fields.amount && isShared(fields.amount.values)).toBe(true);
  expect(properties.amount).toBe(fields.amount);
  if (fields.customer.type !== 'string' || fields.customer.layout !== 'dictionary') throw new Error('No dictionary.');
  expect(isShared(fields.customer.codes)).toBe(true);
  expect(isShared(fields.customer.dictionary.bytes)).toBe(false);
  expect('values' in fields.day && isShared(fields.day.values)).toBe(false);
});

it('leaves everything as it is where the page is not isolated', () => {
  vi.stubGlobal('crossOriginIsolated', false);
  expect(shareColumns(inputs)).toBe(inputs);
});
