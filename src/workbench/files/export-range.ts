import type { CellValue } from '@patron/sdk';
import type { TableMeta } from '../../tables/index.ts';
import type { CellRange } from '../../workbook/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { sheetCsv } from '../actions/sheet-csv.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { extensions, type TableFileFormat } from './export-table.ts';

/** Where the selection lies while it is written out: in no workbook that anybody opens. */
const PASSING = 'passing-selection';
const rowsAtOnce = 2000;

/**
 * Hands the selected cells to the downloads: of a table sheet the rows that it shows, as they are stored; of another sheet what
 * its cells hold, the first row as the names of the columns.
 */
export async function exportSelectionAs(workbench: Workbench, format: TableFileFormat): Promise<void> {
  const { files, language, notifications, session, tables } = workbench;
  const { t } = language;
  const sheet = session.activeSheet();
  const ranges = session.host().selection()?.ranges ?? [];
  if (!sheet || ranges.length !== 1) {
    notifications.add({ kind: 'info', text: () => t('export.oneRange') });
    return;
  }
  const range = bounded(ranges[0]);
  try {
    const file = fileNameOf(sheet.name, extensions[format]);
    const blob = await files.work(
      () => t('export.running', sheet.name),
      async ({ signal, onShare }) => {
        const run = { signal, onProgress: (done: number, total: number) => onShare(total > 0 ? done / total : 0) };
        const source = sheet.source as { table?: string } | undefined;
        const cells = source?.table ? null : await cellsOf(workbench, sheet.id, range, signal);
        if (cells && cells.values.length === 0) return null;
        if (cells && format === 'csv') return sheetCsv(cells.values, cells.texts);
        // One tab at a time: each clears what an earlier one, closed in the middle, may have left.
        return navigator.locks.request(PASSING, { signal }, async () => {
          await tables.client.removeWorkbook(PASSING);
          try {
            const { id } = source?.table
              ? await storeRows(workbench, sheet.id, source.table, range)
              : await storeCells(workbench, sheet.name, cells as Cells);
            signal.throwIfAborted();
            return format === 'csv'
              ? await tables.client.exportCsv(id, run)
              : await tables.client.exportTable(id, format, run);
          } finally {
            await tables.client.removeWorkbook(PASSING);
          }
        });
      },
    );
    if (!blob) {
      notifications.add({ kind: 'info', text: () => t('export.nothingSelected') });
      return;
    }
    download(blob, file);
    notifications.add({ kind: 'success', text: () => t('export.done', file) });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('export.cancelled', sheet.name) });
      return;
    }
    notifications.add({
      kind: 'error',
      text: () => t('export.failed', sheet.name),
      remedy: () => explainTableError(error, t),
      details: errorDetails(error),
    });
  }
}

/** Whole rows and whole columns are selected without numbers for where they begin and end. */
function bounded({ startRow, startColumn, endRow, endColumn }: CellRange): CellRange {
  const from = (value: number): number => (Number.isFinite(value) ? value : 0);
  const to = (value: number): number => (Number.isFinite(value) ? value : Number.MAX_SAFE_INTEGER - 1);
  return { startRow: from(startRow), startColumn: from(startColumn), endRow: to(endRow), endColumn: to(endColumn) };
}

interface Cells {
  readonly values: readonly (readonly CellValue[])[];
  readonly texts: readonly (readonly string[])[];
}

/** The cells of a range as far as the sheet is used, a part at a time. */
async function cellsOf(workbench: Workbench, sheetId: string, range: CellRange, signal: AbortSignal): Promise<Cells> {
  const host = workbench.session.host();
  const used = host.sheetValues(sheetId, { from: 0, rows: 0 }).rows;
  const values: CellValue[][] = [];
  const texts: string[][] = [];
  const cut = <T>(row: readonly T[]): T[] => row.slice(range.startColumn, range.endColumn + 1);
  for (let from = range.startRow; from <= Math.min(range.endRow, used - 1); from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, range.endRow - from + 1);
    const part = host.sheetValues(sheetId, { from, rows });
    values.push(...part.values.map(cut));
    texts.push(...part.texts.map(cut));
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
  return { values, texts };
}

/** Types are settled as they are for a file with these cells. */
async function storeCells({ tables }: Workbench, name: string, { values, texts }: Cells): Promise<TableMeta> {
  const file = new File([sheetCsv(values, texts, false)], `${name}.csv`);
  return (await tables.client.importFile(file, { workbook: PASSING, name, options: { header: true } })).meta;
}

/** The rows of a table that its sheet shows within the range; the heading above them is no row. */
async function storeRows(
  { session, tables }: Workbench,
  sheetId: string,
  tableId: string,
  range: CellRange,
): Promise<TableMeta> {
  const table = await tables.client.get(tableId);
  const shown = session.host().rowIndex(sheetId);
  const names = table.columns.slice(range.startColumn, range.endColumn + 1).map(({ name }) => name);
  const start = Math.max(0, range.startRow - 1);
  const end = Math.min(shown?.length ?? table.rows, range.endRow);
  const columns = shown
    ? await tables.client.readRowsAt(tableId, names, shown.slice(start, end))
    : await tables.client.readRows(tableId, names, start, Math.max(start, end));
  const source = { kind: 'transform', name: table.name } as const;
  return tables.client.write({ workbook: PASSING, name: table.name, columns, source });
}
