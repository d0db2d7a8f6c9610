import { type IRowData, type IWorksheetData, SheetSkeleton, type Worksheet } from '@univerjs/core';
import { sheetRecord } from './sheet-record.ts';

interface RowLayout {
  readonly rowTotalHeight: number;
  /** Where each row ends. Univer reads it by index and by halving. */
  readonly rowHeightAccumulation: ArrayLike<number>;
}

interface Layout {
  readonly worksheet: Worksheet;
  readonly _gapConfig: { readonly rowGaps?: Readonly<Record<number, unknown>> };
  _generateRowMatrixCache(rows: number, rowData: Readonly<Record<number, IRowData>>, height: number): RowLayout;
}

let patched = false;

/**
 * Lays the rows of table sheets out at once. They are all of one height and none is filtered, but Univer asks every filter
 * about every row, which for a million rows takes longer than a page may stand still.
 */
export function layOutTableRowsEvenly(): void {
  if (patched) return;
  patched = true;
  const prototype = SheetSkeleton.prototype as unknown as Layout;
  const stock = prototype._generateRowMatrixCache;
  prototype._generateRowMatrixCache = function (this: Layout, rows, rowData, height) {
    const even =
      sheetRecord(this.worksheet)?.kind === 'table' && isEmpty(rowData) && isEmpty(this._gapConfig.rowGaps ?? {});
    if (!even) return stock.call(this, rows, rowData, height);
    return { rowTotalHeight: rows * height, rowHeightAccumulation: evenEnds(rows, height) };
  };
}

/** Up to so many rows their ends are laid down; beyond, they are worked out as they are asked for, in no memory at all. */
const MOST_LAID_DOWN = 1 << 21;

function evenEnds(rows: number, height: number): ArrayLike<number> {
  if (rows <= MOST_LAID_DOWN) {
    const ends = new Float64Array(rows);
    for (let row = 0; row < rows; row++) ends[row] = (row + 1) * height;
    return ends;
  }
  return new Proxy<number[]>([], {
    get(target, key) {
      if (key === 'length') return rows;
      const row = typeof key === 'string' ? Number(key) : Number.NaN;
      if (Number.isNaN(row)) return Reflect.get(target, key);
      return Number.isInteger(row) && row >= 0 && row < rows ? (row + 1) * height : undefined;
    },
  });
}

function isEmpty(record: object | IWorksheetData['rowData']): boolean {
  for (const _ in record) return false;
  return true;
}
