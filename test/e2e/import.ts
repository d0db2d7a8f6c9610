import type { Page } from 'playwright-core';
import { runByPalette } from './app.ts';

export interface Fixture {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export function fixture(name: string, content: string | Uint8Array, mimeType = 'application/octet-stream'): Fixture {
  return { name, mimeType, buffer: Buffer.from(content) };
}

/** Runs a command that asks for files, and chooses these. */
export async function choose(page: Page, command: string, files: readonly Fixture[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), runByPalette(page, command)]);
  await chooser.setFiles([...files]);
}

/** Imports files by way of the dialog; `settle` changes it first. */
export async function importInto(
  page: Page,
  files: readonly Fixture[],
  settle?: () => Promise<unknown>,
): Promise<void> {
  await choose(page, 'import a file', files);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name of column 1', exact: true }).waitFor();
  await settle?.();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  // A pointer that rests on a notice keeps it, and those that wait behind it.
  await page.mouse.move(700, 300);
}

/** Waits until the panel lists the table with so many rows. */
export async function listed(page: Page, table: string, count: number): Promise<void> {
  const row = page.getByRole('list', { name: 'Tables of this workbook' }).getByTitle(table, { exact: true });
  await row.getByText(String(count), { exact: true }).waitFor();
}

export async function newWorkbook(page: Page): Promise<void> {
  await page.getByRole('button', { name: /New workbook/ }).click();
  await page.getByText('saved in this browser').waitFor({ timeout: 60_000 });
}
