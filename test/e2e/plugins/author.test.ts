import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { runByPalette } from '../app.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const workshop = mkdtempSync(join(tmpdir(), 'patron-author-'));
const folder = join(workshop, 'concentration');
let browser: Browser;
let server: ChildProcess | undefined;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  server?.kill();
  await browser?.close();
  rmSync(workshop, { recursive: true, force: true });
});

const environment = {
  ...process.env,
  INIT_CWD: workshop,
  TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
  PORT: '5231',
};
const argumentsOf = (command: string): string[] => ['--import', 'tsx', `src/cli/${command}.ts`, 'concentration'];

function command(name: string): string {
  const done = spawnSync(process.execPath, argumentsOf(name), { cwd: root, env: environment, encoding: 'utf8' });
  expect(done.status, done.stdout + done.stderr).toBe(0);
  return done.stdout;
}

async function serve(): Promise<string> {
  server = spawn(process.execPath, argumentsOf('plugin-dev'), { cwd: root, env: environment });
  return new Promise((resolve, reject) => {
    let text = '';
    server?.stdout?.on('data', (part: Buffer) => {
      text += part;
      const address = /http:\/\/localhost:\d+/.exec(text)?.[0];
      if (address) resolve(address);
    });
    server?.on('exit', () => reject(new Error(`The server ended: ${text}`)));
  });
}

async function openSample(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  await page.goto(inject('appAddress'));
  await page.getByRole('button', { name: /Try the sample workbook/ }).click();
  await page.getByRole('list').getByText('orders').first().waitFor({ timeout: 60_000 });
  return page;
}

async function fromMenu(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Plugins', exact: true }).click();
  await page.getByRole('button', { name: 'Install a plugin' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

it('plays the author: scaffold, see it live, test, pack; and the user: install, run, export', async () => {
  command('plugin-new');
  const address = await serve();

  const author = await openSample();
  await fromMenu(author, 'Load from address (developer)…');
  await author.getByLabel('Address').fill(address);
  await author.getByRole('button', { name: 'Load', exact: true }).click();
  await author.getByRole('dialog').getByRole('button', { name: 'Install' }).click();
  await author.getByRole('checkbox', { name: 'concentration' }).waitFor({ state: 'attached' });

  const texts = join(folder, 'locales', 'en-US.json');
  writeFileSync(texts, readFileSync(texts, 'utf8').replace('"concentration"', '"How concentrated"'));
  const saved = Date.now();
  await author.getByRole('checkbox', { name: 'How concentrated' }).waitFor({ state: 'attached', timeout: 10_000 });
  const live = Date.now() - saved;
  console.log(`Live ${live} ms after the save`);
  expect(live).toBeLessThan(2000);
  await author.context().close();

  expect(command('plugin-test')).toContain('Types: good');
  expect(command('plugin-pack')).toContain('my.concentration-0.1.0.zip');

  const user = await openSample();
  const choosing = user.waitForEvent('filechooser');
  await fromMenu(user, 'From a .zip file…');
  await (await choosing).setFiles(join(folder, 'dist', 'my.concentration-0.1.0.zip'));
  const consent = user.getByRole('dialog');
  expect(await consent.textContent()).toContain('Install “How concentrated”?');
  await consent.getByRole('button', { name: 'Install' }).click();
  await user.getByText('“How concentrated” is installed.').first().waitFor();

  await runByPalette(user, 'Revenue concentration');
  const form = user.getByRole('complementary', { name: 'Revenue concentration' });
  await form.getByRole('button', { name: 'Run', exact: true }).click();
  await user
    .getByText(/The top 20% of customers bring/)
    .or(user.getByText('Revenue concentration').nth(1))
    .first()
    .waitFor({ timeout: 60_000 });

  await user.waitForTimeout(1500);
  const downloading = user.waitForEvent('download');
  await runByPalette(user, 'Export the sheet as CSV');
  const csv = readFileSync(await (await downloading).path(), 'utf8');
  expect(csv).toContain('Gini coefficient');
  expect(csv).toMatch(/The top 20% of customers bring \d+(\.\d)?% of revenue/);
});
