import { type StoredSheet, type StoredStyles, writeSheetFile } from '../../sharing/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { errorDetails, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { exportTableAs } from './export-table.ts';

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Exports the sheet on screen as XLSX: a table sheet from its table; any other with all that is in it. */
export async function exportSheetXlsx(workbench: Workbench): Promise<void> {
  const { files, language, notifications, session } = workbench;
  const { t } = language;
  const sheet = session.activeSheet();
  const current = session.current();
  if (!sheet || !current) return;
  const source = sheet.source as { table?: string } | undefined;
  if (source?.table) return exportTableAs(workbench, source.table, sheet.name, 'xlsx');
  try {
    const blob = await files.work(
      () => t('export.running', sheet.name),
      async ({ signal }) => {
        await session.host().flush();
        const { content } = await files.stores.workbooks.read(current.id);
        signal.throwIfAborted();
        const { sheets, styles } = content.snapshot as {
          sheets?: Record<string, StoredSheet>;
          styles?: StoredStyles;
        };
        const stored = sheets?.[sheet.id];
        if (!stored?.cellData || Object.keys(stored.cellData).length === 0) return null;
        const { stock } = session.host().functionNames();
        const bytes = await writeSheetFile(sheet.name, stored, styles ?? {}, stock, signal);
        signal.throwIfAborted();
        return new Blob([bytes], { type: mediaType });
      },
    );
    if (!blob) {
      notifications.add({ kind: 'info', text: () => t('export.empty', sheet.name) });
      return;
    }
    const file = fileNameOf(sheet.name, 'xlsx');
    download(blob, file);
    notifications.add({ kind: 'success', text: () => t('export.done', file) });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('export.cancelled', sheet.name) });
      return;
    }
    notifications.add({ kind: 'error', text: () => t('export.failed', sheet.name), details: errorDetails(error) });
  }
}
