import type { ImportOptions } from '../../tables/index.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { ImportJob } from '../state/imports.ts';
import type { Workbench } from '../workbench.ts';
import { openTable, showRejects } from './table-actions.ts';
import { emptyTrash } from './trash-actions.ts';

/** What a table is called after its file: the name without path and extensions. */
export function tableNameOf(file: string): string {
  const name = file.replace(/^.*[\\/]/, '');
  return (
    name.replace(/((\.(csv|tsv|txt|tab|dat|xlsx|json|jsonl|ndjson|parquet|arrow|feather|gz))+|\.[a-z]{2,5})$/i, '') ||
    file
  );
}

/**
 * Imports a file into the open workbook, or into a new one that is named after the file. The table opens as a sheet at once;
 * what came of it is said once.
 */
export async function startImport(
  workbench: Workbench,
  file: File,
  name: string,
  options: ImportOptions,
): Promise<ImportJob> {
  const { imports, language, notifications, session, tables, storage } = workbench;
  const { t } = language;
  const fresh = session.current() === null;
  const workbook = session.current() ?? (await session.create(name));
  const job = imports.start({
    file,
    fileName: file.name,
    workbook: workbook.id,
    name,
    options,
    title: () => t('import.running', file.name),
  });
  job.done
    .then(async ({ meta, rejects }) => {
      performance.mark('patron.import.done');
      if (fresh) await session.open(workbook.id);
      await tables.refresh();
      void storage.refresh();
      if (session.current()?.id === workbook.id) await openTable(workbench, meta.id);
      notifications.add({
        kind: rejects.count > 0 ? 'warning' : 'success',
        text: () =>
          rejects.count > 0
            ? t('import.doneWithRejects', meta.name, meta.rows, rejects.count)
            : t('import.done', meta.name, meta.rows),
        actions:
          rejects.count > 0
            ? [{ label: () => t('tables.showRejects'), run: () => void showRejects(workbench, meta.id) }]
            : [],
      });
    })
    .catch(async (error: unknown) => {
      if (fresh) {
        await session.remove(workbook.id);
      }
      if (isCancelled(error)) {
        notifications.add({ kind: 'info', text: () => t('import.cancelled', file.name) });
        return;
      }
      // Room that deleted tables still take is given back before the user is asked to make room.
      await emptyTrash(workbench);
      notifications.add({
        kind: 'error',
        text: () => t('import.failed', file.name),
        remedy: () => explainTableError(error, t),
        details: errorDetails(error),
      });
    });
  return job;
}
