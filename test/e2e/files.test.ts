import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { writeXlsx } from 'hucre/xlsx';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueAt } from '../../src/sdk/index.ts';
import { bytesSource, readTable } from '../../src/tables/index.ts';
import {
  csvRows,
  downloaded,
  launch,
  notice,
  runByPalette,
  typeIntoFirstCell,
  type Visit,
  visit,
  visitIn,
} from './app.ts';
import { choose, fixture, importInto, listed, newWorkbook } from './import.ts';
import { serveBuilt } from './serve.ts';

const rows = [
  ['a1', 3, 12.5],
  ['b2', 4, 0.25],
  ['李雷', 5, 99],
] as const;
const records = rows.map(([customer, count, amount]) => ({ customer, count, amount }));
const csv = ['customer,count,amount', ...rows.map((row) => row.join(','))].join('\n');
const orders = [
  'customer,day,amount',
  ...Array.from({ length: 400 }, (_, row) => {
    const day = new Date(Date.UTC(2024, 0, 1 + ((row * 37) % 300))).toISOString().slice(0, 10);
    return `c${String((row * 13) % 60).padStart(3, '0')},${day},${(5 + ((row * 7) % 90) / 4).toFixed(2)}`;
  }),
].join('\n');

async function xlsx(): Promise<Uint8Array> {
  return writeXlsx({
    sheets: [
      { name: 'Cover', rows: [['Title'], ['Sales of March']] },
      { name: 'Sales', rows: [['customer', 'count', 'amount'], ...rows.map((row) => [...row])] },
    ],
  });
}

function parquet(): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'customer', data: rows.map(([customer]) => customer), type: 'STRING' },
        { name: 'count', data: rows.map(([, count]) => count), type: 'INT32' },
        { name: 'amount', data: rows.map(([, , amount]) => amount), type: 'DOUBLE' },
      ],
    }),
  );
}

function arrow(): Uint8Array {
  const columns = {
    customer: rows.map(([customer]) => customer),
    count: Int32Array.from(rows, ([, count]) => count),
    amount: Float64Array.from(rows, ([, , amount]) => amount),
  };
  return tableToIPC(tableFromArrays(columns), 'file');
}

async function file(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: new Uint8Array(readFileSync(await download.path())) };
}

async function contentOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown[][]> {
  const { table } = await readTable(bytesSource(name, bytes));
  return [
    table.columns.map((column) => column.name),
    ...Array.from({ length: table.rows }, (_, row) => table.columns.map(({ column }) => valueAt(column, row))),
  ];
}

const withoutTime = (rows: readonly (readonly string[])[]): string[][] =>
  rows.map((row) => row.map((cell) => cell.replace(/\d{1,2}:\d{2}\s[AP]M/, 'time')));

const sheetCsv = async (page: Page): Promise<string[][]> =>
  csvRows((await downloaded(page, () => runByPalette(page, 'export the sheet as csv'))).text);

/** The cells of a table, as they are shown. */
async function tableCells(page: Page, name: string): Promise<string[][]> {
  await page
    .getByRole('list', { name: 'Tables of this workbook' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  return await sheetCsv(page);
}

/** The cells of the sheet of customers that the result has beside its report. */
async function customerCells(page: Page): Promise<string[][]> {
  await runByPalette(page, 'RFM segments – ');
  let cells: string[][] = [];
  await expect
    .poll(async () => {
      cells = await sheetCsv(page);
      return [cells[0][0], cells.length];
    })
    .toEqual(['customer', 61]);
  return cells;
}

/** In the page: the runs that this browser keeps, with their results, but for the ids they have here. */
async function keptRuns(): Promise<unknown[]> {
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('patron-runs');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const runs = await new Promise<unknown[]>((resolve, reject) => {
    const request = opened.transaction('runs').objectStore('runs').getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.close();
  const plain = JSON.stringify(runs, (_, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
  return JSON.parse(plain.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id'));
}

let browser: Browser;
let app: Visit;

beforeAll(async () => {
  browser = await launch();
  app = await visit(browser);
  await newWorkbook(app.page);
});

afterAll(async () => {
  await browser?.close();
});

describe('files in', () => {
  it('come from every format that tables are kept in', async () => {
    const { page } = app;
    const fixtures = [
      fixture('comma.csv', csv, 'text/csv'),
      fixture('tabs.tsv', csv.replaceAll(',', '\t'), 'text/plain'),
      fixture('packed.csv.gz', gzipSync(csv)),
      fixture('array.json', JSON.stringify(records), 'application/json'),
      fixture('lines.jsonl', records.map((record) => JSON.stringify(record)).join('\n')),
      fixture('columns.parquet', parquet()),
      fixture('record.arrow', arrow()),
      fixture('old.feather', arrow()),
    ];
    for (const each of fixtures) {
      await importInto(page, [each]);
      await listed(page, each.name.split('.')[0], 3);
    }
    await importInto(page, [fixture('book.xlsx', await xlsx())], async () => {
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: 'Sheet' }).selectOption('Sales');
      await expect
        .poll(() => dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).inputValue())
        .toBe('customer');
      await app.shot('20-sheet-of-xlsx');
    });
    await listed(page, 'book', 3);
    const expected = [['customer', 'count', 'amount'], ...rows.map((row) => row.map(String))];
    for (const name of ['comma', 'packed', 'lines', 'columns', 'old', 'book']) {
      await page
        .getByRole('list', { name: 'Tables of this workbook' })
        .getByRole('button', { name: new RegExp(`^${name}`) })
        .click();
      const found = (await sheetCsv(page)).map((row) =>
        row.map((cell) => cell.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')),
      );
      expect(found, name).toEqual(expected);
    }
  });

  it('form one table, or a table each', async () => {
    const { page } = app;
    const months = ['january', 'february', 'march'].map((name) => fixture(`${name}.csv`, csv, 'text/csv'));
    await importInto(page, months, async () => {
      await page.getByRole('dialog').getByRole('textbox', { name: 'Table name' }).fill('quarter');
      await app.shot('21-several-files');
    });
    await listed(page, 'quarter', 9);
    await importInto(page, [months[0], fixture('other.csv', 'x,y\n1,2', 'text/csv')], () =>
      expect
        .poll(() => page.getByRole('dialog').getByRole('combobox', { name: 'Several files' }).inputValue())
        .toBe('separate'),
    );
    await listed(page, 'january', 3);
    await listed(page, 'other', 1);
  });

  it('leave nothing behind where one of several cannot be read', async () => {
    const { page } = app;
    const broken = fixture('broken.parquet', 'PAR1 is how it starts, and that is all');
    await importInto(page, [fixture('fine.csv', csv, 'text/csv'), broken], () =>
      page.getByRole('dialog').getByRole('combobox', { name: 'Several files' }).selectOption('together'),
    );
    await notice(page, /“broken.parquet” could not be imported/);
    const tables = page.getByRole('list', { name: 'Tables of this workbook' });
    expect(await tables.getByText('fine', { exact: true }).count()).toBe(0);
  });

  it('come from the clipboard', async () => {
    const { page, context } = app;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate((text) => navigator.clipboard.writeText(text), csv.replaceAll(',', '\t'));
    await runByPalette(page, 'paste as a table');
    const dialog = page.getByRole('dialog', { name: /Import “Pasted.tsv”/ });
    await dialog.getByRole('textbox', { name: 'Name of column 3', exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.mouse.move(700, 300);
    await listed(page, 'Pasted', 3);
    await page.getByRole('heading', { name: 'Tables' }).click();
    await page.keyboard.press('Control+v');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('files out', () => {
  it('hold the table, whichever the format', async () => {
    const { page } = app;
    for (const [label, extension] of [
      ['Export as CSV', 'csv'],
      ['Export as Excel (XLSX)', 'xlsx'],
      ['Export as Parquet', 'parquet'],
      ['Export as Arrow', 'arrow'],
      ['Export as JSON lines', 'jsonl'],
    ]) {
      await page.getByRole('button', { name: 'Actions for “comma”' }).click();
      if (extension === 'csv') await app.shot('22-table-menu');
      const { name, bytes } = await file(page, () => page.getByRole('menuitem', { name: label }).click());
      expect(name).toBe(`comma.${extension}`);
      expect(await contentOf(name, bytes), label).toEqual([['customer', 'count', 'amount'], ...rows]);
    }
  });

  it('hold an ordinary sheet with its values', async () => {
    const { page } = app;
    await runByPalette(page, 'Sheet1');
    await typeIntoFirstCell(page, '=6*7');
    await page.waitForTimeout(1200);
    const { name, bytes } = await file(page, () => runByPalette(page, 'export the sheet as excel'));
    expect(name).toBe('Sheet1.xlsx');
    const { table } = await readTable(bytesSource(name, bytes), { header: false });
    expect(valueAt(table.columns[0].column, 0)).toBe(42);
  });

  it('logged no error', () => {
    expect(app.faults).toEqual([]);
  });
});

describe('a workbook in a file', () => {
  let saved: Uint8Array<ArrayBuffer>;
  let report: string[][];
  let customers: string[][];
  let rowsOfOrders: string[][];
  let charts: string[];
  let runs: unknown[];
  let writer: Visit;

  /** What the charts of the report on screen say, in words. */
  const chartsOf = (page: Page): Promise<string[]> =>
    page
      .locator('[role="img"]')
      .filter({ has: page.locator('canvas') })
      .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-label') ?? ''));

  it('is saved to the file that is chosen, and to the same one again', async () => {
    writer = await visit(browser);
    const { page } = writer;
    // What a picker hands out: a file that can be written to, here one of the browser's own.
    await page.evaluate(() => {
      Object.assign(window, {
        showSaveFilePicker: async () => {
          Object.assign(window, { asked: ((window as { asked?: number }).asked ?? 0) + 1 });
          return (await navigator.storage.getDirectory()).getFileHandle('shop.patron', { create: true });
        },
      });
    });
    await newWorkbook(page);
    await page.getByRole('button', { name: /not yet in a file/ }).waitFor();
    await importInto(page, [fixture('orders.csv', orders, 'text/csv')]);
    await notice(page, /“orders” is imported: 400 rows/);
    await runByPalette(page, 'RFM segments');
    await page.getByRole('form', { name: 'RFM segments' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await notice(page, /“RFM segments” is ready/, 60_000);
    await page.locator('[role="img"] canvas').first().waitFor();
    await page.waitForTimeout(800);
    report = await sheetCsv(page);
    charts = await chartsOf(page);
    expect(charts.length).toBeGreaterThan(0);
    expect(charts.every((text) => text.length > 20)).toBe(true);
    runs = await page.evaluate(keptRuns);
    expect(runs.length).toBe(1);
    customers = await customerCells(page);
    rowsOfOrders = await tableCells(page, 'orders');
    expect(rowsOfOrders.length).toBe(401);
    await page.keyboard.press('Control+s');
    await notice(page, /“shop.patron” is saved/);
    await page.getByRole('button', { name: /file: shop.patron, saved/ }).waitFor();
    await writer.shot('23-saved');
    await runByPalette(page, 'Sheet1');
    await typeIntoFirstCell(page, '12');
    await page.getByRole('button', { name: /file: shop.patron, changed since/ }).waitFor();
    await page.getByText('saved in this browser').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: /file: shop.patron, saved/ }).waitFor();
    expect(await page.evaluate(() => (window as { asked?: number }).asked)).toBe(1);
    const text = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const bytes = new Uint8Array(await (await (await root.getFileHandle('shop.patron')).getFile()).arrayBuffer());
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    });
    saved = new Uint8Array(Buffer.from(text, 'latin1'));
  });

  it('opens on a fresh profile with the same cells, charts and runs', async () => {
    const other = await visit(browser, { locale: 'en-US' });
    const { page } = other;
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: /Open a file/ }).click(),
    ]);
    await chooser.setFiles([fixture('shop.patron', saved)]);
    await notice(page, /“shop.patron” is open, with 1 table/);
    await page.getByRole('button', { name: /file: shop.patron, saved/ }).waitFor();
    expect(await sheetCsv(page)).toEqual([['12']]);
    expect(await page.getByRole('list', { name: 'Results of this workbook' }).getByText('stale').count()).toBe(0);
    await page
      .getByRole('list', { name: 'Results of this workbook' })
      .getByRole('button', { name: /RFM segments/ })
      .first()
      .click();
    await page.locator('[role="img"] canvas').first().waitFor();
    expect(await sheetCsv(page)).toEqual(report);
    await expect.poll(() => chartsOf(page)).toEqual(charts);
    expect(await page.evaluate(keptRuns)).toEqual(runs);
    await other.shot('24-opened');
    expect(await customerCells(page)).toEqual(customers);
    expect(await tableCells(page, 'orders')).toEqual(rowsOfOrders);
    await page.getByRole('button', { name: 'Actions for “RFM segments”' }).click();
    await page.getByRole('menuitem', { name: 'Run again', exact: true }).click();
    await notice(page, /“RFM segments” is ready/, 60_000);
    // The same but for the minute of the run.
    expect(withoutTime(await sheetCsv(page))).toEqual(withoutTime(report));
    expect(other.faults).toEqual([]);
    await other.context.close();
  });

  it('is refused in plain words where it is damaged or no workbook', async () => {
    const other = await visit(browser, { locale: 'zh-CN' });
    const { page } = other;
    for (const [bytes, words] of [
      [new TextEncoder().encode('plain text'), /这不是客本文件/],
      [saved.slice(0, saved.length >> 1), /这不是客本文件/],
    ] as const) {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: /打开文件/ }).click(),
      ]);
      await chooser.setFiles([fixture('bad.patron', bytes)]);
      await notice(page, words);
      await page.getByRole('button', { name: '不再显示' }).first().click();
    }
    expect(await page.getByRole('region', { name: '最近的工作簿' }).getByRole('listitem').count()).toBe(0);
    await other.context.close();
  });

  it('is read-only in a second tab, follows the first, and is taken over once that is closed', async () => {
    const second = await visitIn(writer.context);
    const { page } = second;
    await page.getByText(/open in another tab. Here it is read-only/).waitFor({ timeout: 60_000 });
    await page.locator('canvas').first().waitFor();
    await page.waitForTimeout(1500);
    await runByPalette(page, 'Sheet1');
    await typeIntoFirstCell(page, '77');
    await page
      .getByText(/read-only here. Change it there/)
      .first()
      .waitFor();
    await second.shot('25-read-only');
    expect(await sheetCsv(page)).toEqual([['12']]);
    await writer.page.bringToFront();
    await typeIntoFirstCell(writer.page, '13');
    await writer.page.getByText('saved in this browser').waitFor();
    await page.bringToFront();
    await expect.poll(async () => sheetCsv(page), { timeout: 15_000, interval: 1000 }).toEqual([['13']]);
    await writer.page.close();
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByText('saved in this browser').waitFor();
    await page.getByRole('button', { name: 'Take over' }).waitFor({ state: 'hidden' });
    await page.waitForTimeout(1000);
    await typeIntoFirstCell(page, '14');
    await page.waitForTimeout(500);
    expect((await sheetCsv(page))[0][0]).toBe('14');
    expect(second.faults).toEqual([]);
    await writer.context.close();
  });
});

describe('a browser that cannot write to files', () => {
  it('gets the workbook as a download, which opens again', async () => {
    const other = await visit(browser);
    const { page } = other;
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
    await newWorkbook(page);
    await typeIntoFirstCell(page, '5');
    const { name, bytes } = await file(page, () => page.keyboard.press('Control+s'));
    expect(name).toBe('Workbook.patron');
    await page.getByRole('button', { name: /file: Workbook.patron, saved/ }).waitFor();
    await choose(page, 'open a file', [fixture(name, bytes)]);
    await notice(page, /“Workbook.patron” is open/);
    expect(await sheetCsv(page)).toEqual([['5']]);
    expect(other.faults).toEqual([]);
    await other.context.close();
  });
});

describe('without a network', () => {
  it('the app opens and works after the first visit, its server stopped', async () => {
    const server = await serveBuilt();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await page.goto(server.address);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await server.stop();
    await page.reload();
    await newWorkbook(page);
    await importInto(page, [fixture('orders.csv', orders, 'text/csv')]);
    await notice(page, /“orders” is imported: 400 rows/);
    await runByPalette(page, 'RFM segments');
    await page.getByRole('form', { name: 'RFM segments' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await notice(page, /“RFM segments” is ready/, 60_000);
    await page.locator('[role="img"] canvas').first().waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await context.close();
  });
});
