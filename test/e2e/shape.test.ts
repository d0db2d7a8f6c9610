import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { csvRows, downloaded, launch, runByPalette, type Visit, visit } from './app.ts';
import { fixture, importInto, listed, newWorkbook } from './import.ts';

const cities = ['Oslo', 'Rome', 'Lima'];
/** Four hundred orders, one of which has a misprint for an amount. */
const may = [
  'order,customer,city,amount,day',
  ...Array.from({ length: 400 }, (_, row) => {
    const amount = row === 9 ? '12o.50' : (5 + (row % 40) / 4).toFixed(2);
    return `o${row},c${row % 20},${cities[row % 3]},${amount},2024-05-${String(1 + (row % 28)).padStart(2, '0')}`;
  }),
].join('\n');
const june = 'order,customer,city,amount,day\no400,c3,Oslo,7.125,2024-06-01\no401,c21,Rome,8,2024-06-02\n';
const corrected = 'order,total\no0,100\no1,101\no2,5.50\no500,9\n';
const corrected2 = 'order,total\no3,103\no501,10\n';
const levels = 'customer,level\nc0,gold\nc1,silver\nc1,bronze\nc2,gold\n';

const csv = (name: string, text: string) => fixture(name, text, 'text/csv');

let browser: Browser;
let app: Visit;
let page: Page;
let dialog: Locator;

const preview = (): Locator => dialog.getByRole('region', { name: 'First rows of the result' });
const select = (name: string, value: string) => dialog.getByRole('combobox', { name, exact: true }).selectOption(value);
const type = (name: string, text: string) => dialog.getByRole('textbox', { name, exact: true }).fill(text);
const tables = (): Locator => page.getByRole('list', { name: 'Tables of this workbook' });
const says = (text: string | RegExp) => dialog.getByText(text).first().waitFor();

/** Opens the dialog from the table's menu. */
async function shape(table: string, entry = 'Shape…'): Promise<void> {
  await page.getByRole('button', { name: `Actions for “${table}”` }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  await dialog.waitFor();
}

async function apply(name = 'Apply'): Promise<void> {
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.mouse.move(700, 300);
}

async function undo(table: string): Promise<void> {
  await runByPalette(page, 'undo the last change to a table');
  const choice = page.getByRole('combobox', { name: 'Undo the last change to a table' });
  await choice.fill(table);
  await choice.press('Enter');
}

async function chooseFile(name: string, text: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose a file' }).click(),
  ]);
  await chooser.setFiles([csv(name, text)]);
}

/** The table as it stands, by the order's name. */
async function tableCells(): Promise<Map<string, string[]>> {
  await tables()
    .getByRole('button', { name: /^orders/ })
    .click();
  const rows = csvRows((await downloaded(page, () => runByPalette(page, 'export the sheet as csv'))).text);
  return new Map(rows.map((row) => [row[0], row]));
}

/** What axe finds, with the dialog in front of the shell. */
async function violations(of = page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: of }).exclude('[data-sheets]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

beforeAll(async () => {
  browser = await launch();
  app = await visit(browser);
  page = app.page;
  dialog = page.getByRole('dialog');
  await newWorkbook(page);
  await importInto(page, [csv('orders.csv', may)]);
  await listed(page, 'orders', 400);
  await importInto(page, [csv('levels.csv', levels)]);
  await listed(page, 'levels', 4);
});

afterAll(async () => {
  await browser?.close();
});

// A test that fails leaves its dialog open; the next one begins without it.
afterEach(async () => {
  if (await dialog.isVisible()) await page.keyboard.press('Escape');
});

describe('next month’s file', () => {
  it('is appended, shown before it is done', async () => {
    await shape('orders', 'Append or update from a file');
    await chooseFile('june.csv', june);
    await says('400 → 402 rows');
    await says('2 rows are added');
    await dialog.getByRole('region', { name: 'First rows that are added' }).getByText('o401').waitFor();
    await app.shot('30-append');
    expect(await violations()).toEqual([]);
    await apply();
    await listed(page, 'orders', 402);
    const cells = await tableCells();
    expect(cells.get('o400')?.[3]).toMatch(/^7\.125/);
    expect(cells.get('o0')?.[3]).toMatch(/^5(\.0*)?$/);
  });

  it('updates by key what is there and adds what is new, its columns sent where they belong', async () => {
    await shape('orders', 'Append or update from a file');
    await select('What to bring in', 'both');
    await dialog.getByRole('checkbox', { name: 'order', exact: true }).check({ force: true });
    await chooseFile('corrections.csv', corrected);
    await dialog.getByRole('combobox', { name: 'Where “total” goes' }).selectOption('amount');
    await says('402 → 403 rows');
    await says('2 rows change');
    await says('1 row is added');
    await says('1 row of the file changes nothing');
    const changes = dialog.getByRole('region', { name: 'First cells that change' });
    await changes.getByRole('cell', { name: '100', exact: true }).waitFor();
    await app.shot('31-merge');
    expect(await violations()).toEqual([]);
    await apply();
    await listed(page, 'orders', 403);
    const cells = await tableCells();
    expect(['o0', 'o1', 'o2', 'o500'].map((order) => Number(cells.get(order)?.[3]))).toEqual([100, 101, 5.5, 9]);
  });

  it('is brought in the same way the time after, and taken back and brought back again', async () => {
    await shape('orders', 'Append or update from a file');
    await says('The settings of the last update are filled in.');
    await chooseFile('corrections-2.csv', corrected2);
    await says('1 row changes');
    expect(await dialog.getByRole('combobox', { name: 'Where “total” goes' }).inputValue()).toBe('amount');
    await select('What to bring in', 'update');
    await says('403 rows, as many as before');
    await select('What to bring in', 'create');
    await says('403 → 404 rows');
    await apply();
    await listed(page, 'orders', 404);
    expect(Number((await tableCells()).get('o3')?.[3])).toBe(5.75);
    await undo('orders');
    await listed(page, 'orders', 403);
    await shape('orders');
    await select('What to do', 'history');
    await dialog.getByRole('button', { name: 'Redo', exact: true }).click();
    await dialog.getByText('403 → 404 rows').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Redo', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect.poll(() => dialog.getByRole('button', { name: 'Redo', exact: true }).isDisabled()).toBe(false);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await listed(page, 'orders', 403);
  });
});

describe('steps', () => {
  it('filter rows, by mouse or by keyboard', async () => {
    await shape('orders');
    await says('Fill in the form to see what would change.');
    await select('Column', 'amount');
    await select('Comparison', 'at-least');
    await type('Value', '10');
    await says(/403 → 2\d\d rows/);
    await app.shot('32-filter');
    expect(await violations()).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Value' }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await tables().getByTitle('orders', { exact: true }).getByText('403').waitFor({ state: 'hidden' });
    await undo('orders');
    await listed(page, 'orders', 403);
  });

  it('rename, retype and compute columns, then sort: each recorded with its counts', async () => {
    await shape('orders');
    await select('What to do', 'rename');
    await type('New name of “city”', 'town');
    await says('403 rows, as many as before');
    await apply();
    await shape('orders');
    await select('What to do', 'formula');
    await type('Name of the column', 'with tax');
    await type('Formula', '[amount] * 1.2 +');
    await says(/the formula ends too early/);
    await type('Formula', 'round([amount] * 1.2, 2)');
    await preview().getByRole('cell', { name: '120', exact: true }).first().waitFor();
    await app.shot('33-formula');
    await apply();
    await shape('orders');
    await select('What to do', 'retype');
    await select('Column', 'day');
    await select('New type', 'string');
    await says('403 rows change');
    await apply();
    await shape('orders');
    await select('What to do', 'sort');
    await select('Column', 'amount');
    await select('Order', 'descending');
    await says(/\d+ rows move/);
    await apply();
    await shape('orders');
    await select('What to do', 'history');
    const history = dialog.getByRole('list', { name: 'History' });
    await expect.poll(() => history.getByRole('listitem').count()).toBe(7);
    for (const text of ['amount, descending', 'day → Text', 'with tax = round([amount] * 1.2, 2)', 'city → town'])
      await history.getByText(text).waitFor();
    await app.shot('34-history');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    const cells = [...(await tableCells()).values()];
    expect(cells[0]).toEqual(['order', 'customer', 'town', 'amount', 'day', 'with tax']);
    expect(cells[1].map((cell) => cell.replace(/\.?0+$/, ''))).toEqual([
      'o1',
      'c1',
      'Rome',
      '101',
      '2024-05-02',
      '121.2',
    ]);
  });

  it('look up another table: keys that are there twice are named', async () => {
    await shape('orders');
    await select('What to do', 'join');
    await dialog.getByRole('combobox', { name: 'Other table', exact: true }).selectOption({ label: 'levels' });
    await says(/“levels” has some keys more than once, such as c1/);
    await app.shot('35-join-duplicates');
    expect(await violations()).toEqual([]);
    await select('Keys that the other table has more than once', 'first');
    await says(/\d+ found, \d+ not found/);
    await select('Rows to keep', 'anti');
    await says(/403 → 34\d rows/);
    await select('Rows to keep', 'inner');
    await says(/403 → 6\d rows/);
    await dialog.getByRole('checkbox', { name: /Make a new table/ }).check({ force: true });
    await type('Name of the new table', 'known customers');
    await apply();
    await tables().getByTitle('known customers', { exact: true }).waitFor();
    await shape('orders');
    await select('What to do', 'join');
    await dialog.getByRole('combobox', { name: 'Other table', exact: true }).selectOption({ label: 'levels' });
    await select('Keys that the other table has more than once', 'first');
    await says('403 rows, as many as before');
    await preview().getByRole('columnheader', { name: /level/ }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('append tables and remove duplicates', async () => {
    await shape('levels');
    await select('What to do', 'append');
    await dialog.getByRole('checkbox', { name: 'known customers', exact: true }).check({ force: true });
    await says(/4 → 6\d rows/);
    await apply();
    await shape('levels');
    await select('What to do', 'distinct');
    await dialog.getByRole('checkbox', { name: 'customer', exact: true }).check({ force: true });
    await says(/→ 3 rows/);
    await apply();
    await listed(page, 'levels', 3);
  });
});

describe('rejects', () => {
  it('are put back once they are corrected', async () => {
    await tables().getByText('1 reject').waitFor();
    await shape('orders', 'Fix rejects');
    await type('Correction of “12o.50” in line 11', '120.50');
    await app.shot('36-rejects');
    expect(await violations()).toEqual([]);
    await apply('Put back');
    await tables().getByText('1 reject').waitFor({ state: 'hidden' });
    expect(Number((await tableCells()).get('o9')?.[3])).toBe(120.5);
  });
});

describe('in Chinese, in the dark', () => {
  it('reads as well', async () => {
    const other = await visit(browser, { locale: 'zh-CN', colorScheme: 'dark' });
    await other.page.getByRole('button', { name: /新建工作簿/ }).click();
    await other.page.getByText('已保存在此浏览器').waitFor();
    const [chooser] = await Promise.all([other.page.waitForEvent('filechooser'), runByPalette(other.page, '打开文件')]);
    await chooser.setFiles([csv('orders.csv', may)]);
    const front = other.page.getByRole('dialog');
    await front.getByRole('button', { name: '导入', exact: true }).click();
    await front.waitFor({ state: 'hidden' });
    await other.page.getByRole('button', { name: /“orders”的操作/ }).click();
    await other.page.getByRole('menuitem', { name: '用文件追加或更新' }).click();
    const [second] = await Promise.all([
      other.page.waitForEvent('filechooser'),
      front.getByRole('button', { name: '选择文件' }).click(),
    ]);
    await second.setFiles([csv('june.csv', june)]);
    await front.getByText('新增 2 行').waitFor();
    await other.shot('37-append-zh');
    expect(await violations(other.page)).toEqual([]);
    for (const [task, name] of [
      ['filter', '38-filter-zh'],
      ['join', '39-join-zh'],
      ['history', '3a-history-zh'],
    ]) {
      await front.getByRole('combobox', { name: '操作' }).selectOption(task);
      await other.shot(name);
    }
    expect(await violations(other.page)).toEqual([]);
    expect(other.faults).toEqual([]);
    await other.context.close();
  });

  it('logged no error', () => {
    expect(app.faults).toEqual([]);
  });
});
