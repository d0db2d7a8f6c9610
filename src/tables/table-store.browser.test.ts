import {
  booleanColumn,
  type CellValue,
  type Column,
  columnFromValues,
  dateColumn,
  integerColumn,
  stringColumn,
  timestampColumn,
  valueAt,
} from '@patron/sdk';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TableError } from './table-error.ts';
import { openTableView } from './table-view.ts';
import { TablesClient } from './tables-client.ts';

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

const source = { kind: 'result', name: 'a test' } as const;

function values(column: Column): CellValue[] {
  return Array.from({ length: column.length }, (_, row) => valueAt(column, row));
}

/** A CSV file of `rows` rows: number, label, amount with cents. */
function csvFile(rows: number, name = 'orders.csv'): File {
  const parts: string[] = ['order,label,amount\n'];
  let text = '';
  for (let i = 0; i < rows; i++) {
    text += `${i},label ${i % 7},${(i % 1000) / 4}\n`;
    if (text.length > 1 << 16) {
      parts.push(text);
      text = '';
    }
  }
  return new File([...parts, text], name);
}

test('keeps every type of column with its missing values', async () => {
  const columns = [
    { name: 'text', column: stringColumn(['a', null, '', '客户']) },
    { name: 'number', column: columnFromValues('number', [1.5, null, -2.25, 1e300]) },
    {
      name: 'money',
      column: { type: 'number', length: 4, values: Int32Array.of(255, 0, -1, 7), scale: 100 } as Column,
    },
    { name: 'integer', column: integerColumn(Float64Array.of(1, Number.NaN, -3, 2 ** 53 - 1)) },
    { name: 'boolean', column: booleanColumn([true, false, true, false]) },
    { name: 'date', column: dateColumn(Int32Array.of(0, -1, 20_000, 5)) },
    { name: 'wall', column: timestampColumn(Float64Array.of(0, 1, 1.5e12, -1)) },
    { name: 'instant', column: timestampColumn(Float64Array.of(0, 60_000, 1.2e12, 0), true) },
  ];
  const { id, rows, columns: metas } = await client.write({ workbook: 'w', name: 'all', columns, source });
  expect(rows).toBe(4);
  expect(metas.map(({ type, missing }) => [type, missing])).toEqual([
    ['string', 1],
    ['number', 1],
    ['number', 0],
    ['integer', 1],
    ['boolean', 0],
    ['date', 0],
    ['timestamp', 0],
    ['timestamp', 0],
  ]);
  const names = columns.map(({ name }) => name);
  const read = await client.readColumns(id, names);
  for (const [i, { column }] of read.entries()) expect(values(column)).toEqual(values(columns[i].column));
  expect(read[7].column).toMatchObject({ type: 'timestamp', zoned: true });
  expect(read[2].column).toMatchObject({ type: 'number', scale: 100 });
  const part = await client.readRows(id, ['text', 'money'], 1, 3);
  expect(part.map(({ column }) => values(column))).toEqual([
    [null, ''],
    [0, -0.01],
  ]);
});

test('imports a file of a million rows with progress, and reads any part of it', async () => {
  const seen: number[] = [];
  const rows = 1_000_000;
  const { meta, rejects } = await client.importFile(
    csvFile(rows),
    { workbook: 'w' },
    { onProgress: (progress) => seen.push(progress.rows) },
  );
  expect(meta).toMatchObject({ name: 'orders', rows, version: 1, rejects: 0 });
  expect(rejects.count).toBe(0);
  expect(seen.length).toBeGreaterThan(3);
  expect(meta.columns.map(({ type }) => type)).toEqual(['integer', 'string', 'number']);
  const [{ column: amount }] = await client.readColumns(meta.id, ['amount']);
  let sum = 0;
  if (amount.type === 'number') for (let i = 0; i < rows; i++) sum += amount.values[i];
  // A thousand cycles of 0 … 999 quarters, in hundredths.
  expect(sum).toBe((1000 * ((999 * 1000) / 2) * 100) / 4);
  const [{ column: order }] = await client.readRows(meta.id, ['order'], 999_990, 2_000_000);
  expect(values(order)).toEqual([
    999_990, 999_991, 999_992, 999_993, 999_994, 999_995, 999_996, 999_997, 999_998, 999_999,
  ]);
  expect(meta.bytes / rows).toBeLessThan(12);
});

test('shows cells as their row groups arrive and stays within its budget', async () => {
  const { meta } = await client.importFile(csvFile(200_000), { workbook: 'w', name: 'wide' });
  const view = await openTableView(client, meta.id, { budget: 1_000_000 });
  expect(view.rows).toBe(200_000);
  expect(view.cell(199_999, 1)).toBeUndefined();
  const range = await new Promise((resolve) => view.onLoaded(resolve));
  expect(range).toEqual({ rowStart: 196_608, rowEnd: 200_000, column: 1 });
  expect(view.cell(199_999, 1)).toBe(`label ${199_999 % 7}`);
  for (let row = 0; row < 200_000; row += 50_000) {
    while (view.cell(row, 0) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(view.cell(row, 0)).toBe(row);
  }
  expect((await view.column('amount')).length).toBe(200_000);
  view.dispose();
});

test('makes a new version, takes it back and brings it back', async () => {
  const column = (...texts: string[]) => [{ name: 'c', column: stringColumn(texts) }];
  const { id } = await client.write({ workbook: 'w', name: 't', columns: column('old'), source });
  const changes: string[] = [];
  client.onChange(({ kind }) => changes.push(kind));
  const second = await client.write({ workbook: 'w', name: 't', columns: column('new', 'er'), source, tableId: id });
  expect(second.version).toBe(2);
  expect(await client.undo(id)).toMatchObject({ version: 1, rows: 1 });
  expect(await client.undo(id)).toBeNull();
  expect(await client.redo(id)).toMatchObject({ version: 2, rows: 2 });
  await client.undo(id);
  const third = await client.write({ workbook: 'w', name: 't', columns: column('third'), source, tableId: id });
  expect(third.version).toBe(3);
  expect((await client.versions(id)).map(({ version }) => version)).toEqual([1, 3]);
  expect(await client.rename(id, 'renamed')).toMatchObject({ name: 'renamed' });
  expect(await client.list('w')).toHaveLength(1);
  await client.remove(id);
  expect(await client.list()).toEqual([]);
  const left = await openDB(database);
  expect(await left.count('chunks')).toBe(0);
  left.close();
  expect(changes).toEqual(['written', 'written', 'written', 'written', 'written', 'renamed', 'removed']);
});

test('keeps what was set aside', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i},${i === 1500 ? 'lots' : i}`);
  const { meta } = await client.importFile(new File([`row,amount\n${rows.join('\n')}\n`], 'a.csv'), { workbook: 'w' });
  expect(meta.rejects).toBe(1);
  const rejects = await client.rejects(meta.id);
  expect(rejects.columns.map(({ column }) => values(column)[0])).toEqual([
    1502,
    'amount',
    'lots',
    'not-a-number',
    1500,
  ]);
});

test('names a damaged chunk rather than reading it', async () => {
  const { meta } = await client.importFile(csvFile(70_000), { workbook: 'w', name: 'orders' });
  const raw = await openDB(database);
  const keys = await raw.getAllKeys('chunks');
  const key = keys.find((candidate) => (candidate as unknown as number[])[1] === 2) as IDBValidKey;
  const buffer: ArrayBuffer = await raw.get('chunks', key);
  new Uint8Array(buffer)[1000] ^= 4;
  await raw.put('chunks', buffer, key);
  raw.close();
  await expect(client.readColumns(meta.id, ['amount'])).rejects.toThrow(
    /column 'amount' of table 'orders' is damaged \(row group 1 of 2\)/,
  );
  expect(await client.readColumns(meta.id, ['order'])).toHaveLength(1);
});

test('cancels an import and leaves nothing of it', async () => {
  const controller = new AbortController();
  const run = client.importFile(
    csvFile(1_000_000),
    { workbook: 'w' },
    { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
  );
  await expect(run).rejects.toThrow('enough');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await client.list()).toEqual([]);
  await client.start();
  const raw = await openDB(database);
  expect([await raw.count('chunks'), await raw.count('writes')]).toEqual([0, 0]);
  raw.close();
});

test('survives a kill at any point of an import: the old version is whole and the orphan is swept', async () => {
  const { meta: before } = await client.importFile(csvFile(1000), { workbook: 'w', name: 'orders' });
  const file = csvFile(600_000, 'next.csv');
  // The kills are spread over the length that a whole import takes on this machine.
  const start = performance.now();
  const { meta: whole } = await client.importFile(file, { workbook: 'other' });
  const length = performance.now() - start;
  await client.remove(whole.id);
  const attempts = 12;
  let killed = 0;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const doomed = new TablesClient({ database });
    const run = doomed.importFile(file, { workbook: 'w', tableId: before.id });
    const outcome = run.then(
      () => 'done',
      (error: unknown) => (error instanceof TableError ? error.code : String(error)),
    );
    await new Promise((resolve) => setTimeout(resolve, (length * attempt) / attempts));
    doomed.close();
    if ((await outcome) === 'closed') killed++;
    // The lock of a terminated worker is given back a moment later.
    let swept = await client.start();
    for (let wait = 0; wait < 20 && swept.length === 0; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      swept = await client.start();
    }
    for (const { sourceName, tableName } of swept) expect([sourceName, tableName]).toEqual(['next.csv', 'orders']);
    const [now] = await client.list('w');
    expect([1000, 600_000]).toContain(now.rows);
    const [{ column }] = await client.readColumns(now.id, ['amount']);
    expect(column.length).toBe(now.rows);
    const raw = await openDB(database);
    expect(await raw.count('writes')).toBe(0);
    const kept = new Set(
      (await raw.getAll('versions')).flatMap((version) => version.columns.map((one: { batch: string }) => one.batch)),
    );
    const batches = new Set((await raw.getAllKeys('chunks')).map((key) => (key as [string])[0]));
    expect([...batches].every((batch) => kept.has(batch))).toBe(true);
    raw.close();
    while (await client.undo(before.id)) {
      // Back to the first version for the next attempt.
    }
  }
  expect(killed).toBeGreaterThan(3);
});

test('appends next month to a table as a new version that can be taken back', async () => {
  const may = new File(['order_no,amount,day\n1,2,2011-05-01\n2,3,2011-05-02\n'], 'may.csv');
  const june = new File(['day,order_no,amount,note\n2011-06-01,3,4.5,new\n2011-06-02,1,,\n'], 'june.csv');
  const { meta: before } = await client.importFile(may, { workbook: 'w', name: 'orders' });
  const { meta } = await client.importFile(june, { workbook: 'w', tableId: before.id, mode: 'append' });
  expect(meta).toMatchObject({ id: before.id, version: 2, rows: 4, name: 'orders' });
  expect(meta.source.details).toMatchObject({ from: { version: 1 }, counts: { rowsBefore: 2, added: 2 } });
  expect(meta.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'order_no string',
    'amount number',
    'day date',
    'note string',
  ]);
  const read = await client.readColumns(
    meta.id,
    meta.columns.map(({ name }) => name),
  );
  expect(read.map(({ column }) => values(column))).toEqual([
    ['1', '2', '3', '1'],
    [2, 3, 4.5, null],
    ['2011-05-01', '2011-05-02', '2011-06-01', '2011-06-02'],
    [null, null, 'new', null],
  ]);
  expect(await client.undo(meta.id)).toMatchObject({ version: 1, rows: 2 });
});

test('appends to a table of several row groups', async () => {
  const { meta: before } = await client.importFile(csvFile(150_000), { workbook: 'w', name: 'orders' });
  const { meta } = await client.importFile(csvFile(100_000), { workbook: 'w', tableId: before.id, mode: 'append' });
  expect(meta.rows).toBe(250_000);
  const [{ column: order }, { column: label }] = await client.readColumns(meta.id, ['order', 'label']);
  for (const row of [0, 65_536, 149_999])
    expect([valueAt(order, row), valueAt(label, row)]).toEqual([row, `label ${row % 7}`]);
  for (const row of [0, 65_536, 99_999]) expect(valueAt(order, 150_000 + row)).toBe(row);
});

test('filters and orders rows by index, shows them, and describes a column', async () => {
  const { meta } = await client.importFile(csvFile(150_000), { workbook: 'w', name: 'orders' });
  const index = await client.queries.rowIndex(meta.id, {
    filters: [
      { column: 'label', operator: 'equals', value: 'label 3' },
      { column: 'amount', operator: 'at-least', value: 249.75 },
    ],
    sort: [{ column: 'order', descending: true }],
  });
  const expected = Array.from({ length: 150_000 }, (_, i) => i).filter((i) => i % 7 === 3 && i % 1000 === 999);
  expect([...index]).toEqual(expected.reverse());
  const view = await openTableView(client, meta.id);
  while (view.pick(index, 0, 0) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(Array.from(index, (_, place) => view.pick(index, place, 0))).toEqual(expected);
  while (view.pick(index, 0, 1) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  view.dispose();
  expect(await client.queries.statistics(meta.id, { column: 'label' })).toMatchObject({
    distinct: 7,
    missing: 0,
    minimum: 'label 0',
  });
  const aborted = client.queries.rowIndex(
    meta.id,
    { sort: [{ column: 'amount' }] },
    { signal: AbortSignal.timeout(0) },
  );
  await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('ends waiting calls when it is closed', async () => {
  const waiting = client.list();
  client.close();
  await expect(waiting).rejects.toMatchObject({ code: 'closed' });
  await expect(client.list()).rejects.toMatchObject({ code: 'closed' });
});

test('exports CSV that a spreadsheet reads as it stands and runs no formula', async () => {
  const columns = [
    { name: 'who', column: stringColumn(['=1+1', '-5', '客户,甲', null]) },
    { name: 'amount', column: columnFromValues('number', [-1.5, 2, null, 4]) },
  ];
  const { id } = await client.write({ workbook: 'w', name: 't', columns, source });
  const bytes = new Uint8Array(await (await client.exportCsv(id)).arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = new TextDecoder().decode(bytes);
  expect(text).toBe('who,amount\r\n\'=1+1,-1.5\r\n"-5",2\r\n"客户,甲",\r\n,4\r\n');
});
