import { type Column, integerColumn, isShared, stringColumn, valueAt } from '@patron/sdk';
import { deleteDB } from 'idb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TableStore } from './table-store.ts';
import { TablesClient } from './tables-client.ts';
import { WarmColumns } from './warm-columns.ts';

const database = `test-${crypto.randomUUID()}`;
const ROWS = 600_000;
const numbers = (first: number): Column =>
  integerColumn(Int32Array.from({ length: ROWS }, (_, row) => first + row * 1000));
let store: TableStore;
let id: string;

beforeAll(async () => {
  store = await TableStore.open(database);
  const columns = [
    { name: 'a', column: numbers(1) },
    { name: 'b', column: numbers(2) },
    { name: 'word', column: stringColumn(Array.from({ length: ROWS }, (_, row) => `w${row % 1000}`)) },
  ];
  ({ id } = await store.write({ workbook: 'w', name: 't', columns, source: { kind: 'result', name: 't' } }));
});

afterAll(async () => {
  store.close();
  await deleteDB(database);
});

const arrayOf = (column: Column) =>
  'values' in column ? column.values : column.layout === 'plain' ? column.text.bytes : column.codes;

test('a column that is read again comes from memory, and the one not used for longest goes first', async () => {
  expect(crossOriginIsolated).toBe(true);
  const warm = new WarmColumns(store, 2 * ROWS * 4);
  const read = async (name: string): Promise<Column> => (await warm.read(id, [name]))[0].column;
  const a = await read('a');
  expect(await read('a')).toBe(a);
  const b = await read('b');
  expect(await read('a')).toBe(a);
  // There is room for two of them: the codes of the words take the place of b, which was used before a.
  const word = await read('word');
  expect(await read('a')).toBe(a);
  expect(await read('b')).not.toBe(b);
  expect([valueAt(a, 7), valueAt(word, 1001)]).toEqual([7001, 'w1']);
});

test('readers in other threads see one memory, for numbers and for codes', async () => {
  const client = new TablesClient({ database });
  const [first] = await client.readColumns(id, ['a']);
  const [again, words] = await client.readColumns(id, ['a', 'word']);
  expect([first, words].map(({ column }) => isShared(arrayOf(column)))).toEqual([true, true]);
  arrayOf(first.column)[5] = 7;
  expect(arrayOf(again.column)[5]).toBe(7);
  client.close();
});
