import { existsSync, openAsBlob } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type CellValue, type Column, numberAt, textAt, valueAt } from '@patron/sdk';
import { describe, expect, test } from 'vitest';
import { blobSource, bytesSource, type FileSource, textSource } from './file-source.ts';
import type { ImportOptions, ReadResult } from './import-options.ts';
import { readTable } from './read-table.ts';
import { TableError } from './table-error.ts';

const shared = resolve(process.env.PATRON_SHARED ?? resolve(import.meta.dirname, '../../../shared'), 'data');
// biome-ignore lint/suspicious/noConsole: a skipped test says why.
if (!existsSync(shared)) console.warn(`Tests of real files are skipped: there is no '${shared}'.`);

async function readShared(path: string): Promise<ReadResult> {
  const file = resolve(shared, path);
  return await readTable(blobSource(await openAsBlob(file), basename(file)));
}

function column({ table }: ReadResult, name: string): Column {
  const found = table.columns.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no column '${name}'.`);
  return found.column;
}

function values(column: Column): CellValue[] {
  return Array.from({ length: column.length }, (_, row) => valueAt(column, row));
}

const types = ({ meta }: ReadResult): string[] => meta.map(({ type }) => type);
const read = (text: string, options?: ImportOptions): Promise<ReadResult> =>
  readTable(textSource('a.csv', text), options);

function rejects(result: ReadResult): CellValue[][] {
  const { columns, rows } = result.rejects;
  return Array.from({ length: rows }, (_, row) => columns.slice(0, 4).map(({ column }) => valueAt(column, row)));
}

/** A file of repeated bytes that is never held as a whole. */
function longFile(size: number, head: string, fill: string): FileSource {
  const first = new TextEncoder().encode(head);
  return {
    name: 'long.csv',
    size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start).fill(fill.charCodeAt(0));
      if (start < first.length) bytes.set(first.subarray(start, end));
      return bytes;
    },
  };
}

describe.skipIf(!existsSync(shared))('real files', () => {
  test('opens Online Retail: all rows, identifiers as text, exact revenue', async () => {
    const result = await readShared('online_retail/online_retail.csv');
    expect(result.table.rows).toBe(541_909);
    expect(
      result.meta.map(({ name, type, missing, distinct, scale }) => [name, type, missing, distinct ?? scale]),
    ).toEqual([
      ['InvoiceNo', 'string', 0, 25_900],
      ['StockCode', 'string', 0, 4070],
      ['Description', 'string', 1454, 4211],
      ['Quantity', 'integer', 0, undefined],
      ['InvoiceDate', 'timestamp', 0, undefined],
      ['UnitPrice', 'number', 0, 1000],
      ['CustomerID', 'string', 135_080, 4372],
      ['Country', 'string', 0, 38],
    ]);
    expect(result.rejects.count).toBe(0);
    const [invoice, quantity, price, customer, date] = [
      'InvoiceNo',
      'Quantity',
      'UnitPrice',
      'CustomerID',
      'InvoiceDate',
    ].map((name) => column(result, name));
    let thousandths = 0;
    let used = 0;
    for (let i = 0; i < result.table.rows; i++) {
      const count = numberAt(quantity, i);
      if (textAt(customer, i) === null || textAt(invoice, i)?.startsWith('C') || count <= 0 || numberAt(price, i) <= 0)
        continue;
      used++;
      thousandths += count * Math.round(numberAt(price, i) * 1000);
    }
    expect(used).toBe(397_884);
    expect(thousandths).toBe(8_911_407_904);
    expect(date).toMatchObject({ zoned: false, unit: 60_000 });
    expect(valueAt(date, 0)).toBe('2010-12-01T08:26:00');
    expect(valueAt(column(result, 'Description'), 0)).toBe('WHITE HANGING HEART T-LIGHT HOLDER');
    expect(values(column(result, 'Description')).filter((text) => String(text).includes('"')).length).toBeGreaterThan(
      0,
    );
  });

  test('opens the CDNOW sample: five columns set apart by blanks, leading zeros kept, days read', async () => {
    const result = await readShared('cdnow/CDNOW_sample.txt');
    expect(result.table.rows).toBe(6919);
    expect(result.meta.map(({ name, type }) => [name, type])).toEqual([
      ['column1', 'string'],
      ['column2', 'string'],
      ['column3', 'date'],
      ['column4', 'integer'],
      ['column5', 'number'],
    ]);
    expect(result.table.columns.map(({ column }) => valueAt(column, 0))).toEqual([
      '00004',
      '0001',
      '1997-01-01',
      2,
      29.33,
    ]);
    expect(result.meta[0].distinct).toBe(2357);
    expect(result.detection).toMatchObject({ layout: 'whitespace', header: false });
  });

  test('opens the sepsis log: texts, truth values, quoted decimals as numbers', async () => {
    const result = await readShared('events/sepsis.csv');
    expect(result.table.rows).toBe(15_214);
    expect(column(result, 'leucocytes')).toMatchObject({ type: 'number', scale: 10 });
    expect(column(result, 'hypoxie').type).toBe('boolean');
    expect(column(result, 'timestamp')).toMatchObject({ type: 'timestamp', zoned: false });
    expect(result.meta.find(({ name }) => name === 'activity')?.distinct).toBe(16);
    // Case NA has lost its name in the file itself.
    expect(result.meta[0]).toMatchObject({ name: 'case_id', missing: 24, distinct: 1049 });
  });

  test('opens the telco churn table: eleven blank charges are no value, Yes and No stay labels', async () => {
    const result = await readShared('telco/WA_Fn-UseC_-Telco-Customer-Churn.csv');
    expect([result.table.rows, result.table.columns.length]).toEqual([7043, 21]);
    expect(result.meta.find(({ name }) => name === 'TotalCharges')).toMatchObject({
      type: 'number',
      missing: 11,
      scale: 100,
    });
    expect(values(column(result, 'Churn')).filter((churn) => churn === 'Yes')).toHaveLength(1869);
    expect(result.rejects.count).toBe(0);
  });

  test.each([
    ['cdnow/cdnow_customers_summary.csv', 2357, 'string integer number number'],
    ['clv/donations.csv', 22, 'integer integer integer integer'],
    ['clv/sbg_fader_hardie_2007_survivors.csv', 13, 'integer number number'],
    ['survival/rossi.csv', 432, 'integer integer integer integer integer integer integer integer integer'],
    ['survival/waltons_dataset.csv', 163, 'number integer string'],
    ['survival/lung.csv', 228, 'number integer integer integer integer number number number number number'],
  ])('opens %s', async (path, rows, expected) => {
    const result = await readShared(path);
    expect(result.table.rows).toBe(rows);
    expect(types(result).join(' ')).toBe(expected);
    expect(result.rejects.count).toBe(0);
  });
});

describe('types', () => {
  test('keeps identifiers as text: leading zeros, long digits, phone numbers, names', async () => {
    const result = await read(
      'zip,card,mobile,会员编号,order_no,qty\n01234,6222021234567890123,13812345678,10001,7,7\n99999,6222021234567890124,15912345678,10002,8,8\n',
    );
    expect(types(result)).toEqual(['string', 'string', 'string', 'string', 'string', 'integer']);
    expect(result.detection.columns.map(({ keptAsText }) => keptAsText)).toEqual([
      'leading-zeros',
      'long-digits',
      'phone',
      'name',
      'name',
      undefined,
    ]);
    expect(valueAt(column(result, 'card'), 0)).toBe('6222021234567890123');
  });

  test('lets a leading zero far down the file settle the whole column, with every text as it was', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i === 90_000 ? '007' : i},x`);
    const result = await read(`value,other\n${lines.join('\n')}`);
    const kept = column(result, 'value');
    expect(kept.type).toBe('string');
    expect([valueAt(kept, 7), valueAt(kept, 90_000), valueAt(kept, 99_999)]).toEqual(['7', '007', '99999']);
    expect(result.rejects.count).toBe(0);
  });

  test('sets one wrong value among half a million aside, with its line', async () => {
    const lines = Array.from({ length: 500_000 }, (_, i) =>
      i === 400_000 ? 'oops,2011-01-05' : `${i / 100},2011-01-05`,
    );
    const result = await read(`amount,day\n${lines.join('\n')}\n`);
    expect(types(result)).toEqual(['number', 'date']);
    expect(rejects(result)).toEqual([[400_002, 'amount', 'oops', 'not-a-number']]);
    expect(valueAt(column(result, 'amount'), 400_000)).toBeNull();
    expect(valueAt(column(result, 'amount'), 499_999)).toBe(4999.99);
  });

  test('keeps a column of numbers and words as text', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 100 === 99 ? 'many' : i));
    const result = await read(`n\n${lines.join('\n')}\n`);
    expect(types(result)).toEqual(['string']);
    expect(valueAt(column(result, 'n'), 99)).toBe('many');
  });

  test('settles day and month by the value above 12, wherever it stands', async () => {
    const early = await read('d\n25/01/2011\n03/02/2011\n');
    expect(values(column(early, 'd'))).toEqual(['2011-01-25', '2011-02-03']);
    const lines = Array.from({ length: 30_000 }, (_, i) => `0${(i % 9) + 1}/0${(i % 7) + 1}/2011`);
    lines[29_000] = '31/01/2011';
    const late = await read(`d\n${lines.join('\n')}\n`);
    expect(valueAt(column(late, 'd'), 29_000)).toBe('2011-01-31');
    expect(valueAt(column(late, 'd'), 1)).toBe('2011-02-02');
    expect(late.detection.columns[0]).toMatchObject({ dateOrder: 'day-month', dateOrderFrom: 'values' });
    expect(late.rejects.count).toBe(0);
  });

  test('settles day and month by the order of the rows where no value does', async () => {
    const result = await read('d\n01/02/2011\n03/02/2011\n05/02/2011\n02/03/2011\n04/03/2011\n');
    expect(result.detection.columns[0]).toMatchObject({ dateOrder: 'day-month', dateOrderFrom: 'row-order' });
    const chosen = await read('d\n01/02/2011\n03/02/2011\n', { columns: { d: { dateOrder: 'month-day' } } });
    expect(values(column(chosen, 'd'))).toEqual(['2011-01-02', '2011-03-02']);
  });

  test('tells instants from wall-clock readings', async () => {
    const result = await read(
      'a,b\n2011-01-05T08:00:00+08:00,2011-01-05 08:00\n2011-01-05T00:00:00Z,2011-01-05 09:30\n',
    );
    expect(column(result, 'a')).toMatchObject({ type: 'timestamp', zoned: true });
    expect(values(column(result, 'a'))).toEqual(['2011-01-05T00:00:00Z', '2011-01-05T00:00:00Z']);
    expect(column(result, 'b')).toMatchObject({ type: 'timestamp', zoned: false, unit: 60_000 });
    expect(values(column(result, 'b'))).toEqual(['2011-01-05T08:00:00', '2011-01-05T09:30:00']);
  });

  test('understands money, percent, thousands and Chinese units', async () => {
    const result = await read('price;share;sales\n¥1,234.50;12.5%;1.2万\n¥88;0.1%;3亿\n;;－５\n');
    expect(types(result)).toEqual(['number', 'number', 'integer']);
    expect(values(column(result, 'price'))).toEqual([1234.5, 88, null]);
    expect(values(column(result, 'share'))).toEqual([0.125, 0.001, null]);
    expect(values(column(result, 'sales'))).toEqual([12_000, 300_000_000, -5]);
    expect(result.meta.map(({ unit }) => unit)).toEqual(['¥', '%', undefined]);
  });

  test('understands a decimal comma', async () => {
    const result = await read('name;amount\na;1.234,56\nb;0,5\n');
    expect(values(column(result, 'amount'))).toEqual([1234.56, 0.5]);
    expect(result.detection).toMatchObject({ delimiter: ';', decimal: ',' });
  });

  test('keeps many decimals as doubles and few as exact decimals', async () => {
    const result = await read('a,b,c\n0.1234567891,0.1,1e3\n3.25,0.25,2\n');
    expect(result.meta.map(({ scale }) => scale)).toEqual([1, 100, 1]);
    expect(values(column(result, 'a'))).toEqual([0.1234567891, 3.25]);
  });

  test('knows what stands for no value, and that quotes mean the text', async () => {
    const result = await read('n,t,q\n1,NA,"NA"\nnull,x,\n-,,"a"\nNaN,n/a,NULL\n');
    expect(values(column(result, 'n'))).toEqual([1, null, null, null]);
    expect(values(column(result, 't'))).toEqual([null, 'x', null, null]);
    expect(values(column(result, 'q'))).toEqual(['NA', null, 'a', null]);
    expect(result.rejects.count).toBe(0);
    const own = await read('n,t\n1,NA\n?,x\n', { nullTokens: ['?'] });
    expect(values(column(own, 'n'))).toEqual([1, null]);
    expect(values(column(own, 't'))).toEqual(['NA', 'x']);
  });

  test('finds the type of a column that is empty for a long while', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${i < 15_000 ? '' : `2011-01-${10 + (i % 10)}`}`);
    const result = await read(`i,d\n${lines.join('\n')}\n`);
    expect(types(result)).toEqual(['integer', 'date']);
    expect(result.meta[1].missing).toBe(15_000);
  });

  test('does as the user chose', async () => {
    const result = await read('a,b,c,d\n1,x,2,Yes\n2,y,3.5,No\nz,y,4,maybe\n', {
      columns: {
        a: { type: 'integer', name: 'number' },
        b: { skip: true },
        c: { type: 'integer' },
        d: { type: 'boolean' },
      },
    });
    expect(result.meta.map(({ name, type }) => [name, type])).toEqual([
      ['number', 'integer'],
      ['c', 'integer'],
      ['d', 'boolean'],
    ]);
    expect(result.table.columns.map(({ column }) => values(column))).toEqual([
      [1, 2, null],
      [2, null, 4],
      [true, false, null],
    ]);
    expect(rejects(result)).toEqual([
      [3, 'c', '3.5', 'not-an-integer'],
      [4, 'number', 'z', 'not-a-number'],
      [4, 'd', 'maybe', 'not-a-boolean'],
    ]);
  });
});

describe('encodings', () => {
  // 客户,金额 / 张三,12 in GB18030.
  const chinese = [
    0xbf, 0xcd, 0xbb, 0xa7, 0x2c, 0xbd, 0xf0, 0xb6, 0xee, 0x0a, 0xd5, 0xc5, 0xc8, 0xfd, 0x2c, 0x31, 0x32, 0x0a,
  ];

  test('reads GB18030, UTF-16 and UTF-8 with and without a mark', async () => {
    const gb = await readTable(bytesSource('a.csv', Uint8Array.from(chinese)));
    expect(gb.detection).toMatchObject({ encoding: 'gb18030', encodingFrom: 'fallback' });
    expect(gb.table.columns.map(({ name, column }) => [name, valueAt(column, 0)])).toEqual([
      ['客户', '张三'],
      ['金额', 12],
    ]);
    const text = '客户,金额\r\n张三,12\r\n';
    const utf16 = Uint8Array.from([
      0xff,
      0xfe,
      ...[...text].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]),
    ]);
    const wide = await readTable(bytesSource('a.csv', utf16));
    expect(wide.detection).toMatchObject({ encoding: 'utf-16le', encodingFrom: 'bom' });
    expect(valueAt(column(wide, '客户'), 0)).toBe('张三');
    expect(valueAt(column(await read(`\ufeff${text}`), '客户'), 0)).toBe('张三');
  });

  test('finds GB18030 far behind a head of plain ASCII', async () => {
    const head = new TextEncoder().encode(`name,n\n${'plain,1\n'.repeat(60_000)}`);
    const bytes = new Uint8Array(head.length + 7);
    bytes.set(head);
    bytes.set([0xd5, 0xc5, 0xc8, 0xfd, 0x2c, 0x32, 0x0a], head.length);
    const result = await readTable(bytesSource('a.csv', bytes));
    expect(result.detection.encoding).toBe('gb18030');
    expect(result.table.rows).toBe(60_001);
    expect(valueAt(column(result, 'name'), 60_000)).toBe('张三');
    expect(result.rejects.count).toBe(0);
  });

  test('does not give up UTF-8 for one bad byte behind texts that prove it', async () => {
    const text = `name,n\n${'plain,1\n'.repeat(60_000)}张三,2\n李四,3\n王五,4\ncaf?,5\n`;
    const bytes = new TextEncoder().encode(text);
    bytes[bytes.lastIndexOf(63)] = 0xe9;
    const result = await readTable(bytesSource('a.csv', bytes));
    expect(result.detection.encoding).toBe('utf-8');
    expect(valueAt(column(result, 'name'), 60_001)).toBe('李四');
    expect(rejects(result)).toEqual([[60_005, 'name', 'caf\\xE9', 'undecodable']]);
  });

  test('sets bytes aside that are no UTF-8 in a file that is', async () => {
    const bytes = new TextEncoder().encode('name,n\ncafé,1\ncaf?,2\ncaf?,3\n');
    bytes[bytes.indexOf(63)] = 0xe9;
    bytes[bytes.indexOf(63)] = 0xe9;
    const result = await readTable(bytesSource('a.csv', bytes), { encoding: 'utf-8' });
    expect(values(column(result, 'name'))).toEqual(['café', 'caf\ufffd', 'caf\ufffd']);
    expect(rejects(result)).toEqual([
      [3, 'name', 'caf\\xE9', 'undecodable'],
      [4, 'name', 'caf\\xE9', 'undecodable'],
    ]);
  });

  test('refuses an encoding that does not exist', async () => {
    await expect(read('a\n1\n', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'unknown-encoding' });
  });
});

describe('shape', () => {
  test('finds the delimiter and the header', async () => {
    for (const delimiter of [',', ';', '\t', '|']) {
      const result = await read(`${['name', 'when', 'n'].join(delimiter)}\na b${delimiter}2011-01-05${delimiter}3\n`);
      expect(result.detection).toMatchObject({ delimiter, header: true });
      expect(types(result)).toEqual(['string', 'date', 'integer']);
    }
    expect((await read('1,2\n3,4\n')).detection.header).toBe(false);
    expect((await read('month,2010,2011\n1,5,6\n2,7,8\n')).table.columns.map(({ name }) => name)).toEqual([
      'month',
      '2010',
      '2011',
    ]);
    const doubled = await read('a,a,,a\n1,2,3,4\n');
    expect(doubled.table.columns.map(({ name }) => name)).toEqual(['a', 'a (2)', 'column3', 'a (3)']);
  });

  test('cuts lines at fixed positions where blanks stand in the values', async () => {
    const text =
      'ID   Name          Amount\n0001 Ann Lee        12.50\n0002 Bo              3.00\n0003 Cy van Dam    100.25\n';
    const result = await read(text);
    expect(result.detection).toMatchObject({ layout: 'fixed-width', columnStarts: [0, 5, 19] });
    expect(values(column(result, 'Name'))).toEqual(['Ann Lee', 'Bo', 'Cy van Dam']);
    expect(values(column(result, 'Amount'))).toEqual([12.5, 3, 100.25]);
  });

  test('skips lines before the header and reads old Macintosh line ends', async () => {
    const result = await read('Report\nof May\na,b\n1,2\n', { skipLines: 2 });
    expect(values(column(result, 'b'))).toEqual([2]);
    expect(values(column(await read('a,b\r1,2\r3,4\r'), 'b'))).toEqual([2, 4]);
  });

  test('pads short rows and sets what is too long aside', async () => {
    const result = await read('a,b,c\n1,2,3\n4,5\n6,7,8,9,10\n');
    expect(values(column(result, 'c'))).toEqual([3, null, 8]);
    expect(rejects(result)).toEqual([
      [3, null, '4,5', 'too-few-fields'],
      [4, null, '9,10', 'too-many-fields'],
    ]);
  });

  test('names an empty file', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'empty-file', name: 'TableError' });
    await expect(read('\n \r\n')).rejects.toMatchObject({ code: 'empty-file' });
  });

  test('reads a header without rows, one column, and two thousand columns', async () => {
    const none = await read('a,b\n');
    expect([none.table.rows, none.table.columns.map(({ column }) => column.length)]).toEqual([0, [0, 0]]);
    expect(values(column(await read('name\nAnn\n\nBo\n'), 'name'))).toEqual(['Ann', null, 'Bo']);
    const names = Array.from({ length: 2000 }, (_, i) => `c${i}`);
    const row = names.map((_, i) => i);
    const wide = await read(`${names}\n${`${row}\n`.repeat(5000)}`);
    expect([wide.table.rows, wide.table.columns.length]).toEqual([5000, 2000]);
    expect(valueAt(column(wide, 'c1999'), 4999)).toBe(1999);
  });

  test('refuses more columns than a table can have, and a line without end, in words', async () => {
    await expect(read(`${','.repeat(20_000)}\n`)).rejects.toMatchObject({ code: 'too-many-columns' });
    await expect(readTable(longFile(100 << 20, 'a,b\n1,2\n', 'x'))).rejects.toMatchObject({ code: 'line-too-long' });
  });

  test('reads on behind a quote that never closes', async () => {
    const lines = Array.from({ length: 1_200_000 }, (_, i) => `${i},text\n`);
    lines[10] = '10,"open\n';
    const result = await read(`n,t\n${lines.join('')}`);
    expect(result.table.rows).toBe(1_200_000);
    expect(result.rejects.byReason).toEqual({ 'unclosed-quote': 1 });
    expect(valueAt(column(result, 't'), 10)).toBe('"open');
  });
});

describe('the run', () => {
  test('stops when it is told to', async () => {
    const controller = new AbortController();
    const text = 'a,b\n'.repeat(3_000_000);
    const run = readTable(
      textSource('a.csv', text),
      {},
      { signal: controller.signal, onProgress: () => controller.abort(new Error('stop')) },
    );
    await expect(run).rejects.toThrow('stop');
  });

  test('keeps texts that do not repeat end to end, and finds repeats among many', async () => {
    const unique = Array.from({ length: 200_000 }, (_, i) => `comment ${i}`);
    const result = await read(`t,r\n${unique.map((text, i) => `${text},${i % 50_000}x`).join('\n')}`);
    expect(result.meta.map(({ layout, distinct }) => [layout, distinct])).toEqual([
      ['plain', undefined],
      ['dictionary', 50_000],
    ]);
    expect(valueAt(column(result, 't'), 5)).toBe('comment 5');
    expect(valueAt(column(result, 't'), 199_999)).toBe('comment 199999');
  });

  test('throws errors that can be told apart', async () => {
    await expect(read('a\n', { delimiter: '客' })).rejects.toBeInstanceOf(TableError);
    await expect(read('a,b\n1,2\n', { columns: { a: { skip: true }, b: { skip: true } } })).rejects.toMatchObject({
      code: 'no-columns',
    });
  });
});
