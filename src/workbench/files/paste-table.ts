import { onCleanup } from 'solid-js';
import type { Workbench } from '../workbench.ts';
import { tableText } from './html-table.ts';
import { openFiles } from './open-files.ts';

/** Cells copied in a spreadsheet become a table, by way of the import dialog. */
export async function pasteAsTable(workbench: Workbench): Promise<void> {
  const { notifications, language } = workbench;
  const { t } = language;
  try {
    const { text, html } = await readClipboard();
    await openPasted(workbench, text, html);
  } catch {
    notifications.add({ kind: 'warning', text: () => t('paste.refused'), remedy: () => t('paste.refusedRemedy') });
  }
}

/** Ctrl+V where nothing else takes it: on the welcome page and in the side panels. */
export function listenForPaste(workbench: Workbench): void {
  const onPaste = (event: ClipboardEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('input, textarea, [contenteditable], [data-sheets], [role="dialog"]')) return;
    if (workbench.session.current() && !target?.closest('[data-takes-paste]')) return;
    const files = [...(event.clipboardData?.files ?? [])];
    event.preventDefault();
    if (files.length > 0) void openFiles(workbench, files);
    else {
      const read = (type: string): string => event.clipboardData?.getData(type) ?? '';
      void openPasted(workbench, read('text/plain'), read('text/html'));
    }
  };
  document.addEventListener('paste', onPaste);
  onCleanup(() => document.removeEventListener('paste', onPaste));
}

async function readClipboard(): Promise<{ text: string; html: string }> {
  const read = async (items: ClipboardItems, type: string): Promise<string> => {
    const item = items.find(({ types }) => types.includes(type));
    return item ? await (await item.getType(type)).text() : '';
  };
  if (!navigator.clipboard.read) return { text: await navigator.clipboard.readText(), html: '' };
  const items = await navigator.clipboard.read();
  return { text: await read(items, 'text/plain'), html: await read(items, 'text/html') };
}

/**
 * Spreadsheets hand out their cells with tabs between them, and with the same as HTML. That is taken where the text alone does not
 * tell the cells apart: a table of a page, or cells of several lines.
 */
function pastedTable(text: string, html: string): string {
  const table = tableText(html);
  if (table === undefined) return text;
  const isClear = text.includes('\t') && !table.includes('"');
  return isClear ? text : table;
}

async function openPasted(workbench: Workbench, plain: string, html: string): Promise<void> {
  const { notifications, language } = workbench;
  const text = pastedTable(plain, html);
  if (text.trim() === '') {
    notifications.add({ kind: 'info', text: () => language.t('paste.empty') });
    return;
  }
  const name = `${language.t('paste.name')}.${text.includes('\t') ? 'tsv' : 'txt'}`;
  await openFiles(workbench, [new File([text], name, { type: 'text/plain' })]);
}
