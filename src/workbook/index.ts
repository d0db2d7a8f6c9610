export type { CustomFunction, FunctionValue } from './custom-function.ts';
export type {
  AddedSheets,
  CellRange,
  HostOptions,
  NoticeKey,
  OpenedTable,
  PageArea,
  SaveState,
  SelectionStatistics,
  SheetInfo,
  SheetValues,
  TableAction,
  WorkbookHost,
  WorkbookLocale,
  WorkbookNotice,
} from './host-contract.ts';
export type { MetricItem, ReportBlock, ReportColumn, ReportContent } from './report-blocks.ts';
export type { HeaderMark, ShownRows } from './shown-rows.ts';
export type { TableColumn, TableView } from './table-view.ts';
export { openWorkbookStore, type WorkbookContent, type WorkbookInfo, type WorkbookStore } from './workbook-store.ts';

import type { HostOptions, WorkbookHost } from './host-contract.ts';

/** Starts the workbook in `container`. Univer is loaded at the first call, so that a page without a workbook stays light. */
export async function createWorkbookHost(container: HTMLElement, options: HostOptions): Promise<WorkbookHost> {
  const { startWorkbook } = await import('./host.ts');
  return startWorkbook(container, options);
}
