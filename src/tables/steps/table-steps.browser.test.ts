import {
  booleanColumn,
  type CellValue,
  type Column,
  dateColumn,
  integerColumn,
  stringColumn,
  valueAt,
} from '@patron/sdk';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blobSource } from '../file-source.ts';
import { TableStore } from '../table-store.ts';
import { TablesClient } from '../tables-client.ts';
import type { MergeRule, Step } from './step.ts';
import { TableSteps } from './table-steps.ts';

let database: string;
let client: TablesClient;

beforeEach(() => {
  database = `test-${crypto.randomUUID()}`;
  client = new TablesClient({ database });
});

afterEach(async () => {
  client.close();
  await deleteDB(database);
});

const source = { kind: 'file', name: 'orders.csv' } as const;
const write = (name: string, columns: Record<string, Column>) =>
  client.write({
    workbook: 'w',
    name,
    columns: Object.entries(columns).map(([own, column]) => ({ name: own, column })),
    source,
  });

async function valuesOf(id: string, name: string, version?: number): Promise<CellValue[]> {
  const [{ column }] = await client.readColumns(id, [name], version);
  return Array.from({ length: column.length }, (_, row) => valueAt(column, row));
}

async function chunkBytes(): Promise<number> {
  const opened = await openDB(database);
  const chunks = (await opened.getAll('chunks')) as ArrayBuffer[];
  opened.close();
  return chunks.reduce((bytes, chunk) => bytes + chunk.byteLength, 0);
}

test('a preview shows rows and counts and writes nothing; applying makes one version; undo takes it back', async () => {
  const { id } = await write('orders', {
    customer: stringColumn(['b', 'a', 'c', 'a']),
    amount: integerColumn(Int32Array.of(4, 3, 2, 1)),
  });
  const steps: Step[] = [
    { kind: 'filter', filters: [{ column: 'amount', operator: 'less', value: 4 }] },
    { kind: 'formula', column: 'twice', formula: 'amount * 2' },
    { kind: 'sort', keys: [{ column: 'customer' }] },
  ];
  const preview = await client.steps.preview(id, steps);
  expect(preview.counts).toMatchObject({ rowsBefore: 4, rowsAfter: 3 });
  expect(preview.rows).toEqual([
    ['a', 3, 6],
    ['a', 1, 2],
    ['c', 2, 4],
  ]);
  expect(preview.columns.map(({ name, isNew }) => [name, isNew])).toEqual([
    ['customer', false],
    ['amount', false],
    ['twice', true],
  ]);
  expect(await client.versions(id)).toHaveLength(1);

  const shaped = await client.steps.apply(id, steps);
  expect(shaped).toMatchObject({ id, version: 2, rows: 3 });
  expect(shaped.source).toMatchObject({ kind: 'transform', details: { steps, from: { id, version: 1 } } });
  expect(await valuesOf(id, 'twice')).toEqual([6, 2, 4]);
  const history = await client.steps.history(id);
  expect(history.map(({ steps: done, isCurrent }) => [done.length, isCurrent])).toEqual([
    [0, false],
    [3, true],
  ]);
  expect(await client.undo(id)).toMatchObject({ version: 1, rows: 4 });
  expect(await valuesOf(id, 'customer')).toEqual(['b', 'a', 'c', 'a']);

  const copy = await client.steps.apply(id, [steps[0]], { newTable: 'small orders' });
  expect(copy).toMatchObject({ name: 'small orders', rows: 3, version: 1 });
  expect(copy.id).not.toBe(id);
  // The new table stands on its own.
  await client.remove(id);
  expect(await valuesOf(copy.id, 'customer')).toEqual(['a', 'c', 'a']);
});

test('a new column shares the bytes of the others, through undo, pruning and removal', async () => {
  const rows = 200_000;
  const { id, bytes } = await write('long', {
    number: integerColumn(Float64Array.from({ length: rows }, (_, row) => row * 1_000_003)),
    day: dateColumn(Int32Array.from({ length: rows }, (_, row) => row % 1000)),
  });
  const before = await chunkBytes();
  const renamed = await client.steps.apply(id, [{ kind: 'rename', names: { number: 'count' } }]);
  expect(renamed.columns.map(({ name }) => name)).toEqual(['count', 'day']);
  expect(await chunkBytes()).toBe(before);
  await client.steps.apply(id, [{ kind: 'formula', column: 'year', formula: 'year(day)' }]);
  expect((await chunkBytes()) - before).toBeLessThan(bytes / 3);
  // As many versions again as are kept, so that the first ones go.
  for (let turn = 0; turn < 8; turn++) {
    await client.steps.apply(id, [{ kind: 'formula', column: 'year', formula: `year(day) + ${turn}` }]);
  }
  expect((await client.versions(id)).map(({ version }) => version)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  expect((await valuesOf(id, 'count'))[rows - 1]).toBe((rows - 1) * 1_000_003);
  expect((await valuesOf(id, 'year'))[999]).toBe(1972 + 7);
  await client.remove(id);
  expect(await chunkBytes()).toBe(0);
});

test('a file that is appended writes only what is new, and every value above stays what it was', async () => {
  const rows = 150_000;
  const names = ['order', 'city', 'amount', 'day', 'at', 'paid'];
  const { id } = await write('orders', {
    order: stringColumn(Array.from({ length: rows }, (_, row) => `order ${row}`)),
    city: stringColumn(Array.from({ length: rows }, (_, row) => (row % 11 === 3 ? null : `city ${row % 300}`))),
    amount: {
      type: 'number',
      length: rows,
      values: Int32Array.from({ length: rows }, (_, row) => row * 7),
      scale: 100,
    },
    day: dateColumn(Int32Array.from({ length: rows }, (_, row) => 19_000 + (row % 900))),
    at: {
      type: 'timestamp',
      length: rows,
      values: Float64Array.from({ length: rows }, (_, row) => 28_000_000 + row),
      unit: 60_000,
      zoned: false,
    },
    paid: booleanColumn(Array.from({ length: rows }, (_, row) => row % 2 === 0)),
  });
  const above = await Promise.all(names.map((name) => valuesOf(id, name)));
  const before = await chunkBytes();
  let lines = names.join(',');
  for (let row = 0; row < 1000; row++) {
    lines += `\nnew ${row},city ${300 + (row % 3)},${row}.125,2024-05-01,2024-05-01 10:00:${10 + (row % 50)},TRUE`;
  }
  const month = new File([lines], 'may.csv');
  for (const turn of [1, 2]) {
    const { meta } = await client.importFile(month, { workbook: 'w', tableId: id, mode: 'append' });
    expect(meta.rows).toBe(rows + turn * 1000);
    expect(meta.columns.find(({ name }) => name === 'amount')).toMatchObject({ type: 'number', scale: 1000 });
    expect(meta.columns.find(({ name }) => name === 'city')).toMatchObject({ layout: 'dictionary', distinct: 303 });
  }
  // Of two full row groups and a part of one in six columns, only the part is written again.
  expect((await chunkBytes()) - before).toBeLessThan(before / 2);
  const { tables } = await client.usage();
  expect(tables).toBe(await chunkBytes());
  for (const [at, name] of names.entries()) {
    const now = await valuesOf(id, name);
    expect(now.slice(0, rows)).toEqual(above[at]);
    expect(now[rows + 1007]).toEqual(['new 7', 'city 301', 7.125, '2024-05-01', '2024-05-01T10:00:17', true][at]);
    const [{ column }] = await client.readRows(id, [name], rows - 2, rows + 2);
    expect(valueAt(column, 1)).toEqual(above[at][rows - 1]);
  }
  await client.undo(id);
  await client.undo(id);
  expect((await valuesOf(id, 'amount')).length).toBe(rows);
  // As many versions again as are kept: the rows above outlive the version that brought them.
  const store = await TableStore.open(database);
  const steps = new TableSteps(store);
  const { signal } = new AbortController();
  for (let turn = 0; turn < 9; turn++) await steps.append(id, blobSource(month), { workbook: 'w' }, { signal });
  store.close();
  expect((await client.versions(id))[0].rows).toBe(rows + 2000);
  expect((await valuesOf(id, 'city')).slice(0, rows)).toEqual(above[1]);
  await client.remove(id);
  expect(await chunkBytes()).toBe(0);
});

test('decimals and times that join whole numbers and days far down in a file change the type, not the values', async () => {
  const { id } = await write('readings', {
    n: integerColumn(Int32Array.of(1, 2)),
    day: dateColumn(Int32Array.of(19_000, 19_001)),
  });
  let lines = 'n,day';
  for (let row = 0; row < 60_000; row++) lines += '\n5,2024-01-01';
  const whole = await client.importFile(new File([lines], 'may.csv'), { workbook: 'w', tableId: id, mode: 'append' });
  expect(whole.meta.columns.map(({ type }) => type)).toEqual(['integer', 'date']);
  const { meta, rejects } = await client.importFile(new File([`${lines}\n6.5,2024-01-02 10:30`], 'june.csv'), {
    workbook: 'w',
    tableId: id,
    mode: 'append',
  });
  expect(rejects.count).toBe(0);
  expect(meta.columns.map(({ type }) => type)).toEqual(['number', 'timestamp']);
  expect((await valuesOf(id, 'n')).at(-1)).toBe(6.5);
  expect((await valuesOf(id, 'day')).at(-1)).toBe('2024-01-02T10:30:00');
});

test('next month’s file is merged by key, its mapping kept and the old version brought back', async () => {
  const { id } = await write('customers', {
    id: stringColumn(['a', 'b', 'c']),
    city: stringColumn(['Oslo', 'Rome', 'Bonn']),
    spent: integerColumn(Int32Array.of(1, 2, 3)),
  });
  const file = new File(['Nr,city,spent,junk\nb,Rome,2.5,x\nc,Kyiv,3,x\nd,Lima,oops,x\n'], 'june.csv');
  const rule: MergeRule = {
    keys: ['id'],
    mode: 'both',
    mapping: { Nr: 'id', junk: null },
    options: { columns: { spent: { type: 'number' } } },
  };
  const preview = await client.steps.previewMerge(id, file, rule);
  expect(preview.counts).toMatchObject({ added: 1, rowsChanged: 2, unchanged: 0, rejects: 1 });
  expect(preview.changes).toContainEqual({ row: 1, key: 'b', column: 'spent', before: 2, after: 2.5 });
  expect(preview.fileColumns.map(({ name, to }) => [name, to])).toEqual([
    ['Nr', 'id'],
    ['city', 'city'],
    ['spent', 'spent'],
    ['junk', null],
  ]);
  expect(await client.versions(id)).toHaveLength(1);

  const merged = await client.steps.merge(id, file, rule);
  expect(merged).toMatchObject({ version: 2, rows: 4, rejects: 1, source: { kind: 'file', name: 'june.csv' } });
  expect(merged.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'string'],
    ['city', 'string'],
    ['spent', 'number'],
  ]);
  expect(await valuesOf(id, 'spent')).toEqual([1, 2.5, 3, null]);
  expect(await valuesOf(id, 'city')).toEqual(['Oslo', 'Rome', 'Kyiv', 'Lima']);
  expect((await client.steps.history(id)).at(-1)?.merge).toEqual(rule);
  await client.undo(id);
  expect(await valuesOf(id, 'city')).toEqual(['Oslo', 'Rome', 'Bonn']);
});

test('amounts stay exact decimals where the next file has whole ones only', async () => {
  const { id, columns } = await write('prices', {
    id: stringColumn(['a', 'b']),
    price: { type: 'number', length: 2, values: Int32Array.of(255, 10), scale: 100 },
  });
  expect(columns[1].scale).toBe(100);
  const file = new File(['id,price\nb,7\nc,8\n'], 'june.csv');
  const merged = await client.steps.merge(id, file, { keys: ['id'], mode: 'both', mapping: {} });
  expect(merged.columns[1]).toMatchObject({ type: 'number', scale: 100 });
  expect(await valuesOf(id, 'price')).toEqual([2.55, 7, 8]);
  const whole = await write('whole', { id: stringColumn(['d']), price: integerColumn(Int32Array.of(9)) });
  const appended = await client.steps.apply(id, [{ kind: 'append', tables: [whole.id] }]);
  expect(appended.columns[1]).toMatchObject({ type: 'number', scale: 100 });
  expect(await valuesOf(id, 'price')).toEqual([2.55, 7, 8, 9]);
});

test('rejects of an import are corrected and put back into their cells', async () => {
  const lines = Array.from({ length: 70_000 }, (_, row) =>
    row === 66_000 ? '12o' : row % 1000 === 7 ? '' : String(row),
  );
  const { meta } = await client.importFile(new File([`n,t\n${lines.map((n) => `${n},x`).join('\n')}\n`], 'n.csv'), {
    workbook: 'w',
  });
  expect(meta).toMatchObject({ rejects: 1, rows: 70_000 });
  const renamed = await client.steps.apply(meta.id, [{ kind: 'rename', names: { n: 'number' } }]);
  expect(renamed.rejects).toBe(1);
  expect(await client.steps.fixRejects(meta.id, [{ reject: 0, text: '120' }])).toMatchObject({ fixed: 1, left: 0 });
  const values = await valuesOf(meta.id, 'number');
  expect(values[66_000]).toBe(120);
  expect(values.filter((value) => value === null)).toHaveLength(70);
  await client.undo(meta.id);
  expect((await valuesOf(meta.id, 'number'))[66_000]).toBeNull();
});

test('joins and sorts a million rows within seconds, and stops when it is told to', async () => {
  const rows = 1_000_000;
  const { id } = await write('orders', {
    customer: integerColumn(Int32Array.from({ length: rows }, (_, row) => (row * 7919) % 100_000)),
    amount: integerColumn(Int32Array.from({ length: rows }, (_, row) => (row * 104_729) % 1_000_003)),
    label: stringColumn(Array.from({ length: rows }, (_, row) => `label ${row % 500}`)),
  });
  const customers = await write('customers', {
    number: integerColumn(Int32Array.from({ length: 100_000 }, (_, row) => 99_999 - row)),
    city: stringColumn(Array.from({ length: 100_000 }, (_, row) => `city ${row % 300}`)),
  });
  const timed = async (name: string, steps: Step[]): Promise<void> => {
    const start = performance.now();
    const { rows: made } = await client.steps.apply(id, steps, { newTable: name });
    expect(made).toBe(rows);
    expect(performance.now() - start).toBeLessThan(20_000);
  };
  const keys = [{ left: 'customer', right: 'number' }];
  await timed('join', [{ kind: 'join', table: customers.id, how: 'left', keys }]);
  await timed('sort', [{ kind: 'sort', keys: [{ column: 'label' }, { column: 'amount', descending: true }] }]);
  await timed('formula', [{ kind: 'formula', column: 'note', formula: 'label & " " & amount' }]);
  const stop = new AbortController();
  const sorting = client.steps.apply(id, [{ kind: 'sort', keys: [{ column: 'amount' }] }], {}, { signal: stop.signal });
  setTimeout(() => stop.abort(), 60);
  await expect(sorting).rejects.toMatchObject({ name: 'AbortError' });
  expect(await client.versions(id)).toHaveLength(1);
});

test('what is wrong with a step comes back as a named error', async () => {
  const { id } = await write('t', { a: stringColumn(['x']) });
  await expect(client.steps.preview(id, [{ kind: 'formula', column: 'b', formula: 'a *' }])).rejects.toMatchObject({
    code: 'bad-formula',
    details: { problem: 'unfinished', position: 4 },
  });
  await expect(
    client.steps.apply(id, [{ kind: 'filter', filters: [{ column: 'z', operator: 'present' }] }]),
  ).rejects.toMatchObject({
    code: 'no-column',
  });
});
