import { type StoredSheet, type StoredStyles, writeSheetsFile } from '../../sharing/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { errorDetails, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { exportTableAs } from './export-table.ts';

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Where a snapshot keeps the names that stand for ranges. */
const NAMES = 'SHEET_DEFINED_NAME_PLUGIN';

interface StoredWorkbook {
  readonly sheets?: Readonly<Record<string, StoredSheet>>;
  readonly styles?: StoredStyles;
  readonly resources?: readonly { readonly name: string; readonly data: string }[];
}

/** Exports the sheet on screen as XLSX: a table sheet from its table; any other with all that is in it. */
export async function exportSheetXlsx(workbench: Workbench): Promise<void> {
  const sheet = workbench.session.activeSheet();
  if (!sheet) return;
  const source = sheet.source as { table?: string } | undefined;
  if (source?.table) return exportTableAs(workbench, source.table, sheet.name, 'xlsx');
  await exportXlsx(workbench, sheet.name, (id) => id === sheet.id);
}

/** Exports all sheets but those of tables as one XLSX file, with the formulas between them. */
export async function exportWorkbookXlsx(workbench: Workbench): Promise<void> {
  const current = workbench.session.current();
  if (current) await exportXlsx(workbench, current.name, () => true);
}

async function exportXlsx(workbench: Workbench, name: string, isWanted: (id: string) => boolean): Promise<void> {
  const { files, language, notifications, session } = workbench;
  const { t } = language;
  const current = session.current();
  if (!current) return;
  try {
    const blob = await files.work(
      () => t('export.running', name),
      async ({ signal }) => {
        const host = session.host();
        await host.flush();
        const { content } = await files.stores.workbooks.read(current.id);
        signal.throwIfAborted();
        const stored = content.snapshot as StoredWorkbook;
        const sheets = host
          .sheets()
          .filter(({ id, kind }) => kind !== 'table' && isWanted(id))
          .flatMap((sheet) => {
            const found = stored.sheets?.[sheet.id];
            return found ? [{ name: sheet.name, stored: found }] : [];
          });
        if (!sheets.some(({ stored: { cellData } }) => Object.keys(cellData ?? {}).length > 0)) return null;
        const bytes = await writeSheetsFile(
          name,
          { sheets, styles: stored.styles ?? {}, functions: host.functionNames().stock, names: namesOf(stored) },
          signal,
        );
        return new Blob([bytes], { type: mediaType });
      },
    );
    if (!blob) {
      notifications.add({ kind: 'info', text: () => t('export.empty', name) });
      return;
    }
    const file = fileNameOf(name, 'xlsx');
    download(blob, file);
    notifications.add({ kind: 'success', text: () => t('export.done', file) });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('export.cancelled', name) });
      return;
    }
    notifications.add({ kind: 'error', text: () => t('export.failed', name), details: errorDetails(error) });
  }
}

function namesOf({ resources }: StoredWorkbook): { name: string; formula: string }[] {
  const data = resources?.find(({ name }) => name === NAMES)?.data;
  if (!data) return [];
  const names = JSON.parse(data) as Record<string, { name?: string; formulaOrRefString?: string }>;
  return Object.values(names).flatMap(({ name, formulaOrRefString }) =>
    name && formulaOrRefString ? [{ name, formula: formulaOrRefString }] : [],
  );
}
