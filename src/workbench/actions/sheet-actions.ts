import { exportCsv } from '../../tables/index.ts';
import { exportTableAs } from '../files/export-table.ts';
import { errorDetails } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { download, fileNameOf } from './download.ts';
import { sheetCsv } from './sheet-csv.ts';

const rowsAtOnce = 2000;

/** Exports the sheet on screen as CSV: a table sheet from its table, whole; any other sheet by its used range. */
export async function exportActiveSheet(workbench: Workbench): Promise<void> {
  const { notifications, session, tables, language } = workbench;
  const { t } = language;
  const sheet = session.activeSheet();
  if (!sheet) return;
  const source = sheet.source as { table?: string; rejectsOf?: string } | undefined;
  if (source?.table) return exportTableAs(workbench, source.table, sheet.name, 'csv');
  try {
    const file = fileNameOf(sheet.name, 'csv');
    if (source?.rejectsOf) {
      const rejects = await tables.client.rejects(source.rejectsOf);
      const parts: BlobPart[] = [];
      for await (const part of exportCsv(rejects.columns)) parts.push(part as Uint8Array<ArrayBuffer>);
      download(new Blob(parts, { type: 'text/csv;charset=utf-8' }), file);
    } else {
      const host = session.host();
      const { rows } = host.sheetValues(sheet.id, { from: 0, rows: 0 });
      if (rows === 0) {
        notifications.add({ kind: 'info', text: () => t('export.empty', sheet.name) });
        return;
      }
      const values: ReturnType<typeof host.sheetValues>['values'] = [];
      const texts: string[][] = [];
      for (let from = 0; from < rows; from += rowsAtOnce) {
        const part = host.sheetValues(sheet.id, { from, rows: Math.min(rowsAtOnce, rows - from) });
        values.push(...part.values);
        texts.push(...part.texts);
        await new Promise((resolve) => setTimeout(resolve));
      }
      download(sheetCsv(values, texts), file);
    }
    notifications.add({ kind: 'success', text: () => t('export.done', file) });
  } catch (error) {
    notifications.add({
      kind: 'error',
      text: () => t('export.failed', sheet.name),
      details: errorDetails(error),
    });
  }
}
