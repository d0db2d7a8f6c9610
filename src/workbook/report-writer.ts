import {
  type ICellData,
  ICommandService,
  type Injector,
  type IObjectMatrixPrimitiveType,
  type IRange,
  IUndoRedoService,
  VerticalAlign,
  type Workbook,
  type Worksheet,
} from '@univerjs/core';
import {
  AddWorksheetMergeMutation,
  InsertRowByRangeCommand,
  SetRangeValuesMutation,
  SetWorksheetColWidthMutation,
  SetWorksheetRowHeightMutation,
} from '@univerjs/sheets';
import type { FloatingCharts } from './floating-charts.ts';
import type { ReportBlock } from './report-blocks.ts';
import { FIRST_COLUMN, type LaidBlock, layOutReport, MARGIN_WIDTH, ROW_HEIGHT, TEXT_WIDTH } from './report-layout.ts';
import { setSheetRecord, sheetRecord } from './sheet-record.ts';

/** What a report leaves on each of its cells: which part it is, and what was written, to tell the user's own values. */
interface Mark {
  readonly part: string;
  readonly written: ICellData['v'];
}

interface OwnedCell {
  readonly row: number;
  readonly column: number;
  readonly cell: ICellData;
  readonly mark: Mark;
}

/**
 * Writes a report into a sheet, or writes it again after a re-run or in another language. Every cell it writes carries a
 * mark that moves with the cell, so a later run finds its cells wherever the user's rows have pushed them; a cell whose
 * value is no longer what was written is the user's, and stays. A table that has grown gets new rows; nothing of the
 * user's is overwritten.
 */
export function writeReport(
  injector: Injector,
  workbook: Workbook,
  worksheet: Worksheet,
  charts: FloatingCharts,
  blocks: readonly ReportBlock[],
): { kept: number } {
  const commands = injector.get(ICommandService);
  const unitId = workbook.getUnitId();
  const subUnitId = worksheet.getSheetId();
  const run = (id: string, params: object): void => {
    commands.syncExecuteCommand(id, { unitId, subUnitId, ...params });
  };
  let kept = 0;
  let inserted = false;
  let cursor = 1;
  const parts = new Set<string>();
  const drawn: string[] = [];
  const first = ownedCells(worksheet).size === 0;
  // Before any chart is placed: a chart is anchored to the cells under its corners.
  fitColumns(worksheet, layOutReport(blocks), run);
  const span = textSpan(worksheet);
  const laid = layOutReport(blocks, span.width);

  for (const block of laid) {
    let owned = ownedCells(worksheet);
    let places = blockRows(block.id, owned);
    const top = places.size === 0 ? cursor : undefined;
    const missing = block.rows - (places.size === 0 ? 0 : Math.max(...places.keys()) + 1 + trailing(block));
    const end = places.size === 0 ? cursor : Math.max(...places.values()) + 1;
    const room = missing > 0 && !first ? missing + trailing(block) - emptyRows(worksheet, end) : 0;
    if (room > 0) {
      const range = {
        startRow: end,
        endRow: end + room - 1,
        startColumn: 0,
        endColumn: worksheet.getColumnCount() - 1,
      };
      run(InsertRowByRangeCommand.id, { range, direction: 0 });
      inserted = true;
      owned = ownedCells(worksheet);
      places = blockRows(block.id, owned);
    }
    const rowOf = rowFinder(places, top ?? cursor);
    ensureRows(worksheet, rowOf(block.rows));
    const values: IObjectMatrixPrimitiveType<ICellData> = {};
    for (const { row, column, cell } of block.cells) {
      const part = `${block.id}|${row}|${column}`;
      parts.add(part);
      const former = owned.get(part);
      if (former && !isOurs(former)) {
        kept++;
        continue;
      }
      const target = former ?? { row: rowOf(row), column: FIRST_COLUMN + column };
      if (!former && isUsers(worksheet, target.row, target.column)) {
        kept++;
        continue;
      }
      const mark: Mark = { part, written: cell.v };
      values[target.row] ??= {};
      values[target.row][target.column] = { ...cell, f: null, p: null, si: null, custom: { patron: mark } };
    }
    run(SetRangeValuesMutation.id, { cellValue: values });
    if (first || places.size === 0) mergeAcross(worksheet, block, span.endColumn, rowOf, run);
    setHeights(block, rowOf, run);
    if (block.chart) {
      drawn.push(block.id);
      const place = {
        left: widthBefore(worksheet, FIRST_COLUMN),
        top: heightBefore(worksheet, rowOf(0)),
        ...block.chart.pixels,
      };
      charts.put(
        unitId,
        worksheet,
        chartId(subUnitId, block.id),
        { spec: block.chart.spec, scope: block.chart.scope },
        place,
      );
    }
    cursor = rowOf(block.rows - 1) + 1;
  }

  clearStale(worksheet, parts, run);
  const record = sheetRecord(worksheet);
  if (record?.kind === 'report') {
    const gone = record.charts.filter((id) => !drawn.includes(id)).map((id) => chartId(subUnitId, id));
    charts.remove(unitId, subUnitId, gone);
    setSheetRecord(worksheet, { ...record, charts: drawn });
  }
  if (inserted) injector.get(IUndoRedoService).clearUndoRedo(unitId);
  return { kept };
}

const chartId = (sheetId: string, blockId: string): string => `${sheetId}:${blockId}`;

/** Rows at a block's end that hold no cell. */
function trailing(block: LaidBlock): number {
  return block.rows - 1 - Math.max(-1, ...block.cells.map(({ row }) => row));
}

function ownedCells(worksheet: Worksheet): Map<string, OwnedCell> {
  const owned = new Map<string, OwnedCell>();
  worksheet.getCellMatrix().forValue((row, column, cell) => {
    const mark = cell?.custom?.patron as Mark | undefined;
    // A copy of an owned cell carries its mark too; the first from the top is the report's own.
    if (cell && mark && !owned.has(mark.part)) owned.set(mark.part, { row, column, cell, mark });
  });
  return owned;
}

const isOurs = ({ cell, mark }: OwnedCell): boolean => !cell.f && (cell.v ?? '') === (mark.written ?? '');

function isUsers(worksheet: Worksheet, row: number, column: number): boolean {
  const cell = worksheet.getCellRaw(row, column);
  return Boolean(cell && !cell.custom?.patron && holds(cell));
}

/** Where the rows of a block are now. */
function blockRows(id: string, owned: ReadonlyMap<string, OwnedCell>): Map<number, number> {
  const rows = new Map<number, number>();
  for (const { mark, row } of owned.values()) {
    const [blockId, blockRow] = mark.part.split('|');
    if (blockId === id) rows.set(Number(blockRow), row);
  }
  return rows;
}

/** A row of the block as a row of the sheet; a new row follows the nearest one above that is known. */
function rowFinder(places: ReadonlyMap<number, number>, top: number): (row: number) => number {
  return (row) => {
    for (let above = row; above >= 0; above--) {
      const known = places.get(above);
      if (known !== undefined) return known + row - above;
    }
    return top + row;
  };
}

/** How many rows from `row` on hold nothing; without end where nothing is below. */
function emptyRows(worksheet: Worksheet, row: number): number {
  const cells = worksheet.getCellMatrix();
  const end = cells.getLength();
  for (let at = row; at < end; at++) {
    const held = Object.values(cells.getRow(at) ?? {}).some((cell) => cell && (holds(cell) || cell.custom?.patron));
    if (held) return at - row;
  }
  return Number.POSITIVE_INFINITY;
}

function holds({ v, f, p }: ICellData): boolean {
  return (v !== undefined && v !== null && v !== '') || Boolean(f) || Boolean(p);
}

function ensureRows(worksheet: Worksheet, row: number): void {
  if (row + 40 > worksheet.getRowCount()) worksheet.setRowCount(row + 200);
}

/** So many columns are at least so wide, for the figures at the top. */
const USUAL_COLUMNS = 8;
const USUAL_WIDTH = 110;

type Run = (id: string, params: object) => void;

function mergeAcross(
  worksheet: Worksheet,
  block: LaidBlock,
  endColumn: number,
  rowOf: (row: number) => number,
  run: Run,
): void {
  const ranges: IRange[] = [];
  for (const row of block.across) {
    const at = rowOf(row);
    if (worksheet.getMergedCell(at, FIRST_COLUMN)) continue;
    ranges.push({ startRow: at, endRow: at, startColumn: FIRST_COLUMN, endColumn });
  }
  if (ranges.length > 0) run(AddWorksheetMergeMutation.id, { ranges });
}

/** The columns that a line of text runs across: until it has room enough, but not far beyond a page's width. */
function textSpan(worksheet: Worksheet): { endColumn: number; width: number } {
  let endColumn = FIRST_COLUMN;
  let width = worksheet.getColumnWidth(endColumn);
  while (width < TEXT_WIDTH - 100 && width + worksheet.getColumnWidth(endColumn + 1) <= TEXT_WIDTH + 120) {
    endColumn++;
    width += worksheet.getColumnWidth(endColumn);
  }
  return { endColumn, width };
}

function setHeights(block: LaidBlock, rowOf: (row: number) => number, run: Run): void {
  for (const [row, height] of Object.entries(block.heights)) {
    const at = rowOf(Number(row));
    const ranges = [{ startRow: at, endRow: at, startColumn: 0, endColumn: 0 }];
    run(SetWorksheetRowHeightMutation.id, { ranges, rowHeight: Math.ceil(height) });
  }
}

function clearStale(worksheet: Worksheet, parts: ReadonlySet<string>, run: Run): void {
  const values: IObjectMatrixPrimitiveType<ICellData | null> = {};
  for (const cell of ownedCells(worksheet).values()) {
    if (parts.has(cell.mark.part) || !isOurs(cell)) continue;
    values[cell.row] ??= {};
    values[cell.row][cell.column] = null;
  }
  if (Object.keys(values).length > 0) run(SetRangeValuesMutation.id, { cellValue: values });
}

/** Widens columns to what they hold, over all blocks; never makes one narrower than the user has it. */
function fitColumns(worksheet: Worksheet, laid: readonly LaidBlock[], run: Run): void {
  const wanted: Record<number, number> = { 0: MARGIN_WIDTH };
  for (let column = 0; column < USUAL_COLUMNS; column++) wanted[FIRST_COLUMN + column] = USUAL_WIDTH;
  for (const { cells } of laid) {
    for (const { column, width } of cells) {
      const at = FIRST_COLUMN + column;
      if (width !== undefined) wanted[at] = Math.max(wanted[at] ?? 0, Math.ceil(width) + 22);
    }
  }
  for (const [column, width] of Object.entries(wanted)) {
    const at = Number(column);
    if (at > 0 && worksheet.getColumnWidth(at) >= width) continue;
    const ranges = [{ startRow: 0, endRow: 0, startColumn: at, endColumn: at }];
    run(SetWorksheetColWidthMutation.id, { ranges, colWidth: width });
  }
}

function widthBefore(worksheet: Worksheet, column: number): number {
  let width = 0;
  for (let at = 0; at < column; at++) width += at === 0 ? MARGIN_WIDTH : worksheet.getColumnWidth(at);
  return width;
}

function heightBefore(worksheet: Worksheet, row: number): number {
  let height = 0;
  for (let at = 0; at < row; at++) height += worksheet.getRowHeight(at);
  return height;
}

/** What an empty report sheet starts as: no grid, a margin, rows with air. */
export const reportSheet = {
  rowCount: 200,
  columnCount: 26,
  showGridlines: 0,
  defaultRowHeight: ROW_HEIGHT,
  defaultColumnWidth: 88,
  columnData: { 0: { w: MARGIN_WIDTH } },
  defaultStyle: { vt: VerticalAlign.MIDDLE, pd: { t: 0, r: 6, b: 0, l: 4 } },
} as const;
