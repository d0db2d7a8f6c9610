import type { CellValue, Column, ColumnType, ValueFormat } from '@patron/sdk';

/** A column of a table as its sheet shows it. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Heading to show in place of `name`. */
  readonly title?: string;
  /** For decimals of a fixed scale: a power of ten. */
  readonly scale?: number;
  /** How a result says its numbers are to be shown. */
  readonly format?: ValueFormat;
  /** What its texts are shown as, where they are names of a closed set. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a table sheet needs of a stored table: rows on screen at once, whole columns on demand. */
export interface TableView {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** The value at a table row, or undefined while its rows are still being read. Must be cheap: it is called on every paint. */
  cell(row: number, column: number): CellValue | undefined;
  /** The value at table row `rows[place]`, for rows chosen by an index: what stands together is read together. Default: `cell`. */
  pick?(rows: Uint32Array, place: number, column: number): CellValue | undefined;
  /** Begins to read what rows in any order will need. */
  readAhead?(): void;
  /** Calls back when rows asked for by `cell` or `pick` have arrived. Returns the way to stop. */
  onLoaded(callback: () => void): () => void;
  /** A whole column, for formulas and statistics. */
  column(name: string): Promise<Column>;
  /** Called when the sheet is put away or shows another view. */
  dispose?(): void;
}
