import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1400, height: 900 } });
  page = await context.newPage();
  await page.goto(inject('appAddress'));
  await page.getByRole('button', { name: /Try the sample workbook/ }).click();
  await page.getByRole('list').getByText('answers').first().waitFor({ timeout: 60_000 });
});
afterAll(() => browser?.close());

/** Whether the cursor comes to be in a cell. */
function isIn(cell: string): Promise<boolean> {
  const reached = page.waitForFunction(
    (name) => [...document.querySelectorAll('input')].some(({ value }) => value === name),
    cell,
    { timeout: 1500 },
  );
  return reached.then(
    () => true,
    () => false,
  );
}

/** Runs what the palette finds first. */
async function palette(text: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.getByRole('combobox').last().fill(text);
  await page.getByRole('option').first().waitFor();
  await page.getByRole('combobox').last().press('Enter');
}

async function downloaded(start: () => Promise<void>): Promise<string> {
  const downloading = page.waitForEvent('download');
  await start();
  return readFileSync(await (await downloading).path(), 'utf8');
}

it('calculates functions of plugins in cells, each failing for itself', async () => {
  await palette('New sheet');
  await page.getByText('Sheet', { exact: true }).first().waitFor();
  await expect
    .poll(async () => {
      await page.mouse.click(395, 137);
      return isIn('A1');
    })
    .toBe(true);
  const cells = [
    '=RFM.SEGMENT(5,5,5)',
    '=FUNNEL.RATE(200,50)',
    '=ROUND(CLV.EXPECTED(2,30.43,38.86,39),3)',
    '10',
    '6',
    '9',
    '=ROUND(NPS(A4:A6),2)',
    '=RFM.SEGMENT(9,1,1)',
    '=SUM(A4:A6)',
  ];
  for (const [row, cell] of cells.entries()) {
    await page.keyboard.type(cell);
    // The first press may take what the editor proposes; the box left of the formula says when the cell below is reached.
    for (let press = 0; press < 3; press++) {
      await page.keyboard.press('Enter');
      if (await isIn(`A${row + 2}`)) break;
    }
  }
  const values = async (): Promise<string[]> =>
    (await downloaded(() => palette('Export the sheet as CSV')))
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/);
  await expect
    .poll(values, { timeout: 30_000, interval: 1000 })
    .toEqual(['champions', '0.25', '1.226', '10', '6', '9', '33.33', '#VALUE!', '25']);
});

it('writes a table with the exporter of a plugin', async () => {
  const markdown = await downloaded(async () => {
    await palette('Markdown table');
    await page.getByRole('option', { name: /answers/ }).click();
  });
  expect(markdown).toMatch(/^\| customer_id \| answered \| score \|/);
});

it('opens the form of a template with its parameters', async () => {
  await palette('RFM in eight types');
  const form = page.getByRole('complementary', { name: 'RFM segments' });
  await form.waitFor();
  expect(await form.getByLabel('Scheme', { exact: true }).inputValue()).toBe('zh8');
});

it('runs the command behind a key as its setting says', async () => {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByLabel(/Preferred segment scheme/).selectOption('zh8');
  await page.keyboard.press('Control+Alt+r');
  const form = page.getByRole('complementary', { name: 'RFM segments' });
  await form.waitFor();
  expect(await form.getByLabel('Scheme', { exact: true }).inputValue()).toBe('zh8');
});

it('makes a chart of chosen columns with the chart builder of a plugin', async () => {
  await palette('Pareto chart');
  const choices = page.getByRole('listbox').last();
  for (const name of [/orders/, 'category', 'quantity']) await choices.getByRole('option', { name }).first().click();
  await page
    .getByRole('img', { name: /Pareto chart/ })
    .first()
    .waitFor();
});
