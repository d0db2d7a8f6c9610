import { type ExportFormat, TableError } from '../../tables/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';

export type TableFileFormat = 'csv' | ExportFormat;

/** What a file of each format is called after its dot. */
export const extensions: Readonly<Record<TableFileFormat, string>> = {
  csv: 'csv',
  xlsx: 'xlsx',
  parquet: 'parquet',
  arrow: 'arrow',
  'json-lines': 'jsonl',
};

/** Hands a whole table to the downloads in one of the formats, with progress and Cancel. */
export async function exportTableAs(
  { notifications, tables, files, language }: Workbench,
  id: string,
  name: string,
  format: TableFileFormat,
): Promise<void> {
  const { t } = language;
  try {
    const file = fileNameOf(name, extensions[format]);
    const blob = await files.work(
      () => t('export.running', name),
      ({ signal, onShare }) => {
        const run = { signal, onProgress: (done: number, total: number) => onShare(total > 0 ? done / total : 0) };
        return format === 'csv' ? tables.client.exportCsv(id, run) : tables.client.exportTable(id, format, run);
      },
    );
    download(blob, file);
    notifications.add({ kind: 'success', text: () => t('export.done', file) });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('export.cancelled', name) });
      return;
    }
    const tooLong = error instanceof TableError && error.code === 'bad-option';
    notifications.add({
      kind: 'error',
      text: () => t('export.failed', name),
      remedy: () => (tooLong ? t('export.tooManyRows') : explainTableError(error, t)),
      details: errorDetails(error),
    });
  }
}
