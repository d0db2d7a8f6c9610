/** Rows and columns of a sheet, counted from 0, ends included. */
export interface XlsxRange {
  readonly startRow: number;
  readonly startColumn: number;
  readonly endRow: number;
  readonly endColumn: number;
}

export const LAST_ROW = 1_048_575;
export const LAST_COLUMN = 16_383;

/** The column of an address such as `AB12`, from 0; −1 where it is none. */
export function columnOf(address: string): number {
  let column = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i) & ~32;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
    if (column > LAST_COLUMN + 1) return -1;
  }
  return column - 1;
}

/** A range such as `A1:C3`, `B2`, `A:C` or `1:4`; undefined where it is none or leaves the sheet. */
export function rangeOf(text: string): XlsxRange | undefined {
  const found = /^\$?([A-Z]{0,3})\$?(\d{0,7})(?::\$?([A-Z]{0,3})\$?(\d{0,7}))?$/i.exec(text.trim());
  if (!found || (found[1] === '' && found[2] === '')) return undefined;
  const [, fromColumn, fromRow, toColumn = fromColumn, toRow = fromRow] = found;
  const range = {
    startRow: fromRow === '' ? 0 : Number(fromRow) - 1,
    startColumn: fromColumn === '' ? 0 : columnOf(fromColumn),
    endRow: toRow === '' ? LAST_ROW : Number(toRow) - 1,
    endColumn: toColumn === '' ? LAST_COLUMN : columnOf(toColumn),
  };
  const isWithin = range.startRow >= 0 && range.endRow <= LAST_ROW && range.startColumn >= 0 && range.endColumn >= 0;
  return isWithin && range.startRow <= range.endRow && range.startColumn <= range.endColumn ? range : undefined;
}

/** The name of a column: 0 is A, 26 is AA. */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}
