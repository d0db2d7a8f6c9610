import type { CellValue, Column, NumericColumn } from './column.ts';
import { stringAt, stringCount } from './string-vector.ts';

const DAY = 86_400_000;

/** Whether row `row` has a value. */
export function isPresent(column: Column, row: number): boolean {
  return column.validity === undefined || (column.validity[row >> 3] & (1 << (row & 7))) !== 0;
}

/** How many rows have a value. */
export function countPresent(column: Column): number {
  if (!column.validity) return column.length;
  let count = 0;
  for (let i = 0; i < column.length; i++) if (column.validity[i >> 3] & (1 << (i & 7))) count++;
  return count;
}

/** Whether the column is one of numbers, booleans, days or times. */
export function isNumeric(column: Column): column is NumericColumn {
  return column.type !== 'string';
}

/**
 * Row `row` as a number: a decimal as itself, a boolean as 0 or 1, a date as days and a timestamp as milliseconds since
 * 1970; NaN where the row has no value or holds text.
 */
export function numberAt(column: Column, row: number): number {
  if (!isPresent(column, row)) return Number.NaN;
  switch (column.type) {
    case 'string':
      return Number.NaN;
    case 'number':
      return column.values[row] / column.scale;
    case 'timestamp':
      return column.values[row] * column.unit;
    default:
      return column.values[row];
  }
}

/** All rows as `numberAt` gives them. A copy, except where the column already is a Float64Array of just these numbers. */
export function numbersOf(column: Column): Float64Array {
  const direct =
    column.type === 'integer' || column.type === 'date' || (column.type === 'number' && column.scale === 1);
  if (direct && !column.validity && column.values instanceof Float64Array) return column.values;
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = numberAt(column, i);
  return numbers;
}

/** The text of row `row` of a text column; null where it has none. */
export function textAt(column: Column, row: number): string | null {
  if (!isPresent(column, row)) return null;
  if (column.type !== 'string') return String(valueAt(column, row));
  return column.layout === 'dictionary' ? stringAt(column.dictionary, column.codes[row]) : stringAt(column.text, row);
}

/** Row `row` as the outside sees it: a day as `YYYY-MM-DD`, a time as ISO text (with Z where zoned). */
export function valueAt(column: Column, row: number): CellValue {
  if (!isPresent(column, row)) return null;
  switch (column.type) {
    case 'string':
      return textAt(column, row);
    case 'boolean':
      return column.values[row] !== 0;
    case 'date':
      return isoText(column.values[row] * DAY, (iso) => iso.slice(0, iso.indexOf('T')));
    case 'timestamp':
      return isoText(column.values[row] * column.unit, (iso) => {
        const short = iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
        return column.zoned ? short : short.slice(0, -1);
      });
    default:
      return numberAt(column, row);
  }
}

/** ISO text of milliseconds since 1970; the number itself where it lies beyond the calendar. */
function isoText(milliseconds: number, shorten: (iso: string) => string): string {
  return Math.abs(milliseconds) <= 8.64e15 ? shorten(new Date(milliseconds).toISOString()) : String(milliseconds);
}

/** A column's rows as dense codes 0 … count − 1, one for each distinct value, whatever its type. */
export interface DenseCodes {
  readonly codes: CodeLike;
  readonly count: number;
  /** The value behind a code, as text. */
  label(code: number): string;
}
type CodeLike = Uint8Array | Uint16Array | Uint32Array;

/**
 * Codes for grouping by `column`. A dictionary column gives its own codes (some may not occur in the rows); other columns
 * are coded by value. Rows without a value must have been left out before.
 */
export function denseCodes(column: Column): DenseCodes {
  if (column.type === 'string' && column.layout === 'dictionary') {
    const { dictionary } = column;
    return { codes: column.codes, count: stringCount(dictionary), label: (code) => stringAt(dictionary, code) };
  }
  if (column.type === 'string') {
    const byText = new Map<string, number>();
    const codes = new Uint32Array(column.length);
    const labels: string[] = [];
    for (let i = 0; i < codes.length; i++) {
      const text = stringAt(column.text, i);
      let code = byText.get(text);
      if (code === undefined) {
        code = labels.length;
        byText.set(text, code);
        labels.push(text);
      }
      codes[i] = code;
    }
    return { codes, count: labels.length, label: (code) => labels[code] };
  }
  return codesByNumber(column);
}

function codesByNumber(column: NumericColumn): DenseCodes {
  const { values, length } = column;
  const codes = new Uint32Array(length);
  const firstRow: number[] = [];
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    if (values[i] < minimum) minimum = values[i];
    if (values[i] > maximum) maximum = values[i];
  }
  const whole = column.type !== 'number' || column.scale > 1;
  if (whole && maximum - minimum < Math.max(1 << 16, length * 4)) {
    const seen = new Uint32Array(length === 0 ? 0 : maximum - minimum + 1);
    for (let i = 0; i < length; i++) {
      const slot = values[i] - minimum;
      if (seen[slot] === 0) seen[slot] = firstRow.push(i);
      codes[i] = seen[slot] - 1;
    }
  } else {
    const byValue = new Map<number, number>();
    for (let i = 0; i < length; i++) {
      let code = byValue.get(values[i]);
      if (code === undefined) {
        code = firstRow.push(i) - 1;
        byValue.set(values[i], code);
      }
      codes[i] = code;
    }
  }
  return { codes, count: firstRow.length, label: (code) => String(valueAt(column, firstRow[code])) };
}
