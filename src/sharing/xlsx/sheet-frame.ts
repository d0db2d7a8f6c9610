import type { XlsxLayout, XlsxRange } from '../../tables/index.ts';
import type { ColourReader } from './colours.ts';
import type { SheetFrame, SheetMerge } from './sheet-data.ts';
import type { SheetStyle } from './sheet-style.ts';

/** Pixels of a character of Excel's standard type, and of a point. */
const CHARACTER_PIXELS = 7;
export const POINT_PIXELS = 4 / 3;
const USUAL_WIDTH = 64;
const USUAL_HEIGHT = 20;
const FEWEST_ROWS = 200;
const FEWEST_COLUMNS = 26;
const SPARE_ROWS = 50;
const SPARE_COLUMNS = 5;

/** What the cells of a sheet told on the way. */
export interface SeenRows {
  /** The number of rows and columns that hold something. */
  rows: number;
  columns: number;
  readonly rowData: Record<number, { h?: number; ia?: 0; hd?: 1 }>;
}

/** A sheet's frame: sizes, hidden rows and columns, merged cells, frozen panes. */
export function sheetFrame(
  name: string,
  hidden: boolean,
  layout: XlsxLayout,
  seen: SeenRows,
  colour: ColourReader,
  styleOf: (format: number) => string | undefined,
  defaultStyle: SheetStyle | undefined,
): SheetFrame {
  const rowCount = Math.max(FEWEST_ROWS, seen.rows + SPARE_ROWS);
  const columnCount = Math.max(FEWEST_COLUMNS, seen.columns + SPARE_COLUMNS);
  const columnData: Record<number, { w?: number; hd?: 1; s?: string }> = {};
  let width = layout.defaultWidth === undefined ? USUAL_WIDTH : pixelsOf(layout.defaultWidth);
  for (const columns of layout.columns) {
    const isRest = columns.last >= 16_000;
    if (isRest && columns.width !== undefined && !columns.hidden && columns.first >= seen.columns)
      width = pixelsOf(columns.width);
    for (let column = columns.first; column <= Math.min(columns.last, columnCount - 1); column++) {
      const style = columns.style === undefined ? undefined : styleOf(columns.style);
      columnData[column] = {
        ...(columns.width === undefined ? {} : { w: pixelsOf(columns.width) }),
        ...(columns.hidden ? { hd: 1 } : {}),
        ...(style === undefined ? {} : { s: style }),
      };
    }
  }
  const { frozen } = layout;
  const isFrozen = frozen && (frozen.rows > 0 || frozen.columns > 0);
  return {
    name,
    hidden: hidden ? 1 : 0,
    rowCount,
    columnCount,
    defaultColumnWidth: width,
    defaultRowHeight:
      layout.defaultHeight === undefined
        ? USUAL_HEIGHT
        : Math.round(layout.defaultHeight * POINT_PIXELS) || USUAL_HEIGHT,
    rowData: seen.rowData,
    columnData,
    mergeData: layout.merges.flatMap((range) => mergeWithin(range, rowCount, columnCount)),
    ...(isFrozen
      ? {
          freeze: {
            xSplit: Math.min(frozen.columns, columnCount - 1),
            ySplit: Math.min(frozen.rows, rowCount - 1),
            startRow: frozen.rows > 0 ? Math.min(frozen.rows, rowCount - 1) : -1,
            startColumn: frozen.columns > 0 ? Math.min(frozen.columns, columnCount - 1) : -1,
          },
        }
      : {}),
    showGridlines: layout.showsGrid ? 1 : 0,
    rightToLeft: layout.rightToLeft ? 1 : 0,
    tabColor: colour(layout.tabColour),
    ...(defaultStyle ? { defaultStyle } : {}),
  };
}

function mergeWithin(range: XlsxRange, rows: number, columns: number): SheetMerge[] {
  const { startRow, startColumn } = range;
  const endRow = Math.min(range.endRow, rows - 1);
  const endColumn = Math.min(range.endColumn, columns - 1);
  const isMore = startRow < endRow || startColumn < endColumn;
  return isMore && startRow <= endRow && startColumn <= endColumn ? [{ startRow, endRow, startColumn, endColumn }] : [];
}

/** A width in characters, its margins within, as pixels. */
function pixelsOf(characters: number): number {
  return Math.min(2000, Math.max(0, Math.round(characters * CHARACTER_PIXELS)));
}
