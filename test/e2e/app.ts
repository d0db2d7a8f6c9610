import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const artifacts = join(root, 'test/artifacts');
const shared = process.env.PATRON_SHARED ?? join(root, '../shared');

/** The real order file, where the folder beside the repository is there. */
export const onlineRetail = join(shared, 'data/online_retail/online_retail.csv');
export const hasOnlineRetail = existsSync(onlineRetail);
if (!hasOnlineRetail) console.warn(`${onlineRetail} is not there: the steps on real data use a generated file.`);

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of the app, with everything that must not happen written down. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page and of its console, failed requests, and requests to other hosts. */
  readonly faults: string[];
  shot(name: string): Promise<void>;
  /** Tasks of the main thread over 50 ms since the last call: [start, duration]. */
  longTasks(): Promise<[number, number][]>;
  /** The same, split at the latest performance mark of that name. */
  longTasksAround(mark: string): Promise<Record<'before' | 'after', [number, number][]>>;
}

declare global {
  interface Window {
    longTasks?: [number, number][];
  }
}

export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    locale: 'en-US',
    timezoneId: 'Asia/Shanghai',
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  return visitIn(context);
}

/** Another page of the same browser profile: storage is shared. */
export async function visitIn(context: BrowserContext): Promise<Visit> {
  const address = inject('appAddress');
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`page error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(address).host) faults.push(`other host: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        window.longTasks?.push([Math.round(startTime), Math.round(duration)]);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(address);
  return {
    page,
    context,
    faults,
    async shot(name) {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
    },
    longTasksAround: (mark) =>
      page.evaluate((name) => {
        const at = performance.getEntriesByName(name).at(-1)?.startTime ?? Number.POSITIVE_INFINITY;
        const tasks = window.longTasks ?? [];
        window.longTasks = [];
        return { before: tasks.filter(([start]) => start < at), after: tasks.filter(([start]) => start >= at) };
      }, mark),
    longTasks: () =>
      page.evaluate(() => {
        const tasks = window.longTasks ?? [];
        window.longTasks = [];
        return tasks;
      }),
  };
}

/** Waits until the notice is on screen or in the history. */
export async function notice(page: Page, text: RegExp, timeout = 60_000): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout });
}

/** Opens the palette, types, and runs the first thing found. */
export async function runByPalette(page: Page, query: string): Promise<void> {
  const input = page.getByRole('combobox', { name: /Command palette|命令面板/ });
  // A page that has just come back may not hear its first key; and a pointer that lies over the list would choose in it.
  await page.mouse.move(0, 0);
  for (let attempt = 0; attempt < 5; attempt++) {
    await page.keyboard.press('F1');
    const opened = await input.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (opened) break;
  }
  await input.fill(query);
  await page
    .getByRole('option')
    .first()
    .waitFor()
    .catch(async (error) => {
      await page.screenshot({ path: join(artifacts, 'palette-failed.png') });
      throw error;
    });
  await input.press('Enter');
}

/** Takes the first of the choices that a command offers. */
export async function takeFirst(page: Page, title: string): Promise<void> {
  await page.getByRole('option').first().waitFor();
  await page.getByRole('combobox', { name: title }).press('Enter');
}

/** Runs what is expected to hand out a file, and reads it. */
export async function downloaded(page: Page, act: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

/** Rows of fields of a CSV text. */
export function csvRows(text: string): string[][] {
  return Papa.parse<string[]>(text.replace(/^\ufeff/, '').trimEnd()).data;
}

/** The name of a column by its number from 0: 0 is A, 26 is AA. */
export function columnName(column: number): string {
  return column < 26
    ? String.fromCharCode(65 + column)
    : columnName(Math.floor(column / 26) - 1) + columnName(column % 26);
}

/** Types into the cell that the sheet on screen has its cursor in, at the top left corner. */
export async function typeIntoFirstCell(page: Page, text: string): Promise<void> {
  const box = await page.locator('[data-sheets] canvas[id^="univer-sheet-main-canvas"]').boundingBox();
  if (!box) throw new Error('No sheet is on screen.');
  await page.mouse.click(box.x + 80, box.y + 30);
  await page.keyboard.type(text, { delay: 5 });
  await page.keyboard.press('Enter');
}
