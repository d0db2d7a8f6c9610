import { gzipSync } from 'node:zlib';
import { type CellValue, type Column, valueAt } from '@patron/sdk';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { writeXlsx } from 'hucre/xlsx';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { bytesSource, textSource } from '../file-source.ts';
import { previewFile } from '../preview-file.ts';
import { readTable } from '../read-table.ts';

const values = (column: Column): CellValue[] => Array.from({ length: column.length }, (_, row) => valueAt(column, row));

async function read(name: string, bytes: Uint8Array | string) {
  const source = typeof bytes === 'string' ? textSource(name, bytes) : bytesSource(name, Uint8Array.from(bytes));
  const { table, detection, rejects } = await readTable(source);
  const columns = Object.fromEntries(table.columns.map(({ name, column }) => [name, values(column)]));
  const types = Object.fromEntries(table.columns.map(({ name, column }) => [name, column.type]));
  return { columns, types, detection, rejects };
}

describe('JSON lines', () => {
  it('types the values, spreads objects, keeps long numbers and sets bad lines aside', async () => {
    const { columns, types, detection, rejects } = await read(
      'orders.jsonl',
      '{"id":"007","at":"2024-01-05T10:00:00Z","paid":12.5,"who":{"name":"李 \\"雷\\"","vip":true}}\n' +
        'not json\n' +
        '{"id":"008","at":null,"paid":3,"ref":110101199003078515,"tags":["a","b"]}\n',
    );
    expect(detection.format).toBe('json-lines');
    expect(types).toMatchObject({ id: 'string', at: 'timestamp', paid: 'number', 'who.vip': 'boolean', ref: 'string' });
    expect(columns).toMatchObject({
      id: ['007', '008'],
      at: ['2024-01-05T10:00:00Z', null],
      paid: [12.5, 3],
      'who.name': ['李 "雷"', null],
      ref: [null, '110101199003078515'],
      tags: [null, '["a","b"]'],
    });
    expect(rejects).toMatchObject({ count: 1, byReason: { 'not-a-record': 1 } });
    expect(values(rejects.columns[0].column)).toEqual([2]);
  });
});

describe('JSON', () => {
  it('lists the lists of an object, takes the longest, and reads columns and single records', async () => {
    const text = JSON.stringify({ schema: { fields: [{ name: 'a' }] }, data: [{ a: 1 }, { a: 2 }], notes: ['x'] });
    const { columns, detection } = await read('api.json', text);
    expect(columns).toEqual({ a: [1, 2] });
    expect(detection).toMatchObject({ parts: ['schema.fields', 'data', 'notes'], part: 'data' });
    expect((await read('columns.json', '{"a":[1,2],"b":["x",null]}')).columns).toEqual({ a: [1, 2], b: ['x', null] });
    expect((await read('one.json', '{\n"a":1,\n"b":{"c":"x"}}')).columns).toEqual({ a: [1], 'b.c': ['x'] });
    expect((await read('rows.json', '[["x",1],["y",2]]')).columns).toEqual({ column1: ['x', 'y'], column2: [1, 2] });
  });

  it('says which record a value that is set aside comes from', async () => {
    const records = Array.from({ length: 30 }, (_, index) => ({
      text: `a\n${index}`,
      day: `2024-01-${10 + (index % 9)}`,
    }));
    const text = JSON.stringify([...records.slice(0, 20), { text: 'x', day: 'soon' }, ...records.slice(20)]);
    const { rejects } = await readTable(textSource('days.json', text), { columns: { day: { type: 'date' } } });
    expect(rejects.columns.map(({ column }) => valueAt(column, 0))).toEqual([21, 'day', 'soon', 'not-a-date', 20]);
  });

  it('reads the list at the top and the first list inside an object', async () => {
    const list = JSON.stringify([{ a: 1 }, { a: 2, b: 'x' }]);
    expect((await read('a.json', list)).columns).toEqual({ a: [1, 2], b: [null, 'x'] });
    expect((await read('a.json', `{"ok":true,"data":${list}}`)).columns).toEqual({ a: [1, 2], b: [null, 'x'] });
  });

  it('names the file where the text ends in the middle', async () => {
    await expect(read('cut.json', '[{"a":1},{"a"')).rejects.toThrow("'cut.json' is no whole JSON");
  });
});

describe('XLSX', () => {
  it('reads typed cells, leaves out title lines and keeps texts that look like numbers', async () => {
    const bytes = await writeXlsx({
      sheets: [
        { name: 'Empty', rows: [] },
        {
          name: '订单',
          rows: [
            ['三月订单'],
            [],
            ['编号', '日期', '金额', '件数'],
            ['0012', new Date(Date.UTC(2024, 2, 1)), 12.55, 3],
            ['0013', new Date(Date.UTC(2024, 2, 2)), null, 4],
          ],
        },
      ],
    });
    const { columns, types, detection } = await read('orders.xlsx', bytes as Uint8Array);
    expect(detection).toMatchObject({ format: 'xlsx', parts: ['Empty', '订单'] });
    expect(types).toEqual({ 编号: 'string', 日期: 'date', 金额: 'number', 件数: 'integer' });
    expect(columns).toEqual({
      编号: ['0012', '0013'],
      日期: ['2024-03-01', '2024-03-02'],
      金额: [12.55, null],
      件数: [3, 4],
    });
  });

  it('names the file where it is damaged', async () => {
    const bytes = Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9, 9, 9);
    await expect(read('bad.xlsx', bytes)).rejects.toThrow("'bad.xlsx' is damaged");
  });
});

describe('Parquet', () => {
  it('keeps types, nulls and days', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ['007', null, 'x'], type: 'STRING' },
        { name: 'n', data: Int32Array.of(1, -2, 3), type: 'INT32' },
        { name: 'x', data: [1.5, null, -0.25], type: 'DOUBLE' },
        { name: 'ok', data: [true, false, null], type: 'BOOLEAN' },
        { name: 'at', data: [new Date(0), new Date(1e12), null], type: 'TIMESTAMP' },
        { name: 'big', data: [2n ** 60n, 1n, 2n], type: 'INT64' },
      ],
    });
    const { columns, types } = await read('t.parquet', new Uint8Array(buffer));
    expect(types).toMatchObject({
      id: 'string',
      n: 'integer',
      x: 'number',
      ok: 'boolean',
      at: 'timestamp',
      big: 'string',
    });
    expect(columns).toMatchObject({
      id: ['007', null, 'x'],
      n: [1, -2, 3],
      x: [1.5, null, -0.25],
      ok: [true, false, null],
      big: ['1152921504606846976', '1', '2'],
    });
  });
});

describe('Arrow', () => {
  it('reads files and streams', async () => {
    const table = tableFromArrays({ id: ['a', 'b', 'a'], n: Int32Array.of(1, 2, 3), x: Float64Array.of(0.5, 1, 2) });
    for (const kind of ['file', 'stream'] as const) {
      const { columns } = await read('t.arrow', tableToIPC(table, kind));
      expect(columns).toEqual({ id: ['a', 'b', 'a'], n: [1, 2, 3], x: [0.5, 1, 2] });
    }
  });
});

describe('other files', () => {
  it('are named for what they are not', async () => {
    await expect(read('old.feather', 'FEA1....')).rejects.toThrow("'old.feather' is a Feather file of version 1");
    const picture = Uint8Array.from({ length: 400 }, (_, index) => (index * 97) % 256);
    await expect(read('picture.csv', picture)).rejects.toThrow("'picture.csv' is no text");
  });
});

describe('gzip', () => {
  it('unpacks any of them', async () => {
    expect((await read('t.csv.gz', gzipSync('a,b\n1,x\n2,y\n'))).columns).toEqual({ a: [1, 2], b: ['x', 'y'] });
    expect((await read('t.jsonl.gz', gzipSync('{"a":1}\n{"a":2}\n'))).columns).toEqual({ a: [1, 2] });
  });

  it('names the file where it is cut short', async () => {
    const cut = gzipSync('a,b\n1,x\n2,y\n'.repeat(1000)).subarray(0, 60);
    await expect(read('t.csv.gz', cut)).rejects.toThrow("'t.csv.gz' is damaged or cut short");
  });
});

describe('previewFile', () => {
  it('shows the first rows of every format', async () => {
    const parquet = parquetWriteBuffer({ columnData: [{ name: 'n', data: Int32Array.of(1, 2, 3), type: 'INT32' }] });
    const preview = await previewFile(bytesSource('t.parquet', new Uint8Array(parquet)));
    expect(preview).toMatchObject({ rows: [[1], [2], [3]], estimatedRows: 3, detection: { format: 'parquet' } });
    const list = JSON.stringify(
      Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'as long as any other '.repeat(4) })),
    );
    const { estimatedRows } = await previewFile(textSource('long.json', list));
    expect(estimatedRows).toBeGreaterThan(16_000);
    expect(estimatedRows).toBeLessThan(24_000);
    expect((await previewFile(textSource('t.jsonl', '{"a":1}\n{"a":2}\n'))).rows).toEqual([[1], [2]]);
  });
});
