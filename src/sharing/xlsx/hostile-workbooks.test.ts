import { seededRandom } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { type FixtureWorkbook, fixtureRow, fixtureWorkbook } from '../../tables/formats/xlsx/fixture-workbook.ts';
import { bytesSource, previewFile, readTable } from '../../tables/index.ts';
import { readSheets } from './read-sheets.ts';

const LONGEST_MILLISECONDS = 20_000;
const cell = (xml: string): string => `<sheetData><row r="1">${xml}</row></sheetData>`;
const text = (words: string): string => `<c r="A1" t="inlineStr"><is><t>${words}</t></is></c>`;

/** Reads a file as a table, as a preview and as a sheet: each ends, in time, with a result or an error that says what is wrong. */
async function outcomes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Record<'table' | 'sheet', string>> {
  const outcome = async (read: () => Promise<unknown>): Promise<string> => {
    const started = performance.now();
    try {
      await read();
      return 'read';
    } catch (error) {
      const { name: kind, message } = error as Error;
      expect(['TableError', 'SheetTooLargeError'], String((error as Error).stack)).toContain(kind);
      if (kind === 'TableError') expect(message).toContain(`'${name}'`);
      return message;
    } finally {
      expect(performance.now() - started).toBeLessThan(LONGEST_MILLISECONDS);
    }
  };
  const source = bytesSource(name, bytes);
  const setting = { parts: ['S'], taken: [], functions: ['SUM'], names: [], stylePrefix: '' };
  await outcome(() => previewFile(source));
  return {
    table: await outcome(() => readTable(source)),
    sheet: await outcome(() => readSheets(source, setting, () => undefined)),
  };
}

const hostile = (workbook: Partial<FixtureWorkbook>): Promise<Record<'table' | 'sheet', string>> =>
  outcomes('evil.xlsx', fixtureWorkbook({ sheets: { S: cell(text('a')) }, ...workbook }));

describe('a hostile workbook', () => {
  it('with document types, entities of other files or within one another, is refused', async () => {
    const doctype =
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
    const { table, sheet } = await hostile({ sheets: { S: `${doctype}${cell(text('&e;&c;'))}` } });
    expect(table).toContain('declares a document type');
    expect(sheet).toContain('declares a document type');
    const inText = await hostile({ sheets: { S: cell(text('&e;&amp;')) } });
    expect(inText).toEqual({ table: 'read', sheet: 'read' });
  });

  it('that unpacks to far more than it is, is not unpacked', async () => {
    const zeros = cell(text(' '.repeat(100_500_000)));
    const { table, sheet } = await hostile({ sheets: { S: zeros } });
    expect(table).toContain('unpacks to far more than it should');
    expect(sheet).toContain('unpacks to far more than it should');
  }, 60_000);

  it('with cells at both ends of a sheet costs what two cells cost, and is no sheet to edit', async () => {
    const corners =
      '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>';
    const { table, sheet } = await hostile({ sheets: { S: `<dimension ref="A1:XFD1048576"/>${corners}` } });
    expect(table).toBe('read');
    expect(sheet).toContain('Import it as a table');
    for (const beyond of [
      '<row r="1048577"/>',
      '<row r="-1"/>',
      '<row r="1e99"/>',
      '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    ])
      expect((await hostile({ sheets: { S: `<sheetData>${beyond}</sheetData>` } })).sheet).toContain('beyond the last');
  });

  it('that refers to texts, sheets and formats that are not there is refused or read without them', async () => {
    const missing = await hostile({
      sheets: { S: cell('<c r="A1" t="s"><v>999999999</v></c>') },
      strings: ['<t>x</t>'],
    });
    expect(missing.table).toContain('shows a text that is not in the file');
    expect(missing.sheet).toContain('shows a text that is not in the file');
    const formats = cell(
      '<c r="A1" s="4000000000"><v>1</v></c><c r="B1" s="-1"><v>1</v></c><c r="C1" s="x"><v>1</v></c>',
    );
    expect(await hostile({ sheets: { S: formats } })).toEqual({ table: 'read', sheet: 'read' });
  });

  it('that is nested without end, or holds giant tags and texts, is bounded', async () => {
    const deep = await hostile({ sheets: { S: '<x>'.repeat(100_000) } });
    expect(deep.table).toContain('nested without end');
    expect((await hostile({ sheets: { S: `<x y="${'a'.repeat(2_000_000)}"/>` } })).sheet).toMatch(
      /longer than any tag|read/,
    );
    expect((await hostile({ sheets: { S: cell(text('字'.repeat(1_000_000))) } })).sheet).toBe('read');
  });

  it('with cells merged upon one another, columns without end or formulas that lead nowhere is bounded', async () => {
    const merged = `${cell(text('a'))}<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(1000)}</mergeCells>`;
    expect((await hostile({ sheets: { S: merged } })).table).toContain('lie upon one another');
    const columns = `<cols>${'<col min="1" max="999999999" width="1e300" style="7"/>'.repeat(1000)}</cols>${cell(text('a'))}`;
    expect(await hostile({ sheets: { S: columns } })).toEqual({ table: 'read', sheet: 'read' });
    const formulas = cell(
      `<c r="A1"><f t="shared" si="5"/><v>1</v></c><c r="B1"><f t="array" ref="A1:XFD1048576">SUM(${"'".repeat(7000)})</f><v>1</v></c><c r="C1"><f>${'('.repeat(9000)}</f><v>1</v></c>`,
    );
    expect(await hostile({ sheets: { S: formulas } })).toEqual({ table: 'read', sheet: 'read' });
  });

  it('whose parts have names that leave the folder, or refer to such, stays in the package', async () => {
    const parts = {
      '../../etc/passwd': 'x',
      'xl/worksheets/_rels/sheet1.xml.rels':
        '<Relationships><Relationship Id="d" Type="x/drawing" Target="../../../../../../etc/passwd"/></Relationships>',
    };
    expect(await hostile({ parts })).toEqual({ table: 'read', sheet: 'read' });
  });

  it('survives any change of bytes as a sheet too', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => fixtureRow(row + 1, [`k${row}`, row / 7, row % 2 === 0]));
    const whole = fixtureWorkbook({
      sheets: {
        S: `<cols><col min="1" max="3" width="9"/></cols><sheetData>${rows.join('')}</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`,
      },
      strings: ['<t>x</t>'],
      styles: '<fonts><font><b/></font></fonts><cellXfs><xf/><xf fontId="0"/></cellXfs>',
    });
    const random = seededRandom(5);
    for (let turn = 0; turn < 60; turn++) {
      const bytes = whole.slice(0, turn % 5 === 4 ? random.integer(whole.length) : whole.length);
      for (let i = random.integer(6); i >= 0; i--) bytes[random.integer(bytes.length)] = random.integer(256);
      await outcomes('evil.xlsx', bytes);
    }
  });
});
