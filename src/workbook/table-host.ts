import type { IWorksheetData } from '@univerjs/core';
import { IRenderManagerService } from '@univerjs/engine-render';
import {
  SetWorksheetColumnCountMutation,
  SetWorksheetRowCountMutation,
  SheetsSelectionsService,
} from '@univerjs/sheets';
import { SheetSkeletonManagerService } from '@univerjs/sheets-ui';
import type { FormulaLink } from './formula-link.ts';
import type { HostContext } from './host-context.ts';
import type { PageArea, WorkbookHost } from './host-contract.ts';
import { setSheetRecord, sheetRecord } from './sheet-record.ts';
import { type ShownRows, setShownRowsCommand, setShownRowsMutation } from './shown-rows.ts';
import { guardTableSheets } from './table-guards.ts';
import { createTableSheets } from './table-sheets.ts';
import type { TableView } from './table-view.ts';
import { columnWidths, tableStyle } from './view-cells.ts';

type TableCalls = Pick<
  WorkbookHost,
  | 'addTableSheet'
  | 'replaceTableView'
  | 'showRows'
  | 'rowIndex'
  | 'tableColumns'
  | 'readAhead'
  | 'rowsReady'
  | 'cellArea'
  | 'reveal'
  | 'select'
>;

export interface TableHost {
  readonly sheets: ReturnType<typeof createTableSheets>;
  readonly calls: TableCalls;
}

const ALL_ROWS: ShownRows = { rows: null, kept: null, marks: [] };

/** The table sheets of the workbook: how they come, what they show, and what is done on them in place of editing. */
export function hostTables(context: HostContext, link: FormulaLink, activate: (sheetId: string) => void): TableHost {
  const { api, injector, commands, options, must, run } = context;
  const unitId = (): string => context.opened().workbook.getUnitId();
  const activeSheetId = (): string | null => context.open?.workbook.getActiveSheet()?.getSheetId() ?? null;
  const sheets = createTableSheets(
    injector,
    link,
    () => context.open?.workbook ?? null,
    (sheetId, column) => options.onTableAction?.('columnMenu', sheetId, column),
  );
  commands.registerCommand(setShownRowsMutation);
  commands.registerCommand(setShownRowsCommand);
  commands.onCommandExecuted(({ id, params }) => {
    if (id !== setShownRowsMutation.id || context.isOwn()) return;
    const { subUnitId, kept } = params as { subUnitId: string; kept: ShownRows['kept'] };
    options.onKeptRows?.(subUnitId, kept);
  });

  /** Scrolls down or up, and sideways only where a column is named. */
  const scrollTo = (row: number, column?: number): void => {
    const sheet = api.getActiveWorkbook()?.getActiveSheet();
    sheet?.scrollToCell(row, column ?? sheet.getScrollState().sheetViewStartColumn);
  };
  /** The rows of a sheet have become others: back to the top, with the cursor in the same column. */
  const backToTop = (sheetId: string): void => {
    if (sheetId !== activeSheetId()) return;
    const column = context.selectedRanges().at(-1)?.startColumn ?? 0;
    calls.select(sheetId, { startRow: 0, endRow: 0, startColumn: column || 0, endColumn: column || 0 });
    scrollTo(0);
  };
  const countRows = (sheetId: string, rowCount: number): void => {
    keepCursorAbove(sheetId, rowCount);
    run(SetWorksheetRowCountMutation.id, sheetId, { rowCount });
  };
  /** A cursor below the last row would be out of bounds when the rows get fewer. */
  const keepCursorAbove = (sheetId: string, rowCount: number): void => {
    const selections = injector.get(SheetsSelectionsService);
    const known = selections.getWorkbookSelections(unitId()).getSelectionsOfWorksheet(sheetId);
    if (known.every(({ range }) => range.endRow < rowCount)) return;
    const column = known.at(-1)?.range.startColumn || 0;
    const range = { startRow: 0, endRow: 0, startColumn: column, endColumn: column };
    const primary = { ...range, actualRow: 0, actualColumn: column, isMerged: false, isMergedMainCell: false };
    selections.setSelections(unitId(), sheetId, [{ range, primary, style: null }]);
  };

  const calls: TableCalls = {
    addTableSheet({ sheetId = crypto.randomUUID(), name, view, source, shown = ALL_ROWS, activate: show = true }) {
      sheets.expect(unitId(), new Map([[sheetId, { view, shown }]]));
      const columnData = Object.fromEntries(columnWidths(view).map((w, column) => [column, { w }]));
      const kept = shown.kept === null ? {} : { kept: shown.kept };
      const data: Partial<IWorksheetData> = {
        id: sheetId,
        rowCount: (shown.rows?.length ?? view.rows) + 1,
        columnCount: Math.max(view.columns.length, 1),
        columnData,
        freeze: { xSplit: 0, ySplit: 1, startRow: 1, startColumn: -1 },
        defaultStyle: tableStyle,
        custom: { patron: { kind: 'table', source, ...kept } },
      };
      context.insertSheet(name, data);
      if (show) activate(sheetId);
      return sheetId;
    },
    replaceTableView(sheetId, { view, shown = ALL_ROWS }, source) {
      const sheet = must(sheetId);
      const former = sheets.cells(sheetId)?.view.columns;
      sheets.replace(context.opened().workbook, sheetId, { view, shown });
      // A heading in another language may need more room; what the user has made narrow otherwise stays so.
      columnWidths(view).forEach((width, column) => {
        if (former?.[column]?.title === view.columns[column].title || sheet.getColumnWidth(column) >= width) return;
        sheet.getColumnManager().setColumnWidth(column, width);
      });
      if (source !== undefined) setSheetRecord(sheet, { kind: 'table', source });
      run(setShownRowsMutation.id, sheetId, { kept: shown.kept });
      countRows(sheetId, (shown.rows?.length ?? view.rows) + 1);
      run(SetWorksheetColumnCountMutation.id, sheetId, { columnCount: Math.max(view.columns.length, 1) });
      sheets.repaint();
      context.recalculate(sheetId);
    },
    showRows(sheetId, shown, undoable = false) {
      const { kept } = shown;
      const before = keptOf(context, sheetId);
      sheets.show(unitId(), sheetId, shown);
      if (undoable) run(setShownRowsCommand.id, sheetId, { before, kept });
      else run(setShownRowsMutation.id, sheetId, { kept });
      const rowCount = sheets.cells(sheetId)?.rows ?? 1;
      if (must(sheetId).getRowCount() !== rowCount) countRows(sheetId, rowCount);
      backToTop(sheetId);
      sheets.repaint();
      context.recalculate(sheetId);
    },
    rowIndex: (sheetId) => sheets.cells(sheetId)?.rowIndex ?? null,
    tableColumns: (sheetId) => sheets.cells(sheetId)?.view.columns ?? [],
    readAhead: (sheetId) => sheets.cells(sheetId)?.view.readAhead?.(),
    rowsReady(sheetId, rows) {
      const view = sheets.cells(sheetId)?.view;
      return view ? firstRows(view, rows) : Promise.resolve();
    },
    cellArea(row, column) {
      const render = context.open && injector.get(IRenderManagerService).getRenderById(unitId());
      const skeleton = render?.with(SheetSkeletonManagerService).getCurrentSkeleton();
      const canvas = render?.engine.getCanvasElement().getBoundingClientRect();
      const viewport = render?.scene.getViewport('viewMain');
      if (!render || !skeleton || !canvas || !viewport) return null;
      const { startX, endX, startY, endY } = skeleton.getCellWithCoordByIndex(row, column);
      const { scaleX, scaleY } = render.scene.getAncestorScale();
      const frozen = must(activeSheetId() ?? '').getFreeze();
      const left = startX - (column < frozen.startColumn ? 0 : viewport.viewportScrollX);
      const top = startY - (row < frozen.startRow ? 0 : viewport.viewportScrollY);
      return {
        x: canvas.left + left * scaleX,
        y: canvas.top + top * scaleY,
        width: (endX - startX) * scaleX,
        height: (endY - startY) * scaleY,
      } satisfies PageArea;
    },
    reveal(sheetId, row, column) {
      calls.select(sheetId, { startRow: row, endRow: row, startColumn: column, endColumn: column });
      const area = calls.cellArea(row, column);
      const canvas = injector.get(IRenderManagerService).getRenderById(unitId())?.engine.getCanvasElement();
      const view = canvas?.getBoundingClientRect();
      if (!area || !view) return;
      const isBeside = area.x < view.left + EDGES.left || area.x + Math.min(area.width, 80) > view.right - EDGES.right;
      const isAbove = area.y < view.top + EDGES.top || area.y + area.height > view.bottom - EDGES.bottom;
      if (isBeside || isAbove) scrollTo(isAbove ? Math.max(0, row - CONTEXT) : row, isBeside ? column : undefined);
    },
    select(sheetId, { startRow, startColumn, endRow, endColumn }) {
      if (activeSheetId() !== sheetId) activate(sheetId);
      const sheet = api.getActiveWorkbook()?.getActiveSheet();
      const range = sheet?.getRange(startRow, startColumn, endRow - startRow + 1, endColumn - startColumn + 1);
      if (range) sheet?.setActiveSelection(range);
    },
  };

  guardTableSheets(api, {
    activeSheetId,
    cells: (sheetId) => sheets.cells(sheetId),
    selection: context.selectedRanges,
    select: calls.select,
    notice: context.notice,
    act: (action, sheetId) => options.onTableAction?.(action, sheetId),
    duplicate(sheetId) {
      const cells = sheets.cells(sheetId);
      const record = sheetRecord(must(sheetId));
      if (!cells || record?.kind !== 'table') return;
      const shown = { rows: cells.rowIndex, kept: record.kept ?? null, marks: cells.marks };
      calls.addTableSheet({ name: must(sheetId).getName(), view: cells.view, source: record.source, shown });
    },
    fitColumns(sheetId, first, last) {
      const cells = sheets.cells(sheetId);
      if (!cells) return;
      const widths = columnWidths(cells.view);
      for (let column = first; column <= Math.min(last, widths.length - 1); column++)
        must(sheetId).getColumnManager().setColumnWidth(column, widths[column]);
      sheets.repaint();
    },
  });
  return { sheets, calls };
}

function keptOf({ must }: HostContext, sheetId: string): ShownRows['kept'] {
  const record = sheetRecord(must(sheetId));
  return (record?.kind === 'table' ? record.kept : undefined) ?? null;
}

/** Rows above a cell that comes into sight. */
const CONTEXT = 4;
/** Pixels at the edges of the sheets that headings and scroll bars take. */
const EDGES = { left: 44, top: 44, right: 16, bottom: 16 };

const ROWS_TO_SEE = 60;
const COLUMNS_TO_SEE = 30;
const LONGEST_WAIT = 400;

/** Waits until what a screen shows of `rows` is there, so that the sheet goes from one view to the next without a blank. */
function firstRows(view: TableView, rows: Uint32Array | null): Promise<void> {
  const last = Math.min(rows?.length ?? view.rows, ROWS_TO_SEE);
  const columns = Math.min(view.columns.length, COLUMNS_TO_SEE);
  const there = (): boolean => {
    let all = true;
    for (let place = 0; place < last; place++) {
      for (let column = 0; column < columns; column++) {
        const value =
          rows && view.pick ? view.pick(rows, place, column) : view.cell(rows ? rows[place] : place, column);
        all &&= value !== undefined;
      }
    }
    return all;
  };
  if (there()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(finish, LONGEST_WAIT);
    const stop = view.onLoaded(() => {
      if (there()) finish();
    });
  });
}
