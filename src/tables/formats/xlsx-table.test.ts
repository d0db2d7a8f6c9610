import { type CellValue, type Column, valueAt } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../file-source.ts';
import type { ImportOptions } from '../import-options.ts';
import { previewFile } from '../preview-file.ts';
import { readTable } from '../read-table.ts';
import { type FixtureWorkbook, fixtureFormats, fixtureRow, fixtureWorkbook } from './xlsx/fixture-workbook.ts';

const values = (column: Column): CellValue[] => Array.from({ length: column.length }, (_, row) => valueAt(column, row));

async function read(workbook: FixtureWorkbook, options: ImportOptions = {}) {
  const { table, detection, rejects } = await readTable(bytesSource('book.xlsx', fixtureWorkbook(workbook)), options);
  return {
    columns: Object.fromEntries(table.columns.map(({ name, column }) => [name, values(column)])),
    types: Object.fromEntries(table.columns.map(({ name, column }) => [name, column.type])),
    detection,
    rejects: Array.from({ length: rejects.rows }, (_, row) =>
      rejects.columns.map(({ column }) => valueAt(column, row)),
    ),
  };
}

const sheet = (rows: readonly string[], merges: readonly string[] = []): string =>
  `<sheetData>${rows.join('')}</sheetData><mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;

describe('the header of a sheet', () => {
  it('joins three rows of merged names and leaves out a title, which it tells', async () => {
    const { columns, detection } = await read({
      sheets: {
        S: sheet(
          [
            fixtureRow(1, ['Sales report']),
            fixtureRow(3, ['Region', 2026]),
            fixtureRow(4, [null, 'Q1', null, 'Q2']),
            fixtureRow(5, [null, 'Sales', 'Cost', 'Sales', 'Cost']),
            fixtureRow(6, ['North', 10, 4, 11, 5]),
            fixtureRow(7, ['South', 20, 8, 21, 9]),
          ],
          ['A1:E1', 'A3:A5', 'B3:E3', 'B4:C4', 'D4:E4'],
        ),
      },
    });
    expect(Object.keys(columns)).toEqual([
      'Region',
      '2026 / Q1 / Sales',
      '2026 / Q1 / Cost',
      '2026 / Q2 / Sales',
      '2026 / Q2 / Cost',
    ]);
    expect(columns['2026 / Q2 / Cost']).toEqual([5, 9]);
    expect(detection).toMatchObject({ title: ['Sales report'], headerRows: 3, part: 'S' });
  });

  it('takes the row above for the groups where names occur twice', async () => {
    const { columns } = await read({
      sheets: {
        S: sheet([
          fixtureRow(1, ['Printed', '2026-11-21']),
          fixtureRow(2, [null, 'Online', null, 'Shop', null]),
          fixtureRow(3, ['Month', 'Sales', 'Cost', 'Sales', 'Cost']),
          fixtureRow(4, ['May', 1, 2, 3, 4]),
        ]),
      },
    });
    expect(Object.keys(columns)).toEqual(['Month', 'Online / Sales', 'Online / Cost', 'Shop / Sales', 'Shop / Cost']);
  });

  it('may hold years and days, but a first row of data is none', async () => {
    const years = { S: sheet([fixtureRow(1, ['Region', 2024, 2025]), fixtureRow(2, ['North', 5.5, 6.5])]) };
    expect((await read({ sheets: years })).columns).toEqual({ Region: ['North'], 2024: [5.5], 2025: [6.5] });
    const data = { S: sheet([fixtureRow(1, ['Ann', 2024]), fixtureRow(2, ['Bob', 2025])]) };
    expect((await read({ sheets: data })).columns).toEqual({ column1: ['Ann', 'Bob'], column2: [2024, 2025] });
    expect((await read({ sheets: data }, { header: true })).columns).toEqual({ Ann: ['Bob'], 2024: [2025] });
  });
});

describe('the cells of a sheet', () => {
  it('are filled where they are merged: downwards all, to the side texts only', async () => {
    const { columns, detection } = await read({
      sheets: {
        S: sheet(
          [
            fixtureRow(1, ['Region', 'City', 'Sales', 'Cost']),
            fixtureRow(2, ['North', 'A', 1, 9]),
            fixtureRow(3, [null, 'B', 2, 8]),
            fixtureRow(4, ['Total', null, 3]),
          ],
          ['A2:A3', 'A4:B4', 'C4:D4'],
        ),
      },
    });
    expect(columns).toEqual({
      Region: ['North', 'North', 'Total'],
      City: ['A', 'B', 'Total'],
      Sales: [1, 2, 3],
      Cost: [9, 8, null],
    });
    expect(detection.filled).toBe(true);
  });

  it('are days from 1900 as Excel counts them, without the day that never was, or from 1904', async () => {
    const rows = [1, 59, 60, 61, 45_352, 45_352.5].map((serial, index) =>
      fixtureRow(index + 2, [`r${index}`, serial], [0, 1]),
    );
    const workbook = {
      sheets: { S: sheet([fixtureRow(1, ['id', 'at']), ...rows]) },
      styles: fixtureFormats('yyyy/m/d h:mm'),
    };
    const from1900 = await read(workbook);
    expect(from1900.columns.at).toEqual([
      '1900-01-01T00:00:00',
      '1900-02-28T00:00:00',
      null,
      '1900-03-01T00:00:00',
      '2024-03-01T00:00:00',
      '2024-03-01T12:00:00',
    ]);
    expect(from1900.rejects).toEqual([[4, 'at', '60', 'not-a-date', 2]]);
    const from1904 = await read({ ...workbook, workbook: '<workbookPr date1904="1"/>' });
    expect(from1904.columns.at.slice(0, 2)).toEqual(['1904-01-02T00:00:00', '1904-02-29T00:00:00']);
  });

  it('are times of day and spans as text, and values of formulas as they were kept', async () => {
    const { columns, types } = await read({
      sheets: {
        S: sheet([
          fixtureRow(1, ['id', 'start', 'took', 'sum']),
          `<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" s="1"><v>0.354166666666667</v></c><c r="C2" s="2"><v>1.0631944444444446</v></c><c r="D2"><f>1+1</f><v>2</v></c></row>`,
          `<row r="3"><c r="A3" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="B3" s="1"><v>0.999988425925926</v></c><c r="C3" s="2"><v>0.5</v></c><c r="D3"><f>2+2</f><v>4</v></c></row>`,
        ]),
      },
      styles: fixtureFormats('h:mm AM/PM', '[h]:mm:ss'),
    });
    expect(columns).toEqual({
      id: ['x', 'ab'],
      start: ['08:30:00', '23:59:59'],
      took: ['25:31:00', '12:00:00'],
      sum: [2, 4],
    });
    expect(types.sum).toBe('integer');
  });

  it('that show an error are set aside with the row of the sheet, and so is what stands beside the table', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => fixtureRow(index + 4, [`k${index}`, index / 4]));
    const { columns, rejects } = await read({
      sheets: {
        S: sheet([
          fixtureRow(2, ['key', 'amount']),
          fixtureRow(3, ['two\nlines', '#N/A']),
          ...rows,
          fixtureRow(70, ['last', '#DIV/0!', null, 'a remark']),
        ]),
      },
    });
    expect(columns.amount.slice(0, 2)).toEqual([null, 0]);
    expect(columns.key[0]).toBe('two\nlines');
    expect(rejects).toEqual([
      [3, 'amount', '#N/A', 'error-value', 0],
      [70, null, 'a remark', 'too-many-fields', null],
      [70, 'amount', '#DIV/0!', 'error-value', 61],
    ]);
  });

  it('keep texts that look like numbers and join texts in several fonts, without readings', async () => {
    const strings = [
      '<t>id</t>',
      '<t>0012</t>',
      '<r><rPr><b/></rPr><t>李</t></r><r><t xml:space="preserve"> 雷</t></r><rPh sb="0" eb="1"><t>り</t></rPh>',
    ];
    const { columns } = await read({
      sheets: {
        S: sheet([
          '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
          '<row><c t="s"><v>1</v></c></row>',
          '<row><c t="s"><v>2</v></c></row>',
        ]),
      },
      strings,
    });
    expect(columns).toEqual({ id: ['0012', '李 雷'] });
  });
});

describe('a workbook', () => {
  it('opens at its first filled sheet, or at the one that is chosen', async () => {
    const workbook = {
      sheets: {
        Cover: '<sheetData/>',
        Orders: sheet([fixtureRow(1, ['a']), fixtureRow(2, [1])]),
        Customers: sheet([fixtureRow(1, ['b']), fixtureRow(2, [2])]),
      },
    };
    expect((await read(workbook)).columns).toEqual({ a: [1] });
    const chosen = await read(workbook, { part: 'Customers' });
    expect(chosen.columns).toEqual({ b: [2] });
    expect(chosen.detection.parts).toEqual(['Cover', 'Orders', 'Customers']);
    await expect(read(workbook, { part: 'X' })).rejects.toThrow("has no sheet 'X'; it has Cover, Orders, Customers");
  });

  it('shows its first rows without being read to the end', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => fixtureRow(index + 2, [`k${index}`, index]));
    const bytes = fixtureWorkbook({ sheets: { S: sheet([fixtureRow(1, ['key', 'n']), ...rows]) } });
    const preview = await previewFile(bytesSource('long.xlsx', bytes));
    expect(preview.rows).toHaveLength(200);
    expect(preview.estimatedRows).toBe(5000);
  });

  it('of an old Excel, or with a password, says so', async () => {
    const old = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0);
    await expect(readTable(bytesSource('old.xls', old))).rejects.toThrow("'old.xls' is a workbook of an old Excel");
  });
});
