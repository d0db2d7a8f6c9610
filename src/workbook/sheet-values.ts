import type { CellValue } from '@patron/sdk';
import { CellValueType, type Worksheet } from '@univerjs/core';
import type { CellRange, SheetValues } from './host-contract.ts';

/** `range` within the sheet; a range over whole rows or columns has no ends of its own there. */
export function within(range: CellRange, sheet: Worksheet): CellRange {
  const from = (value: number): number => (Number.isNaN(value) ? 0 : value);
  const to = (value: number, last: number): number => (Number.isNaN(value) ? last : Math.min(value, last));
  return {
    startRow: from(range.startRow),
    startColumn: from(range.startColumn),
    endRow: to(range.endRow, sheet.getRowCount() - 1),
    endColumn: to(range.endColumn, sheet.getColumnCount() - 1),
  };
}

/** What a cell holds. */
export function rawValue(sheet: Worksheet, row: number, column: number): CellValue {
  const cell = sheet.getCellRaw(row, column);
  if (!cell || cell.v === undefined || cell.v === null) return null;
  return cell.t === CellValueType.BOOLEAN ? cell.v === 1 || cell.v === true : cell.v;
}

/** What a cell shows. */
export function shownText(sheet: Worksheet, row: number, column: number): string {
  const cell = sheet.getCell(row, column);
  if (cell?.t === CellValueType.BOOLEAN) return cell.v === 1 || cell.v === true ? 'TRUE' : 'FALSE';
  return String(cell?.v ?? '');
}

/** The used range, as values and as shown. */
export function sheetValues(sheet: Worksheet, part: { from?: number; rows?: number } = {}): SheetValues {
  const { endRow, endColumn } = sheet.getCellMatrix().getDataRange();
  const from = part.from ?? 0;
  const end = Math.min(endRow, from + (part.rows ?? Number.MAX_SAFE_INTEGER) - 1);
  const values: CellValue[][] = [];
  const texts: string[][] = [];
  for (let row = from; row <= end; row++) {
    const valueRow: CellValue[] = [];
    const textRow: string[] = [];
    for (let column = 0; column <= endColumn; column++) {
      valueRow.push(rawValue(sheet, row, column));
      textRow.push(shownText(sheet, row, column));
    }
    values.push(valueRow);
    texts.push(textRow);
  }
  return { rows: endRow + 1, columns: endColumn + 1, values, texts };
}
