import { type Column, isPresent, textAt } from '@patron/sdk';
import { CellValueType, type ICellData } from '@univerjs/core';
import { numberReader, type SheetColumn } from './column-kernels.ts';
import type { TableColumn } from './table-view.ts';
import type { CellSource } from './virtual-matrix.ts';

/** A table sheet in the calculating worker: whole columns, filled in as formulas ask for them. */
export class TableCells implements CellSource {
  readonly columns: number;
  #tableRows: number;
  #rowIndex: Uint32Array | null = null;
  readonly #headers: readonly string[];
  readonly #types: readonly string[];
  readonly #loaded: (Column | undefined)[];
  #sheetColumns: (SheetColumn | undefined)[] = [];
  #readers: ((row: number) => number)[] = [];

  constructor(tableRows: number, columns: readonly TableColumn[]) {
    this.#tableRows = tableRows;
    this.columns = columns.length;
    this.#headers = columns.map(({ title, name }) => title ?? name);
    this.#types = columns.map(({ type }) => type);
    this.#loaded = new Array(columns.length);
  }

  get rows(): number {
    return (this.#rowIndex ? this.#rowIndex.length : this.#tableRows) + 1;
  }

  isLoaded(column: number): boolean {
    return this.#loaded[column] !== undefined;
  }

  load(index: number, column: Column): void {
    this.#loaded[index] = column;
    this.#readers[index] = numberReader(column);
    this.#sheetColumns[index] = undefined;
  }

  setRowIndex(rows: Uint32Array | null): void {
    this.#rowIndex = rows;
    this.#sheetColumns = [];
  }

  /** The column for a kernel; the same object as long as it shows the same rows, so that indexes can hang on it. */
  sheetColumn(index: number): SheetColumn | undefined {
    const column = this.#loaded[index];
    if (!column) return undefined;
    this.#sheetColumns[index] ??= { column, header: this.#headers[index], rows: this.#rowIndex };
    return this.#sheetColumns[index];
  }

  /** The number format that a result drawn from the column should take on. */
  pattern(index: number): string {
    if (this.#types[index] === 'date') return 'yyyy-mm-dd';
    return this.#types[index] === 'timestamp' ? 'yyyy-mm-dd hh:mm:ss' : '';
  }

  cell(row: number, index: number): ICellData | undefined {
    if (index >= this.columns || row < 0 || row >= this.rows) return undefined;
    if (row === 0) return { v: this.#headers[index], t: CellValueType.STRING };
    const column = this.#loaded[index];
    if (!column) return undefined;
    const tableRow = this.#rowIndex ? this.#rowIndex[row - 1] : row - 1;
    if (!isPresent(column, tableRow)) return undefined;
    if (column.type === 'string') return { v: textAt(column, tableRow), t: CellValueType.STRING };
    if (column.type === 'boolean') return { v: column.values[tableRow], t: CellValueType.BOOLEAN };
    const pattern = this.pattern(index);
    const cell: ICellData = { v: this.#readers[index](tableRow), t: CellValueType.NUMBER };
    if (pattern) cell.s = { n: { pattern } };
    return cell;
  }
}
