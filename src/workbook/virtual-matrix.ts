import type { ICellData, IRange, Nullable } from '@univerjs/core';
import { ObjectMatrix } from '@univerjs/core';

/** Where the cells of a table sheet come from. Row 0 is the header. */
export interface CellSource {
  /** Rows of the sheet, the header among them. */
  readonly rows: number;
  readonly columns: number;
  cell(row: number, column: number): ICellData | undefined;
}

/**
 * The cells of a table sheet: asked for one by one, never laid out. It stands where a worksheet keeps its cell matrix.
 * `forValue`, `getMatrix` and `clone` see the (empty) matrix of the snapshot only, so saving costs nothing, and writing
 * does nothing: table sheets are read-only, so there are no cells of the user's on them.
 */
export class VirtualMatrix extends ObjectMatrix<ICellData> {
  readonly source: CellSource;

  constructor(source: CellSource) {
    super({});
    this.source = source;
  }

  override getValue(row: number, column: number): ICellData {
    // The base type promises a cell but its own implementation gives undefined for an empty one.
    return this.source.cell(row, column) as ICellData;
  }

  override setValue(): void {}

  override realDeleteValue(): void {}

  override getLength(): number {
    return this.source.rows;
  }

  override getRange(): IRange {
    return { startRow: 0, startColumn: 0, endRow: this.source.rows - 1, endColumn: this.source.columns - 1 };
  }

  override getDataRange(): IRange {
    return this.getRange();
  }

  override getRealRange(): IRange {
    return this.getRange();
  }

  override getStartEndScope(): IRange {
    return this.getRange();
  }

  override hasValue(): boolean {
    return true;
  }

  override getRow(row: number): Nullable<Record<number, ICellData>> {
    const cells: Record<number, ICellData> = {};
    for (let column = 0; column < this.source.columns; column++) {
      const cell = this.source.cell(row, column);
      if (cell) cells[column] = cell;
    }
    return cells;
  }
}
