import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloaded, launch, notice, runByPalette, type Visit, visit } from './app.ts';

/** Orders made by rule. Row i, from 0: country by i mod 5, none where i mod 97 is 0; quantity 7 i mod 60; price 0.13 i mod 20. */
const ROWS = 8905;
const countries = ['UK', 'France', 'Germany', 'UK', 'Spain'];
const orders = Array.from({ length: ROWS }, (_, i) => ({
  order: 536_365 + i,
  country: i % 97 === 0 ? '' : countries[i % 5],
  quantity: (i * 7) % 60,
  price: ((i * 13) % 2000) / 100,
  day: `2011-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
}));
const csv = ['order,country,quantity,price,day', ...orders.map((row) => Object.values(row).join(','))].join('\n');

const bar = (page: Page) => page.getByRole('region', { name: /Filter and order|筛选与排序/ });
const grid = (page: Page) => page.locator('[data-sheets] canvas[id^="univer-sheet-main-canvas"]');

/** The cells of the sheet are on a canvas; the box beside the formula bar and that bar say what the cursor is on. */
async function cursorCell(page: Page): Promise<string> {
  return (await page.locator('[data-u-comp="defined-name"] input').inputValue()).trim();
}

async function copied(page: Page): Promise<string> {
  await page.keyboard.press('Control+c');
  return (await page.evaluate(() => navigator.clipboard.readText())).trim();
}

async function importOrders(page: Page): Promise<void> {
  await page.getByRole('button', { name: /New workbook/ }).click();
  await page.getByText('saved in this browser').waitFor({ timeout: 60_000 });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), runByPalette(page, 'import a file')]);
  await chooser.setFiles([{ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }]);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await notice(page, /“orders” is imported: 8,905 rows/);
}

/** Opens the menu of a column by keys alone: the cursor goes there, Alt+Down opens it. */
async function openMenu(page: Page, column: number): Promise<void> {
  const box = await grid(page).boundingBox();
  if (!box) throw new Error('No sheet is on screen.');
  await page.mouse.click(box.x + 70, box.y + 30);
  for (let step = 0; step < column; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('dialog').waitFor();
}

async function violations(page: Page, part: string): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(part).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('a table sheet', () => {
  let browser: Browser;
  let seen: Visit;
  let page: Page;

  beforeAll(async () => {
    browser = await launch();
    seen = await visit(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    page = seen.page;
    await importOrders(page);
  });

  afterAll(async () => {
    await browser.close();
  });

  it('is filtered by values from the menu of a column, by keyboard', async () => {
    await openMenu(page, 1);
    const menu = page.getByRole('dialog', { name: 'Column “country”' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Sort A to Z');
    await menu.getByRole('checkbox', { name: /Spain/ }).waitFor();
    expect(await violations(page, '[data-scope="popover"]')).toEqual([]);
    await seen.shot('table-menu');
    await menu.getByRole('searchbox').fill('ger');
    await menu.getByRole('checkbox', { name: /UK/ }).waitFor({ state: 'hidden' });
    await menu.getByRole('checkbox', { name: /Germany/ }).press('Space');
    await menu.getByRole('checkbox', { name: /Germany/ }).press('Enter');
    await menu.waitFor({ state: 'hidden' });
    const german = orders.filter(({ country }) => country === 'Germany').length;
    await bar(page)
      .getByText(`${german.toLocaleString('en')} of 8,905 rows`)
      .waitFor();
    await bar(page).getByRole('button', { name: 'Change: country = Germany' }).waitFor();
    expect(await violations(page, 'section[aria-label="Filter and order of the sheet"]')).toEqual([]);
  });

  it('is sorted by one column and by another after it', async () => {
    await openMenu(page, 2);
    await page.getByRole('button', { name: 'Sort largest first' }).click();
    await bar(page).getByText('sorted by quantity ↓').waitFor();
    await openMenu(page, 3);
    await page.getByRole('button', { name: 'Then by this column, ascending' }).click();
    await bar(page).getByText('then by price ↑').waitFor();
    const shown = orders
      .filter(({ country }) => country === 'Germany')
      .sort((a, b) => b.quantity - a.quantity || a.price - b.price);
    await openMenu(page, 0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => copied(page)).toBe(String(shown[0].order));
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => copied(page)).toBe(String(shown[1].order));
  });

  it('refuses a condition that says nothing, and takes one that does', async () => {
    await openMenu(page, 3);
    await page.getByText('By condition').click();
    await page.getByRole('button', { name: 'Apply filter' }).click();
    await page.getByText('Enter a number, such as 12.5.').first().waitFor();
    await page.getByRole('textbox', { name: 'From' }).fill('5');
    await page.getByRole('textbox', { name: 'To' }).fill('9.5');
    expect(await violations(page, '[data-scope="popover"]')).toEqual([]);
    await page.keyboard.press('Enter');
    const found = orders.filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5).length;
    await bar(page).getByText(`${found} of 8,905 rows`).waitFor();
    await bar(page).getByText('price 5.00 to 9.50').waitFor();
  });

  it('takes a filter back by Undo and brings it again by Redo', async () => {
    await page.keyboard.press('Control+z');
    await bar(page).getByText('price 5.00 to 9.50').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+y');
    await bar(page).getByText('price 5.00 to 9.50').waitFor();
  });

  it('finds a text among the rows that are shown and goes from match to match', async () => {
    await page.keyboard.press('Control+f');
    const find = page.getByRole('search', { name: 'Find in the sheet' });
    await find.getByRole('searchbox').fill('-05-');
    const shown = orders
      .filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5)
      .sort((a, b) => b.quantity - a.quantity || a.price - b.price);
    const places = shown.flatMap(({ day }, place) => (day.includes('-05-') ? [place] : []));
    await find.getByText(`1 of ${places.length} matches`).waitFor();
    expect(await cursorCell(page)).toBe(`E${places[0] + 2}`);
    await page.keyboard.press('Enter');
    await find.getByText(`2 of ${places.length} matches`).waitFor();
    expect(await cursorCell(page)).toBe(`E${places[1] + 2}`);
    await page.keyboard.press('Shift+Enter');
    await find.getByText(`1 of ${places.length} matches`).waitFor();
    await find.getByRole('checkbox', { name: 'Whole cell' }).check({ force: true });
    await find.getByText('No match').waitFor();
    expect(await violations(page, 'main search')).toEqual([]);
    await find.getByRole('searchbox').press('Escape');
    await find.waitFor({ state: 'hidden' });
  });

  it('says what a column holds of the rows that are shown', async () => {
    await openMenu(page, 3);
    await page.getByRole('button', { name: 'Column statistics' }).click();
    const figures = page.getByRole('table', { name: 'Figures' });
    const prices = orders
      .filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5)
      .map(({ price }) => price);
    await page.getByText(`of the ${prices.length} rows that are shown`).waitFor();
    const figure = (name: string) => figures.getByRole('row', { name }).getByRole('cell').textContent();
    const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length;
    expect(Number(await figure('Mean'))).toBeCloseTo(mean, 3);
    expect(await figure('Minimum')).toBe(Math.min(...prices).toFixed(2));
    const deviation = Math.sqrt(prices.reduce((sum, price) => sum + (price - mean) ** 2, 0) / (prices.length - 1));
    expect(Number(await figure('Standard deviation'))).toBeCloseTo(deviation, 3);
    await page.getByRole('img', { name: /Distribution of “price”/ }).waitFor();
    expect(await violations(page, 'section[aria-label="Column statistics"]')).toEqual([]);
    await seen.shot('table-statistics');
    await page.getByRole('region', { name: 'Column statistics' }).getByRole('button', { name: 'Close' }).click();
  });

  it('saves what it shows as a table of its own', async () => {
    await bar(page).getByRole('button', { name: 'Save as table' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('German orders');
    await dialog.getByRole('button', { name: 'Save as table' }).click();
    const found = orders.filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5).length;
    const list = page.getByRole('list', { name: 'Tables of this workbook' });
    await list.getByTitle('German orders', { exact: true }).getByText(String(found), { exact: true }).waitFor();
    await bar(page).waitFor({ state: 'hidden' });
    await list.getByTitle('orders', { exact: true }).click();
    await bar(page).getByText(`${found} of 8,905 rows`).waitFor();
  });

  it('hands on the cells that are selected, of the rows that it shows', async () => {
    const box = await grid(page).boundingBox();
    if (!box) throw new Error('No sheet is on screen.');
    await page.mouse.click(box.x + 70, box.y + 30);
    await page.keyboard.press('Shift+ArrowRight');
    for (let row = 0; row < 3; row++) await page.keyboard.press('Shift+ArrowDown');
    const { name, text } = await downloaded(page, () => runByPalette(page, 'Export the selected cells as JSON lines'));
    expect(name).toBe('orders.jsonl');
    const shown = orders
      .filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5)
      .map(({ quantity }) => quantity)
      .sort((a, b) => b - a);
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { order: number; country: string });
    expect(rows).toHaveLength(3);
    for (const [index, { order, ...rest }] of rows.entries()) {
      expect(rest).toEqual({ country: 'Germany' });
      expect(orders[order - 536_365].quantity).toBe(shown[index]);
    }
  });

  it('says what a new version of the table no longer answers, and applies it again when that is undone', async () => {
    await page.getByRole('button', { name: 'Actions for “orders”' }).click();
    await page.getByRole('menuitem', { name: 'Shape…', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'What to do' }).selectOption('rename');
    await dialog.getByRole('textbox', { name: 'New name of “country”' }).fill('nation');
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const lost = 'country = Germany – not applied: the table has no column “country” any more';
    await bar(page).getByText(lost).waitFor();
    const found = orders.filter(({ price }) => price >= 5 && price <= 9.5).length;
    await bar(page)
      .getByText(`${found.toLocaleString('en')} of 8,905 rows`)
      .waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
    await bar(page).getByText(lost).waitFor({ state: 'detached' });
    const german = orders.filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5).length;
    await bar(page).getByText(`${german} of 8,905 rows`).waitFor();
  });

  it('shows the same rows after a reload, and all in Chinese', async () => {
    await page.getByText('saved in this browser').waitFor();
    await page.reload();
    const found = orders.filter(({ country, price }) => country === 'Germany' && price >= 5 && price <= 9.5).length;
    await bar(page).getByText(`${found} of 8,905 rows`).waitFor();
    await runByPalette(page, 'Language: 简体中文');
    await bar(page).getByText(`8,905 行中的 ${found} 行`).waitFor();
    await bar(page).getByRole('button', { name: '修改：price 介于 5.00 与 9.50' }).waitFor();
    await bar(page).getByText('按 quantity 排序 ↓').waitFor();
    await openMenu(page, 4);
    await page.getByRole('button', { name: '从早到晚排序' }).waitFor();
    await page.getByRole('dialog').getByRole('list').getByRole('checkbox').first().waitFor();
    await seen.shot('table-menu-zh');
    await page.keyboard.press('Escape');
  });

  it('shows all rows again when everything is cleared', async () => {
    await bar(page).getByRole('button', { name: '移除：country = Germany' }).click();
    await bar(page).getByText('country = Germany').waitFor({ state: 'detached' });
    await bar(page).getByRole('button', { name: '全部清除' }).click();
    await bar(page).waitFor({ state: 'hidden' });
    expect(seen.faults).toEqual([]);
  });
});
