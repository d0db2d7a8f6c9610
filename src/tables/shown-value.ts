import type { CellValue, NumericColumn } from '@patron/sdk';

/** A stored number as `valueAt` gives it. */
export function shownValue(column: NumericColumn, stored: number): CellValue {
  switch (column.type) {
    case 'boolean':
      return stored !== 0;
    case 'date':
      return new Date(stored * 86_400_000).toISOString().slice(0, 10);
    case 'timestamp': {
      const iso = new Date(stored * column.unit).toISOString();
      return column.zoned ? iso : iso.slice(0, -1);
    }
    case 'number':
      return stored / column.scale;
    default:
      return stored;
  }
}
