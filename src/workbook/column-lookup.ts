import { isPresent, textAt } from '@patron/sdk';
import {
  foldedDictionary,
  numberReader,
  type RowSpan,
  type SheetColumn,
  shownRows,
  shownSpan,
} from './column-kernels.ts';
import { wildcard } from './criterion.ts';

/** First shown row of every value of a column; built at the second look-up, since one look-up is a plain scan. */
interface FirstRows {
  lookups: number;
  byText?: Map<string, number>;
  byNumber?: Map<number, number>;
}
const indexes = new WeakMap<SheetColumn, FirstRows>();

/** Sheet row of the first cell of `span` that equals `value` (texts without regard to case, `*` and `?` allowed), or -1. */
export function findRow(
  sheetColumn: SheetColumn,
  span: RowSpan,
  value: number | string | boolean,
  wildcards: boolean,
): number {
  const folded = typeof value === 'string' ? value.toLowerCase() : value;
  const pattern = wildcards && typeof folded === 'string' && /[*?~]/.test(folded) ? wildcard(folded) : null;
  if (span.start === 0 && typeof folded === 'string') {
    const header = sheetColumn.header.toLowerCase();
    if (pattern ? pattern.test(header) : header === folded) return 0;
  }
  const { first, last } = shownSpan(sheetColumn, span);
  if (pattern) return scan(sheetColumn, first, last, (text) => pattern.test(text));
  const index = indexes.get(sheetColumn) ?? { lookups: 0 };
  indexes.set(sheetColumn, index);
  if (++index.lookups > 1 && typeof folded !== 'boolean') {
    const row = indexed(sheetColumn, index, folded);
    if (row === undefined || row > last) return -1;
    if (row >= first) return row + 1;
  }
  if (typeof folded === 'string') return scan(sheetColumn, first, last, (text) => text === folded);
  return scanNumbers(sheetColumn, first, last, folded);
}

function indexed(sheetColumn: SheetColumn, index: FirstRows, value: number | string): number | undefined {
  const { column, rows } = sheetColumn;
  const count = shownRows(sheetColumn);
  if (typeof value === 'number') {
    if (!index.byNumber) {
      index.byNumber = new Map();
      const read = numberReader(column);
      for (let i = count - 1; i >= 0; i--) {
        const number = read(rows ? rows[i] : i);
        if (!Number.isNaN(number)) index.byNumber.set(number, i);
      }
    }
    return index.byNumber.get(value);
  }
  if (column.type !== 'string') return undefined;
  if (!index.byText) {
    index.byText = new Map();
    const folded = column.layout === 'dictionary' ? foldedDictionary(column) : null;
    for (let i = count - 1; i >= 0; i--) {
      const row = rows ? rows[i] : i;
      if (!isPresent(column, row)) continue;
      index.byText.set(
        folded && column.layout === 'dictionary'
          ? folded[column.codes[row]]
          : (textAt(column, row) ?? '').toLowerCase(),
        i,
      );
    }
  }
  return index.byText.get(value);
}

function scan(sheetColumn: SheetColumn, first: number, last: number, meets: (folded: string) => boolean): number {
  const { column, rows } = sheetColumn;
  if (column.type !== 'string') return -1;
  const verdicts = column.layout === 'dictionary' ? foldedDictionary(column).map(meets) : null;
  for (let i = first; i <= last; i++) {
    const row = rows ? rows[i] : i;
    if (!isPresent(column, row)) continue;
    const hit =
      verdicts && column.layout === 'dictionary'
        ? verdicts[column.codes[row]]
        : meets((textAt(column, row) ?? '').toLowerCase());
    if (hit) return i + 1;
  }
  return -1;
}

function scanNumbers(sheetColumn: SheetColumn, first: number, last: number, value: number | boolean): number {
  const { column, rows } = sheetColumn;
  if (typeof value === 'boolean') {
    if (column.type !== 'boolean') return -1;
    for (let i = first; i <= last; i++) {
      const row = rows ? rows[i] : i;
      if (isPresent(column, row) && (column.values[row] !== 0) === value) return i + 1;
    }
    return -1;
  }
  const read = numberReader(column);
  for (let i = first; i <= last; i++) if (read(rows ? rows[i] : i) === value) return i + 1;
  return -1;
}

/** Sheet row of the last number of `span` that is not above `value`, the column being sorted upwards; -1 below all. */
export function findRowBelow(sheetColumn: SheetColumn, span: RowSpan, value: number): number {
  const { rows, column } = sheetColumn;
  const read = numberReader(column);
  const { first, last } = shownSpan(sheetColumn, span);
  let low = first;
  let high = last;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (read(rows ? rows[middle] : middle) <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high < first ? -1 : high + 1;
}
