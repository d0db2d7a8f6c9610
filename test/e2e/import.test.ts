import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRows, downloaded, launch, notice, runByPalette, type Visit, visit } from './app.ts';

const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
/** 编号, 城市, 北京, 上海 in GB18030. */
const chinese = {
  id: [0xb1, 0xe0, 0xba, 0xc5],
  city: [0xb3, 0xc7, 0xca, 0xd0],
  beijing: [0xb1, 0xb1, 0xbe, 0xa9],
  shanghai: [0xc9, 0xcf, 0xba, 0xa3],
};

const records = [
  { id: 'a1', count: 3, at: '2024-01-05' },
  { id: 'b2', count: 4, at: '2024-02-06' },
];
const expected = [
  ['id', 'count', 'at'],
  ['a1', '3', '2024-01-05'],
  ['b2', '4', '2024-02-06'],
];
const delimited = (delimiter: string): string =>
  [Object.keys(records[0]), ...records.map((record) => Object.values(record))]
    .map((row) => row.join(delimiter))
    .join('\n');

function parquet(): Buffer {
  const days = records.map(({ at }) => Date.parse(at) / 86_400_000);
  const columnData = [
    { name: 'id', data: records.map(({ id }) => id), type: 'STRING' as const },
    { name: 'count', data: records.map(({ count }) => count), type: 'INT32' as const },
    { name: 'at', data: days.map((day) => new Date(day * 86_400_000)), type: 'TIMESTAMP' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

const arrow = (): Buffer =>
  Buffer.from(
    tableToIPC(
      tableFromArrays({ id: records.map(({ id }) => id), count: Int32Array.from(records, ({ count }) => count) }),
      'file',
    ),
  );

/** A cover, a table under a merged header, and a plan with formulas, formats and a frozen pane. */
async function workbook(): Promise<Buffer> {
  const bold = {
    font: { bold: true, color: { rgb: 'C00000' } },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FFF2CC' } },
  } as const;
  return Buffer.from(
    await writeXlsx({
      sheets: [
        {
          name: 'Sales',
          rows: [
            ['Sales of the north'],
            [],
            ['Shop', '2026', null, null],
            [null, 'Q1', 'Q2', 'Q3'],
            ['A', 10, 11, 12],
            ['B', 20, 21, 22],
          ],
          merges: [
            { startRow: 0, startCol: 0, endRow: 0, endCol: 3 },
            { startRow: 2, startCol: 0, endRow: 3, endCol: 0 },
            { startRow: 2, startCol: 1, endRow: 2, endCol: 3 },
          ],
        },
        {
          name: 'Plan',
          rows: [
            ['Item', 'Price', 'Tax'],
            ['Tea', 4.5, null],
            ['=not a formula', 10, null],
          ],
          cells: new Map([
            ['0,0', { value: 'Item', style: bold }],
            ['1,1', { value: 4.5, style: { numFmt: '0.00 "€"' } }],
            ['1,2', { formula: 'B2*0.2', formulaResult: 99 }],
            ['2,2', { formula: 'SUM(Sales!B5:B6)+B3', formulaResult: 1 }],
            ['3,0', { formula: 'CUBEVALUE("x")', formulaResult: 7 }],
            ['3,1', { formula: 'Price*2+Extra', formulaResult: 1 }],
          ]),
          columns: [{ width: 30 }, { width: 12 }],
          freezePane: { rows: 1 },
          dataValidations: [{ type: 'list', values: ['a'], range: 'A5' }],
        },
        { name: 'Notes', rows: [['Note'], ['done']] },
      ],
      namedRanges: [
        { name: 'Price', range: 'Plan!$B$2' },
        { name: 'Extra', range: 'SUM(Plan!$B$2:$B$3)/14.5' },
      ],
    }),
  );
}

let browser: Browser;
let app: Visit;
let page: Page;
let dialog: Locator;

beforeAll(async () => {
  browser = await launch();
  app = await visit(browser);
  page = app.page;
  dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: /New workbook/ }).click();
  await page.getByText('saved in this browser').waitFor({ timeout: 60_000 });
});

afterAll(async () => {
  await browser?.close();
});

async function choose(name: string, buffer: Buffer | string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), runByPalette(page, 'import a file')]);
  await chooser.setFiles([{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) }]);
  await dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).waitFor();
}

async function bringIn(): Promise<void> {
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.mouse.move(700, 300);
}

/** What the sheet of that name shows, once it is on screen. */
async function cells(sheet: string): Promise<string[][]> {
  for (let turn = 0; turn < 20; turn++) {
    const { name, text } = await downloaded(page, () => runByPalette(page, 'export the sheet as csv'));
    if (name === `${sheet}.csv`) return csvRows(text);
  }
  throw new Error(`Sheet '${sheet}' does not come on screen.`);
}

/** Imports a file and reads what its sheet shows. */
async function imported(name: string, buffer: Buffer | string): Promise<string[][]> {
  await choose(name, buffer);
  await bringIn();
  return await cells(name.split('.')[0]);
}

const shown = (text: string): Promise<void> => dialog.getByRole('cell', { name: text, exact: true }).first().waitFor();

async function accessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

describe('the import dialog', () => {
  it('reads GB18030 by itself, shows another encoding at once, and goes back', async () => {
    const { id, city, beijing, shanghai } = chinese;
    await choose(
      'cities.csv',
      bytes(id, ',', city, ',at\n001,', beijing, ',03/04/2024\n002,', shanghai, ',05/13/2024\n'),
    );
    await shown('北京');
    const encoding = dialog.getByRole('combobox', { name: 'Encoding' });
    await encoding.selectOption('WINDOWS-1252');
    await shown('±±¾©');
    await encoding.selectOption('GB18030');
    await shown('上海');
    await dialog.getByText('text: leading zeros').waitFor();
    await dialog.getByText('shown by values over 12').waitFor();
    await accessible();
    await app.shot('40-import-text');
    await bringIn();
    expect(await cells('cities')).toEqual([
      ['编号', '城市', 'at'],
      ['001', '北京', '2024-03-04'],
      ['002', '上海', '2024-05-13'],
    ]);
  });

  it('reads text whatever sets its columns apart', async () => {
    expect(await imported('tabs.tsv', delimited('\t'))).toEqual(expected);
    await choose('stars.txt', delimited('*'));
    await dialog.getByRole('combobox', { name: 'Delimiter' }).selectOption('Another character…');
    await dialog.getByRole('textbox', { name: 'Delimiting character' }).fill('*');
    await page.keyboard.press('Tab');
    await dialog.getByRole('textbox', { name: 'Name of column 3', exact: true }).waitFor();
    await bringIn();
    expect(await cells('stars')).toEqual(expected);
    await choose('fixed.txt', 'id    count at\na one 3     2024-01-05\nb two 14    2024-02-06\n');
    await dialog.getByRole('combobox', { name: 'Delimiter' }).selectOption('Fixed widths');
    const starts = dialog.getByRole('textbox', { name: 'Columns begin at' });
    await expect.poll(() => starts.inputValue()).toBe('0, 6, 12');
    await shown('a one');
    await bringIn();
    expect(await cells('fixed')).toEqual([
      ['id', 'count', 'at'],
      ['a one', '3', '2024-01-05'],
      ['b two', '14', '2024-02-06'],
    ]);
  });

  it('reads records, columns and packed files', async () => {
    expect(await imported('lines.jsonl', records.map((record) => JSON.stringify(record)).join('\n'))).toEqual(expected);
    await choose('nested.json', JSON.stringify({ ok: true, data: { rows: records }, others: [{ x: 1 }, { x: 2 }] }));
    await dialog.getByRole('combobox', { name: 'List' }).selectOption('others');
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).inputValue())
      .toBe('x');
    await dialog.getByRole('combobox', { name: 'List' }).selectOption('data.rows');
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).inputValue())
      .toBe('id');
    await bringIn();
    expect(await cells('nested')).toEqual(expected);
    expect(await imported('columns.parquet', parquet())).toEqual(
      expected.map((row, at) => (at === 0 ? row : [row[0], row[1], expect.stringContaining(row[2])])),
    );
    expect(await imported('record.arrow', arrow())).toEqual(expected.map((row) => row.slice(0, 2)));
    expect(await imported('packed.csv.gz', gzipSync(delimited(',')))).toEqual(expected);
  });

  it('makes a table of each sheet that is chosen, its header joined from merged cells', async () => {
    await choose('book.xlsx', await workbook());
    await dialog.getByText('Left out, as it stands above the table: “Sales of the north”.').waitFor();
    await dialog.getByText('The names of the columns are joined from 2 rows.').waitFor();
    await dialog.getByRole('group', { name: 'Sheets to import' }).getByText('Notes').click();
    await accessible();
    await app.shot('41-import-workbook');
    await bringIn();
    const tables = page.getByRole('list', { name: 'Tables of this workbook' });
    expect(await cells('Notes')).toEqual([['Note'], ['done']]);
    await tables.getByRole('button', { name: /^Sales/ }).click();
    expect(await cells('Sales')).toEqual([
      ['Shop', '2026 / Q1', '2026 / Q2', '2026 / Q3'],
      ['A', '10', '11', '12'],
      ['B', '20', '21', '22'],
    ]);
  });

  it('brings sheets in to be edited, calculates them, hands them out again, and takes them back', async () => {
    await choose('book.xlsx', await workbook());
    await dialog
      .getByRole('combobox', { name: 'Bring in as' })
      .selectOption('Sheets to edit, with formulas and formats');
    await dialog.getByRole('group', { name: 'Sheets to import' }).getByText('Plan').click();
    await accessible();
    await app.shot('42-import-sheets');
    await bringIn();
    await notice(page, /“Sales \(2\)”, “Plan” are here to edit/);
    await notice(page, /Not brought in: data validation\. 1 formula keeps its value.*CUBEVALUE/);
    await runByPalette(page, 'Plan');
    await expect
      .poll(() => cells('Plan'))
      .toEqual([
        ['Item', 'Price', 'Tax'],
        ['Tea', expect.stringContaining('4.5'), '0.9'],
        ["'=not a formula", '10', '40'],
        ['7', '10', ''],
      ]);
    await app.shot('43-sheet-to-edit');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      runByPalette(page, 'export the sheet as excel'),
    ]);
    const { sheets } = await readXlsx(new Uint8Array(readFileSync(await download.path())), { readStyles: true });
    const [plan] = sheets;
    expect(plan.rows).toEqual([
      ['Item', 'Price', 'Tax'],
      ['Tea', 4.5, 0.9],
      ['=not a formula', 10, 40],
      [7, 10, null],
    ]);
    expect(plan.cells?.get('1,2')).toMatchObject({ formula: 'B2*0.2', formulaResult: 0.9 });
    expect(plan.cells?.get('2,0')?.formula).toBeUndefined();
    expect(plan.cells?.get('0,0')?.style).toMatchObject({
      font: { bold: true, color: { rgb: 'C00000' } },
      fill: { fgColor: { rgb: 'FFF2CC' } },
    });
    expect(plan.cells?.get('1,1')?.style?.numFmt).toBe('0.00 "€"');
    expect(plan).toMatchObject({ freezePane: { rows: 1 }, columns: [{ width: 30 }, { width: 12 }, {}] });
    const [whole] = await Promise.all([
      page.waitForEvent('download'),
      runByPalette(page, 'export all sheets but tables'),
    ]);
    const all = await readXlsx(new Uint8Array(readFileSync(await whole.path())));
    expect(all.sheets.map(({ name }) => name)).toEqual(['Sheet1', 'Sales (2)', 'Plan']);
    expect(all.sheets[2].cells?.get('2,2')).toMatchObject({
      formula: "SUM('Sales (2)'!B5:B6)+B3",
      formulaResult: 40,
    });
    await page.locator('[data-sheets] canvas[id^="univer-sheet-main-canvas"]').click();
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.getByText('Sales (2)', { exact: true }).count()).toBe(0);
    await page.keyboard.press('Control+Shift+z');
  });

  it('opens for files that are dropped', async () => {
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['a,b\n1,2\n'], 'dropped.csv'));
      return transfer;
    });
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
    await dialog.getByRole('textbox', { name: 'Name of column 2', exact: true }).waitFor();
    await bringIn();
    expect(await cells('dropped')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('logs no error', () => {
    expect(app.faults).toEqual([]);
  });
});
