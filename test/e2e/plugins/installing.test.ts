import { strToU8, zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, notice, runByPalette, visit } from '../app.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

async function openSample(): Promise<Page> {
  // Requests of the service worker would not meet the routes of the tests.
  const { page } = await visit(browser, { serviceWorkers: 'block' });
  await page.getByRole('button', { name: /Try the sample workbook/ }).click();
  await page.getByRole('list').getByText('orders').first().waitFor({ timeout: 60_000 });
  return page;
}

async function openCatalogue(page: Page): Promise<void> {
  // The button of a view that is open closes it.
  const install = page.getByRole('button', { name: 'Install a plugin' });
  if (!(await install.isVisible())) await page.getByRole('button', { name: 'Plugins', exact: true }).click();
  await install.click();
  await page.getByRole('menuitem', { name: 'From the catalogue…' }).click();
}

it('installs a plugin from the catalogue beside the app, and runs it', async () => {
  const page = await openSample();
  await openCatalogue(page);
  const list = page.getByRole('dialog', { name: 'Plugins of the catalogue' });
  await list.getByText('Bought together 1.0.0').waitFor();
  await list.getByRole('button', { name: 'Install' }).click();
  const consent = page.getByRole('dialog', { name: 'Install “Bought together”?' });
  await consent.getByRole('button', { name: 'Install' }).click();
  await notice(page, /“Bought together” is installed\./);

  await openCatalogue(page);
  expect(await list.getByRole('button', { name: 'Installed' }).isDisabled()).toBe(true);
  await list.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('Which plugins are shown').selectOption({ label: 'Installed (1)' });
  await page.getByLabel('Details of Bought together').click();
  await page.getByText('Reads the order and product columns that you map').waitFor();
  expect(await page.getByLabel('Details of Toolkit').count()).toBe(0);

  await runByPalette(page, 'Bought together');
  await page.getByRole('complementary', { name: 'Bought together' }).waitFor();
  await page.context().close();
});

it('refuses a package that is not the one the catalogue names', async () => {
  const page = await openSample();
  await page.route('**/catalogue/index.json', async (route) => {
    const index = await (await route.fetch()).text();
    await route.fulfill({ body: index.replace(/[0-9a-f]{64}/, '0'.repeat(64)), contentType: 'application/json' });
  });
  await openCatalogue(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click();
  await notice(page, /is not the one that the catalogue names/);
  expect(await page.getByRole('dialog', { name: /Install “/ }).count()).toBe(0);
  expect(await page.getByRole('checkbox', { name: 'Bought together' }).count()).toBe(0);
  await page.context().close();
});

it('opens a file that a plugin reads by way of the ordinary preview, and asks the engine that was chosen', async () => {
  const page = await openSample();
  const cards = ['Ann Lee', 'Wei Zhang'].map((name, i) => `BEGIN:VCARD\nFN:${name}\nTEL:0${i}23\nEND:VCARD\n`).join('');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'contacts.vcf', { type: 'text/vcard' }));
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, cards);
  const preview = page.getByRole('dialog', { name: /contacts\.vcf/ });
  await preview.getByText('Wei Zhang').waitFor();
  expect(await preview.getByLabel('Table name').inputValue()).toBe('contacts');
  await preview.getByRole('button', { name: 'Import', exact: true }).click();
  await notice(page, /contacts/);
  await page.getByRole('list').getByText('contacts').first().waitFor();

  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByLabel('Engine', { exact: true }).selectOption({ label: 'Built-in kernels' });
  await runByPalette(page, 'Totals by group');
  const form = page.getByRole('complementary', { name: 'Totals by group' });
  await form.getByRole('button', { name: 'Run', exact: true }).click();
  await notice(page, /Totals by group/);
  await page.getByRole('button', { name: 'Plugins', exact: true }).click();
  await page.getByLabel('Details of Toolkit').click();
  // The importer, the analysis, and the reduction that it asked the engine for.
  await page.getByRole('definition').filter({ hasText: /^3$/ }).first().waitFor();
  await page.context().close();
});

/** A package with one command, which stands in every menu. */
function packageOf(version: string, permissions: readonly object[]): Buffer {
  const menus = ['table', 'result', 'analysis', 'sheet', 'workbook'].map((location) => ({
    location,
    command: 'say.hello',
  }));
  const manifest = {
    manifestVersion: 1,
    id: 'test.say',
    name: 'Say',
    version,
    engines: { patron: '^0.1.0' },
    main: 'main.js',
    permissions,
    contributes: { commands: [{ id: 'say.hello', title: 'Say hello' }], menus },
  };
  const bundle = `var patronPlugin = { plugin: { commands: { 'say.hello': async (about, context) => {
    await context.addSheet('Said ' + Object.keys(about)[0], [[JSON.stringify(about)]]);
  } } } };`;
  return Buffer.from(zipSync({ 'plugin.json': strToU8(JSON.stringify(manifest)), 'main.js': strToU8(bundle) }));
}

async function openZip(page: Page, buffer: Buffer): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Install a plugin' }).click();
  await page.getByRole('menuitem', { name: 'From a .zip file…' }).click();
  await (await choosing).setFiles({ name: 'say.zip', mimeType: 'application/zip', buffer });
}

it('keeps an update off that asks for more until that is accepted, and offers its command in every menu', async () => {
  const page = await openSample();
  await page.getByRole('button', { name: 'Plugins', exact: true }).click();
  await openZip(page, packageOf('1.0.0', []));
  await page.getByRole('dialog').getByRole('button', { name: 'Install', exact: true }).click();
  const on = page.getByRole('checkbox', { name: 'Say' });
  await on.waitFor({ state: 'attached' });
  expect(await on.isChecked()).toBe(true);

  const reason = 'To write down what was said';
  await openZip(page, packageOf('1.1.0', [{ name: 'sheet.write', scope: 'new-sheet', reason }]));
  const update = page.getByRole('dialog', { name: 'Update “Say”?' });
  await update.getByText(reason).waitFor();
  await update.getByRole('button', { name: 'Update and leave it off' }).click();
  await page.getByRole('button', { name: 'Accept and turn on' }).waitFor();
  expect([await on.isChecked(), await on.isDisabled()]).toEqual([false, true]);
  await page.getByRole('button', { name: 'Accept and turn on' }).click();
  await page.getByText('1.1.0 · on').waitFor();

  await page.getByRole('button', { name: /^File of the workbook/ }).click();
  expect(await page.getByRole('menuitem', { name: 'Say hello' }).count()).toBe(2);
  await page.getByRole('menuitem', { name: 'Say hello' }).first().click();
  await page.getByText('Said workbook').first().waitFor();
  await page.getByRole('button', { name: 'Analyses', exact: true }).click();
  await page.getByRole('button', { name: 'More for RFM segments' }).click();
  await page.getByRole('menuitem', { name: 'Say hello' }).click();
  await page.getByText('Said analysis').first().waitFor();
  await page.context().close();
});
