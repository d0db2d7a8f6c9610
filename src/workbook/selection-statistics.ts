import type { Worksheet } from '@univerjs/core';
import { StatusBarController } from '@univerjs/sheets-ui';
import type { ColumnStatistics } from './formula-messages.ts';
import type { CellRange, SelectionStatistics } from './host-contract.ts';

type Selections = (selections: CellRange[]) => void;
let listener: Selections = () => {};
let patched = false;

/**
 * Takes over what Univer does when the selection has come to rest: it would add up every selected cell on this thread.
 * Its controller stays, since others depend on it.
 */
export function onSelectionRest(callback: Selections): void {
  listener = callback;
  if (patched) return;
  patched = true;
  const prototype = StatusBarController.prototype as unknown as { _calculateSelection: Selections };
  prototype._calculateSelection = (selections) => listener(selections ?? []);
}

/** Statistics of cells that lie in the snapshot, by walking those that exist. */
export function ordinaryStatistics(worksheet: Worksheet, ranges: readonly CellRange[]): ColumnStatistics {
  const total = {
    present: 0,
    numbers: 0,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
  };
  worksheet.getCellMatrix().forValue((row, column, cell) => {
    const value = cell?.v;
    if (value === undefined || value === null || value === '') return;
    if (!ranges.some((range) => contains(range, row, column))) return;
    total.present++;
    const number = typeof value === 'number' ? value : cell?.t === 2 ? Number(value) : Number.NaN;
    if (Number.isNaN(number) || cell?.t === 3) return;
    total.numbers++;
    total.sum += number;
    total.minimum = Math.min(total.minimum, number);
    total.maximum = Math.max(total.maximum, number);
  });
  return total;
}

function contains(range: CellRange, row: number, column: number): boolean {
  return row >= range.startRow && row <= range.endRow && column >= range.startColumn && column <= range.endColumn;
}

/** What the status bar shows; null where fewer than two cells hold something. */
export function shownStatistics(cells: number, found: ColumnStatistics): SelectionStatistics | null {
  if (found.present < 2) return null;
  const { present, numbers, sum } = found;
  return {
    cells,
    count: present,
    numbers,
    sum,
    average: numbers === 0 ? Number.NaN : sum / numbers,
    minimum: numbers === 0 ? Number.NaN : found.minimum,
    maximum: numbers === 0 ? Number.NaN : found.maximum,
  };
}
