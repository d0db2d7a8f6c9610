import { type Column, columnFromValues, numberColumn, stringColumn, valueAt } from '@patron/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatherRows } from './gather-rows.ts';
import { sortIndex, textRanks } from './row-order.ts';

const pause = async (): Promise<void> => undefined;
const all = (length: number): Uint32Array<ArrayBuffer> => Uint32Array.from({ length }, (_, i) => i);
const sorted = async (column: Column, descending = false): Promise<number[]> => [
  ...(await sortIndex(all(column.length), column, descending, 'en', pause)),
];

test('orders numbers, puts what is missing last either way, and keeps ties as they were', async () => {
  const column = columnFromValues('number', [3, null, -1.5, 3, 1e300, 0, -1e-9]);
  expect(await sorted(column)).toEqual([2, 6, 5, 0, 3, 4, 1]);
  expect(await sorted(column, true)).toEqual([4, 0, 3, 5, 6, 2, 1]);
});

test('orders as a stable sort does, for any doubles and any integers', async () => {
  const lists = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer()), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(lists, async (numbers) => {
      const expected = all(numbers.length).map((i) => i);
      const order = [...expected].sort((a, b) => (numbers[a] < numbers[b] ? -1 : numbers[a] > numbers[b] ? 1 : 0));
      expect(await sorted(numberColumn(numbers))).toEqual(order);
    }),
  );
});

test('orders texts as the reader does: capitals beside small letters, numbers in texts by value', async () => {
  const column = stringColumn(['b', 'item 10', 'A', 'a', 'item 9', null, 'B']);
  const order = await sorted(column);
  expect(order.map((row) => valueAt(column, row))).toEqual(['a', 'A', 'b', 'B', 'item 9', 'item 10', null]);
});

test('orders a great many texts by code point, long common beginnings included', () => {
  const texts = Array.from({ length: 60_000 }, (_, i) => `order number ${(i * 7919) % 60_000}`);
  const column = stringColumn(texts);
  const ranks = textRanks(column.dictionary, 'en');
  const order = all(texts.length).sort((a, b) => ranks[a] - ranks[b]);
  expect([...order].map((i) => texts[i])).toEqual([...texts].sort());
});

test('gathers rows of every layout', () => {
  const index = Uint32Array.of(2, 0, 2);
  const text = columnFromValues('string', ['a', 'b', null]);
  expect([0, 1, 2].map((row) => valueAt(gatherRows(text, index), row))).toEqual([null, 'a', null]);
  const number = columnFromValues('number', [1, null, 3.5]);
  expect([0, 1, 2].map((row) => valueAt(gatherRows(number, index), row))).toEqual([3.5, 1, 3.5]);
});
