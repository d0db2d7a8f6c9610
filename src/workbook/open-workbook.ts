import type { Json } from '@patron/sdk';
import {
  IUniverInstanceService,
  type IWorkbookData,
  type IWorksheetData,
  UniverInstanceType,
  type Workbook,
} from '@univerjs/core';
import type { Autosave } from './autosave.ts';
import type { HostContext } from './host-context.ts';
import type { OpenedTable } from './host-contract.ts';
import { describeSheet } from './sheet-record.ts';
import type { TableHost } from './table-host.ts';

export interface OpeningParts {
  readonly context: HostContext;
  readonly autosave: Autosave;
  readonly tables: TableHost['sheets'];
  /** The functions that formulas may call are to be described to the workbook's editor. */
  describeFunctions(): void;
}

/** Opens a stored workbook in the place of the one that is open. */
export async function openStoredWorkbook(parts: OpeningParts, id: string): Promise<void> {
  const { context, autosave, tables } = parts;
  const { api, injector, options } = context;
  await autosave.flush();
  // Read before the former is put away: where there is nothing to open, that stays.
  const { info, content } = await options.store.read(id);
  await putWorkbookAway(parts);
  const snapshot = { ...content.snapshot, id: info.id, name: info.name } as IWorkbookData;
  if (!snapshot.sheets || Object.keys(snapshot.sheets).length === 0) {
    const first = crypto.randomUUID();
    snapshot.sheets = { [first]: { id: first, name: options.newSheetName(), rowCount: 1000, columnCount: 26 } };
    snapshot.sheetOrder = [first];
  }
  const { found, missing } = await openTables(context, Object.values(snapshot.sheets));
  tables.expect(info.id, found);
  api.createWorkbook(snapshot);
  const workbook = injector.get(IUniverInstanceService).getUnit<Workbook>(info.id, UniverInstanceType.UNIVER_SHEET);
  if (!workbook) throw new Error(`Workbook '${info.name}' could not be opened.`);
  tables.install(workbook);
  parts.describeFunctions();
  const watching = workbook.activeSheet$.subscribe((sheet) => {
    if (sheet && context.open?.workbook === workbook) options.onActiveSheet?.(describeSheet(sheet));
  });
  context.open = { info, details: content.details, workbook, stop: () => watching.unsubscribe() };
  if (content.activeSheet && context.find(content.activeSheet))
    api.getActiveWorkbook()?.setActiveSheet(content.activeSheet);
  options.onSaveState('saved');
  options.onSheets?.(workbook.getSheets().map(describeSheet));
  const active = workbook.getActiveSheet();
  if (active) options.onActiveSheet?.(describeSheet(active));
  for (const sheetId of missing) context.notice('tableMissing', sheetId);
}

/** Finds the tables of a workbook's table sheets; each sheet gets as many rows as it will show. */
async function openTables({ options }: HostContext, sheets: readonly Partial<IWorksheetData>[]) {
  const found = new Map<string, OpenedTable>();
  const missing: string[] = [];
  await Promise.all(
    sheets.map(async (sheet) => {
      const record = sheet.custom?.patron as { kind: string; source: Json; kept?: Json } | undefined;
      if (!sheet.id || record?.kind !== 'table') return;
      const table = await options.openTable(record.source, sheet.id, record.kept ?? null).catch(() => null);
      if (!table) return void missing.push(sheet.id);
      found.set(sheet.id, table);
      sheet.rowCount = (table.shown?.rows?.length ?? table.view.rows) + 1;
    }),
  );
  return { found, missing };
}

/** Saves the open workbook and lets go of it. */
export async function putWorkbookAway({ context, autosave, tables }: OpeningParts): Promise<void> {
  if (!context.open) return;
  await autosave.flush();
  const { workbook, stop } = context.open;
  stop();
  context.open = null;
  tables.clear(workbook);
  // Univer keeps the cells of a disposed workbook reachable, so they are let go by hand.
  for (const sheet of workbook.getSheets()) {
    sheet.getSnapshot().cellData = {};
    const matrix = sheet.getCellMatrix() as unknown as { _matrix: object };
    matrix._matrix = {};
  }
  context.api.disposeUnit(workbook.getUnitId());
}
