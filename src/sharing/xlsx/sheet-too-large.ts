/** So many cells a workbook here carries with ease; beyond, a table is the better home. */
export const MOST_CELLS = 200_000;
export const MOST_ROWS = 100_000;
export const MOST_COLUMNS = 2_000;

/** A sheet holds more than can be edited as cells. As a table it can be imported. */
export class SheetTooLargeError extends Error {
  override readonly name = 'SheetTooLargeError';
  readonly sheet: string;

  constructor(sheet: string) {
    super(
      `Sheet '${sheet}' holds more than can be edited as cells: all together at most ${MOST_CELLS} cells, ${MOST_ROWS} rows and ${MOST_COLUMNS} columns. Import it as a table.`,
    );
    this.sheet = sheet;
  }
}
