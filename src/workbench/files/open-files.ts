import { readThroughPlugins } from '../plugins/plugin-importers.ts';
import type { Workbench } from '../workbench.ts';
import { openPatron } from './open-patron.ts';
import { isRefused } from './read-only.ts';

const accepted = [
  '.patron',
  '.csv,.tsv,.txt,.tab,.dat,.json,.jsonl,.ndjson,.xlsx,.parquet,.arrow,.feather,.gz',
  'text/*',
].join(',');

/** Opens what was chosen, dropped or pasted: `.patron` files as workbooks, anything else as tables, by way of the dialog. */
export async function openFiles(
  workbench: Workbench,
  chosen: readonly File[],
  handle?: FileSystemFileHandle,
): Promise<void> {
  const patron = chosen.filter(({ name }) => /\.patron$/i.test(name));
  const tables = chosen.filter((file) => !patron.includes(file));
  for (const file of patron) await openPatron(workbench, file, chosen.length === 1 ? handle : undefined);
  if (tables.length === 0 || isRefused(workbench)) return;
  const [first, ...more] = await readThroughPlugins(workbench, tables);
  if (first) workbench.importDialog.show(first, more);
}

/**
 * Asks for one or several files by the browser's own dialog, of the kinds that Patron reads or of `further` extensions; with `ours`
 * false of those only. None where the user changes their mind.
 */
export function chooseFiles(further: readonly string[] = [], ours = true): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = (ours ? [accepted, ...further] : further).join(',');
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}
