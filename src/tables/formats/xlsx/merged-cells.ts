import type { XlsxRange } from './xlsx-places.ts';

/** How many rows a cell of a header may be merged over. */
const DEEPEST_HEADER = 8;
const MOST_COVERED = 20_000_000;

/** The merged cells of a sheet, asked row by row from top to bottom. */
export class MergedCells {
  readonly #ranges: readonly XlsxRange[];
  /** Ranges by the row that they begin in. */
  readonly #byRow = new Map<number, XlsxRange[]>();
  #next = 0;
  #active: XlsxRange[] = [];

  /** @throws Error where the ranges cover one another so often that no sheet can have them. */
  constructor(ranges: readonly XlsxRange[]) {
    const covered = ranges.reduce((rows, { startRow, endRow }) => rows + endRow - startRow + 1, 0);
    if (covered > MOST_COVERED) throw new Error('its merged cells lie upon one another');
    this.#ranges = [...ranges].sort((a, b) => a.startRow - b.startRow);
    for (const range of this.#ranges) {
      const row = this.#byRow.get(range.startRow);
      if (row) row.push(range);
      else this.#byRow.set(range.startRow, [range]);
    }
  }

  /** How many columns the cell takes that stands here. */
  columnsFrom(row: number, column: number): number {
    const range = this.#byRow.get(row)?.find(({ startColumn }) => startColumn === column);
    return range ? range.endColumn - range.startColumn + 1 : 1;
  }

  /** The last row of the cell that stands here. */
  endRowFrom(row: number, column: number): number {
    return this.#byRow.get(row)?.find(({ startColumn }) => startColumn === column)?.endRow ?? row;
  }

  /** The range that covers a cell, as far as it begins not much higher. */
  anchorOf(row: number, column: number): XlsxRange | undefined {
    for (let start = row; start > row - DEEPEST_HEADER; start--) {
      const found = this.#byRow
        .get(start)
        ?.find(({ endRow, startColumn, endColumn }) => row <= endRow && startColumn <= column && column <= endColumn);
      if (found) return found;
    }
    return undefined;
  }

  /** The ranges that cover cells of a row; rows have to come in ascending order. */
  over(row: number): readonly XlsxRange[] {
    if (this.#ranges.length === 0) return this.#active;
    while (this.#next < this.#ranges.length && this.#ranges[this.#next].startRow <= row)
      this.#active.push(this.#ranges[this.#next++]);
    if (this.#active.some(({ endRow }) => endRow < row))
      this.#active = this.#active.filter(({ endRow }) => endRow >= row);
    return this.#active;
  }
}
