import { onCleanup } from 'solid-js';
import type { Workbench } from '../workbench.ts';
import { openFiles } from './open-files.ts';

/** Cells copied in a spreadsheet become a table, by way of the import dialog. */
export async function pasteAsTable(workbench: Workbench): Promise<void> {
  const { notifications, language } = workbench;
  const { t } = language;
  try {
    await openPasted(workbench, await navigator.clipboard.readText());
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
    else void openPasted(workbench, event.clipboardData?.getData('text/plain') ?? '');
  };
  document.addEventListener('paste', onPaste);
  onCleanup(() => document.removeEventListener('paste', onPaste));
}

async function openPasted(workbench: Workbench, text: string): Promise<void> {
  const { notifications, language } = workbench;
  if (text.trim() === '') {
    notifications.add({ kind: 'info', text: () => language.t('paste.empty') });
    return;
  }
  const name = `${language.t('paste.name')}.${text.includes('\t') ? 'tsv' : 'txt'}`;
  await openFiles(workbench, [new File([text], name, { type: 'text/plain' })]);
}
