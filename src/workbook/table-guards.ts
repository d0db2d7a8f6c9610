import type { FUniver } from '@univerjs/presets';
import type { NoticeKey, TableAction } from './host-contract.ts';
import type { ViewCells } from './view-cells.ts';

/** Cells that one copy may hold; more would stop the page, here and where they are pasted. */
const COPY_LIMIT = 50_000;
/** Copies above this go as plain text, without a styled clone of every cell. */
const STYLED_COPY_LIMIT = 2_000;

/** What the guards need of the host. */
export interface GuardedWorkbook {
  activeSheetId(): string | null;
  cells(sheetId: string): ViewCells | undefined;
  selection(): { startRow: number; startColumn: number; endRow: number; endColumn: number }[];
  select(sheetId: string, range: { startRow: number; startColumn: number; endRow: number; endColumn: number }): void;
  notice(key: NoticeKey, sheetId: string, limit?: number): void;
  act(action: TableAction, sheetId: string): void;
  duplicate(sheetId: string): void;
  fitColumns(sheetId: string, firstColumn: number, lastColumn: number): void;
}

const allowed =
  /^sheet\.command\.(copy|cancel-frozen|change-zoom-ratio|delta-column-width|delta-row-height|expand-selection|move-selection|move-selection-enter-tab|hide-col-confirm|set-col-hidden|set-col-visible-on-cols|set-selected-cols-visible|insert-sheet|remove-sheet|remove-sheet-confirm|select-all|select-range|scroll-.*|set-.*frozen|set-scroll-relative|set-tab-color|set-workbook-name|set-worksheet-(activate|col-width|hidden|name|order|show)|set-zoom-ratio|toggle-gridlines|set-gridlines-color|set-row-header-width|set-col-header-height|.*defined-name|set-row-height|set-shown-rows|insert-sheet-image|numfmt\.open.*)$/;
const mutations =
  /^(sheet\.mutation\.(set-range-values|insert-row|remove-row|insert-col|remove-col|move-|reorder|add-worksheet-merge|add-conditional-rule|set-worksheet-range-theme-style)|data-validation\.mutation\.addRule)/;

/**
 * Keeps table sheets as their table is: what would change one is refused with a word to the user, and the stock operations
 * that walk every cell of a million rows are refused or answered in another way.
 */
export function guardTableSheets(univerAPI: FUniver, workbook: GuardedWorkbook): void {
  univerAPI.addEvent(univerAPI.Event.BeforeCommandExecute, (event) => {
    const { id } = event;
    const params = (event.params ?? {}) as {
      subUnitId?: string;
      jumpOver?: number;
      direction?: number;
      extra?: string;
    };
    const sheetId = params.subUnitId ?? workbook.activeSheetId();
    const cells = sheetId ? workbook.cells(sheetId) : undefined;
    if (!sheetId || !cells) return;
    const refuse = (key: NoticeKey | null, limit?: number): void => {
      event.cancel = true;
      if (key) workbook.notice(key, sheetId, limit);
    };
    if (mutations.test(id)) return refuse(keyOf(id));
    const action = actionOf(id);
    if (action) {
      workbook.act(action, sheetId);
      return refuse(null);
    }
    if (/^univer\.command\.(cut|paste)/.test(id)) return refuse('tableReadOnly');
    if (id === 'univer.command.copy' || id === 'sheet.command.copy') {
      const size = selectedCells(workbook, cells);
      if (size > COPY_LIMIT) return refuse('copyTooLarge', COPY_LIMIT);
      if (size > STYLED_COPY_LIMIT) {
        void copyAsText(workbook, cells);
        return refuse(null);
      }
      return;
    }
    if (
      /^sheet\.command\.(move|expand)-selection$/.test(id) &&
      params.jumpOver === 1 &&
      params.extra !== 'formula-editor'
    ) {
      jump(workbook, sheetId, cells, params.direction ?? 0, id.includes('expand'));
      return refuse(null);
    }
    if (id === 'sheet.command.copy-sheet') {
      workbook.duplicate(sheetId);
      return refuse(null);
    }
    if (/^sheet\.command\.set-col-(is-)?auto-width$/.test(id)) {
      for (const { startColumn, endColumn } of workbook.selection())
        workbook.fitColumns(sheetId, startColumn, endColumn);
      return refuse(null);
    }
    if (id.startsWith('sheet.command.') && !allowed.test(id)) refuse(keyOf(id));
  });
  univerAPI.addEvent(univerAPI.Event.BeforeSheetEditStart, (event) => {
    const sheetId = event.worksheet.getSheetId();
    if (!workbook.cells(sheetId)) return;
    event.cancel = true;
    workbook.notice('tableReadOnly', sheetId);
  });
}

/** What is done in place of a stock operation that would walk every cell. */
function actionOf(id: string): TableAction | undefined {
  if (/^ui\.operation\.open-(find|replace)-dialog$/.test(id)) return 'find';
  if (!/^sheets?\.(command|operation)\./.test(id)) return undefined;
  if (/sort-range-asc/.test(id)) return 'ascending';
  if (/sort-range-desc/.test(id)) return 'descending';
  return /filter|sort/.test(id) ? 'columnMenu' : undefined;
}

function keyOf(id: string): NoticeKey {
  return /(insert|remove|delete|append|move)-/.test(id) ? 'rowsFixed' : 'tableReadOnly';
}

function within(cells: ViewCells, range: { startRow: number; startColumn: number; endRow: number; endColumn: number }) {
  const from = (value: number): number => (Number.isNaN(value) ? 0 : Math.max(0, value));
  const to = (value: number, last: number): number => (Number.isNaN(value) ? last : Math.min(value, last));
  return {
    startRow: from(range.startRow),
    startColumn: from(range.startColumn),
    endRow: to(range.endRow, cells.rows - 1),
    endColumn: to(range.endColumn, cells.columns - 1),
  };
}

function selectedCells(workbook: GuardedWorkbook, cells: ViewCells): number {
  let size = 0;
  for (const range of workbook.selection()) {
    const { startRow, startColumn, endRow, endColumn } = within(cells, range);
    size += Math.max(0, endRow - startRow + 1) * Math.max(0, endColumn - startColumn + 1);
  }
  return size;
}

/** Copies the last selected range as tab-separated text. Rows that are still being read come out empty. */
async function copyAsText(workbook: GuardedWorkbook, cells: ViewCells): Promise<void> {
  const range = workbook.selection().at(-1);
  if (!range) return;
  const { startRow, startColumn, endRow, endColumn } = within(cells, range);
  const lines: string[] = [];
  for (let row = startRow; row <= endRow; row++) {
    const line: string[] = [];
    for (let column = startColumn; column <= endColumn; column++) {
      line.push(String(cells.value(row, column) ?? '').replace(/[\t\r\n]+/g, ' '));
    }
    lines.push(line.join('\t'));
  }
  await navigator.clipboard.writeText(lines.join('\n'));
}

/** Ctrl with an arrow: to the edge of the table, which has no gaps to stop at worth a walk over every cell. */
function jump(workbook: GuardedWorkbook, sheetId: string, cells: ViewCells, direction: number, expand: boolean): void {
  const range = workbook.selection().at(-1);
  if (!range) return;
  const now = within(cells, range);
  const next = { ...now };
  if (direction === 0) next.startRow = expand ? 0 : now.startRow > 1 ? 1 : 0;
  else if (direction === 2) next.endRow = cells.rows - 1;
  else if (direction === 3) next.startColumn = 0;
  else next.endColumn = cells.columns - 1;
  if (!expand) {
    if (direction === 0) next.endRow = next.startRow;
    else if (direction === 2) next.startRow = next.endRow;
    else next.endRow = next.startRow;
    if (direction === 3) next.endColumn = next.startColumn;
    else if (direction === 1) next.startColumn = next.endColumn;
    else next.endColumn = next.startColumn;
  }
  workbook.select(sheetId, next);
}
