import { type Column, columnFromValues, dateColumn, decimalColumn, stringColumn, timestampColumn } from '@patron/sdk';
import { expect, test } from 'vitest';
import { type CellSearch, findCells } from './find-cells.ts';

const columns: Column[] = [
  stringColumn(['United Kingdom', 'uk', null, 'Kenya']),
  decimalColumn(Int32Array.of(1250, 125, 0, -1250), 100),
  dateColumn(Int32Array.of(15_309, 15_308, 15_309, 15_340)),
  columnFromValues('boolean', [true, false, null, true]),
  columnFromValues('number', [1.5, 125, 3e21, null]),
  timestampColumn(Float64Array.of(0, 1000, 60_000, 3_600_000), false),
];
const found = async (search: CellSearch, rows?: Uint32Array): Promise<string[]> => {
  const { cells, places, columns: at } = await findCells(columns, rows, search, async () => {});
  expect(cells).toBe(places.length);
  return Array.from(places, (place, i) => `${place}:${at[i]}`);
};

test('finds texts in any case, row by row', async () => {
  expect(await found({ text: 'K' })).toEqual(['0:0', '1:0', '3:0']);
  expect(await found({ text: 'UK', whole: true })).toEqual(['1:0']);
});

test('finds numbers, days, times and truth values as they are shown', async () => {
  expect(await found({ text: '12.5' })).toEqual(['0:1', '3:1']);
  expect(await found({ text: '125' })).toEqual(['1:4']);
  expect(await found({ text: '1.25', whole: true })).toEqual(['1:1']);
  expect(await found({ text: '2011-12' })).toEqual(['0:2', '2:2']);
  expect(await found({ text: 'tru' })).toEqual(['0:3', '3:3']);
  expect(await found({ text: '3e+21' })).toEqual(['2:4']);
  expect(await found({ text: '00:01:00' })).toEqual(['2:5']);
});

test('looks only at the rows that are shown, and names their places', async () => {
  expect(await found({ text: 'k' }, Uint32Array.of(3, 2, 1))).toEqual(['0:0', '2:0']);
});

test('finds nothing where nothing is asked for', async () => {
  expect(await found({ text: '' })).toEqual([]);
});
