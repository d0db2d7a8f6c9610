import { gzipSync } from 'node:zlib';
import { seededRandom } from '@patron/sdk';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exportJsonLines } from '../export/export-json-lines.ts';
import { exportXlsx } from '../export/export-xlsx.ts';
import { memoryGroups } from '../export/table-groups.ts';
import { exportCsv } from '../export-csv.ts';
import { bytesSource, textSource } from '../file-source.ts';
import { readTable } from '../read-table.ts';
import { fuzzTable } from './fuzz-table.ts';

const TURNS = 60;
const LONGEST_MILLISECONDS = 10_000;

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

/** Reads, in bounded time, into a table or an error that names the file. */
async function survives(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<'table' | 'error'> {
  const signal = AbortSignal.timeout(LONGEST_MILLISECONDS);
  try {
    const { table } = await readTable(bytesSource(name, bytes), {}, { signal });
    for (const { column } of table.columns) expect(column.length).toBe(table.rows);
    return 'table';
  } catch (error) {
    expect((error as Error).name, String(error)).toBe('TableError');
    expect((error as Error).message).toContain(name);
    return 'error';
  }
}

const groups = memoryGroups('orders', fuzzTable);
const files: readonly (readonly [string, () => Promise<Uint8Array<ArrayBuffer>>])[] = [
  ['fuzzed.csv', () => bytesOf(exportCsv(fuzzTable))],
  ['fuzzed.jsonl', () => bytesOf(exportJsonLines(groups))],
  ['fuzzed.json', async () => new TextEncoder().encode(JSON.stringify([{ a: 1, b: { c: [1, 2] } }, { a: 'x' }]))],
  ['fuzzed.xlsx', () => bytesOf(exportXlsx(groups))],
  ['fuzzed.csv.gz', async () => new Uint8Array(gzipSync(await bytesOf(exportCsv(fuzzTable))))],
];

describe.each(files)('%s', (name, make) => {
  it('survives any change of bytes', async () => {
    const whole = await make();
    const random = seededRandom(7);
    for (let turn = 0; turn < TURNS; turn++) {
      const bytes = whole.slice();
      const changes = 1 + random.integer(8);
      for (let i = 0; i < changes; i++) bytes[random.integer(bytes.length)] = random.integer(256);
      await survives(name, bytes);
    }
  });

  it('survives being cut short or run over', async () => {
    const whole = await make();
    const random = seededRandom(11);
    for (let turn = 0; turn < TURNS / 2; turn++) {
      await survives(name, whole.slice(0, random.integer(whole.length)));
      const longer = new Uint8Array(whole.length + 100);
      longer.set(whole);
      for (let i = whole.length; i < longer.length; i++) longer[i] = random.integer(256);
      await survives(name, longer);
    }
  });
});

describe('hostile files', () => {
  it('stops at JSON that is nested without end', async () => {
    const depth = 200_000;
    expect(
      await survives('deep.json', new TextEncoder().encode(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
    ).toBeDefined();
    const line = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
    expect(await survives('deep.jsonl', new TextEncoder().encode(`{"a":1}\n${line}`))).toBeDefined();
  });

  it('keeps a record’s own words: "__proto__" is a column like any other', async () => {
    const text = '{"__proto__":{"polluted":1},"constructor":"x"}\n{"a":2}\n';
    const { table } = await readTable(textSource('names.jsonl', text));
    expect(table.columns.map((column) => column.name)).toEqual(['__proto__.polluted', 'constructor', 'a']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('does not follow external entities or blow up on nested ones in a workbook', async () => {
    const sheet =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">' +
      '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' +
      '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>&e;&c;</t></is></c></row></sheetData></worksheet>';
    const text = (content: string) => new TextEncoder().encode(content);
    const bytes = zipSync({
      '[Content_Types].xml': text(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
      ),
      '_rels/.rels': text(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      ),
      'xl/workbook.xml': text(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': text(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      'xl/worksheets/sheet1.xml': text(sheet),
    });
    try {
      const { table } = await readTable(bytesSource('entities.xlsx', Uint8Array.from(bytes)));
      const stored = JSON.stringify(table.columns, (_, value) => (ArrayBuffer.isView(value) ? String(value) : value));
      expect(stored.length).toBeLessThan(10_000);
      const words = table.columns.map(({ column }) =>
        'dictionary' in column ? new TextDecoder().decode(column.dictionary.bytes) : '',
      );
      expect(words.join()).not.toContain('root:');
    } catch (error) {
      expect((error as Error).name).toBe('TableError');
    }
  });

  it('does not unpack a bomb: a small file of two gigabytes of nothing', async () => {
    // 2.1 GB of zeros in members of 50 MB each, 50 KB packed; gzip members follow one another in one file.
    const member = gzipSync(Buffer.alloc(50_000_000, 10));
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 43 }, () => member)));
    expect(await survives('bomb.csv.gz', bomb)).toBe('error');
  }, 60_000);

  it('takes a zip with a path that leaves the folder for what it is: no workbook', async () => {
    const bytes = zipSync({
      '../../etc/passwd': new TextEncoder().encode('x'),
      'xl/workbook.xml': new TextEncoder().encode('<'),
    });
    expect(await survives('slip.xlsx', Uint8Array.from(bytes))).toBe('error');
  });
});
