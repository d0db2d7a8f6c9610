import { PatronFileError, readPatronFile } from '../../sharing/index.ts';
import { openWorkbook } from '../actions/workbook-actions.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { isRunRecord } from './run-shape.ts';

/** Opens a `.patron` file as a new workbook of this browser. A failure leaves nothing behind; lost tables are named. */
export async function openPatron(workbench: Workbench, file: File, handle?: FileSystemFileHandle): Promise<void> {
  const { files, language, notifications, runs } = workbench;
  const { t } = language;
  try {
    const opened = await files.work(
      () => t('file.opening', file.name),
      async ({ signal, onShare }) => {
        const read = await readPatronFile(file, files.stores, {
          signal,
          onProgress: (done, total) => onShare(total > 0 ? done / total : 0),
        });
        const kept = read.runs.filter(isRunRecord);
        try {
          for (const run of kept) await files.stores.runs.put(run);
        } catch (error) {
          for (const { id } of kept) await files.stores.runs.remove(id);
          await files.stores.tables.removeWorkbook(read.workbook.id);
          await files.stores.workbooks.delete(read.workbook.id);
          throw error;
        }
        return { ...read, skipped: read.runs.length - kept.length };
      },
    );
    const { workbook, skipped } = opened;
    const lost = (): string[] => [
      ...opened.lost.map((name) => `“${name}”`),
      ...opened.lostRejects.map((name) => t('tables.rejectsOf', name)),
    ];
    await files.remember({
      workbook: workbook.id,
      name: file.name,
      savedAt: file.lastModified,
      modifiedAt: workbook.modifiedAt,
      changed: lost().length > 0 || skipped > 0,
      handle,
    });
    await openWorkbook(workbench, workbook.id);
    await runs.refresh();
    const tables = (await files.stores.tables.list(workbook.id)).filter(
      ({ source }) => source.kind !== 'result',
    ).length;
    notifications.add(
      lost().length > 0
        ? {
            kind: 'warning',
            text: () => t('file.lost', file.name, lost().join(', ')),
            remedy: () => t('file.lostRemedy'),
          }
        : { kind: 'success', text: () => t('file.opened', file.name, tables) },
    );
    if (skipped > 0) notifications.add({ kind: 'warning', text: () => t('file.fault.runs', skipped) });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('file.openCancelled', file.name) });
      return;
    }
    notifications.add({
      kind: 'error',
      text: () => t('file.openFailed', file.name),
      remedy: () => (error instanceof PatronFileError ? t(`file.fault.${error.fault}`) : explainTableError(error, t)),
      details: errorDetails(error),
    });
  }
}
