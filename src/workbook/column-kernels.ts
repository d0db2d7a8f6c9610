import { type Column, stringAt, stringCount } from '@patron/sdk';
import { serialOfDay, serialOfTime } from './serial-date.ts';

/** A column as its sheet shows it: the header in row 0, then the table's rows, in the order of `rows` where given. */
export interface SheetColumn {
  readonly column: Column;
  readonly header: string;
  /** Table row of each sheet row after the header; null shows the table as it is. */
  readonly rows: Uint32Array | null;
}

/** Rows of a sheet, both ends included, the header being row 0. */
export interface RowSpan {
  readonly start: number;
  readonly end: number;
}

/** What SUM, COUNT, COUNTA, MIN and MAX need of a range. */
export interface Aggregate {
  sum: number;
  /** Cells that hold a number (days and times are numbers, truth values are not). */
  numbers: number;
  /** Cells that are not empty. */
  present: number;
  minimum: number;
  maximum: number;
}

export function emptyAggregate(): Aggregate {
  return {
    sum: 0,
    numbers: 0,
    present: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
  };
}

/** Rows that `column` shows, the header not counted. */
export function shownRows({ column, rows }: SheetColumn): number {
  return rows ? rows.length : column.length;
}

/** First and last shown row (0 is the first after the header) of `span`; empty where last < first. */
export function shownSpan(column: SheetColumn, span: RowSpan): { first: number; last: number } {
  return { first: Math.max(span.start, 1) - 1, last: Math.min(span.end, shownRows(column)) - 1 };
}

/** The number that a formula sees at a table row; NaN for an empty cell, a text or a truth value. */
export function numberReader(column: Column): (row: number) => number {
  const { validity } = column;
  if (column.type === 'string' || column.type === 'boolean') return () => Number.NaN;
  const { values } = column;
  let read: (row: number) => number;
  if (column.type === 'date') read = (row) => serialOfDay(values[row]);
  else if (column.type === 'timestamp') read = (row) => serialOfTime(values[row] * column.unit);
  else if (column.type === 'number' && column.scale !== 1) read = (row) => values[row] / column.scale;
  else read = (row) => values[row];
  if (!validity) return read;
  return (row) => (validity[row >> 3] & (1 << (row & 7)) ? read(row) : Number.NaN);
}

/** Sum, count and extremes of one column over `span`. Decimals of a fixed scale are summed in their units, so exactly. */
export function aggregate(sheetColumn: SheetColumn, span: RowSpan): Aggregate {
  const { column, rows } = sheetColumn;
  const { first, last } = shownSpan(sheetColumn, span);
  const result = emptyAggregate();
  if (span.start === 0) result.present++;
  const { validity } = column;
  if (column.type === 'string' || column.type === 'boolean') {
    for (let i = first; i <= last; i++) {
      const row = rows ? rows[i] : i;
      if (!validity || validity[row >> 3] & (1 << (row & 7))) result.present++;
    }
    return result;
  }
  const { values } = column;
  let sum = 0;
  let numbers = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = first; i <= last; i++) {
    const row = rows ? rows[i] : i;
    if (validity && !(validity[row >> 3] & (1 << (row & 7)))) continue;
    const value = values[row];
    sum += value;
    numbers++;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  result.numbers = numbers;
  result.present += numbers;
  if (numbers === 0) return result;
  const show = shownNumber(column);
  result.sum = sumOf(column, sum, numbers);
  result.minimum = show(minimum);
  result.maximum = show(maximum);
  return result;
}

function shownNumber(column: Exclude<Column, { type: 'string' }>): (stored: number) => number {
  if (column.type === 'date') return serialOfDay;
  if (column.type === 'timestamp') return (stored) => serialOfTime(stored * column.unit);
  return column.type === 'number' ? (stored) => stored / column.scale : (stored) => stored;
}

function sumOf(column: Exclude<Column, { type: 'string' }>, sum: number, numbers: number): number {
  if (column.type === 'date') return sum + numbers * serialOfDay(0);
  if (column.type === 'timestamp') return (sum * column.unit) / 86_400_000 + numbers * serialOfDay(0);
  return column.type === 'number' ? sum / column.scale : sum;
}

/** The texts of a dictionary column in lower case, one for each code. */
export function foldedDictionary(column: Extract<Column, { layout: 'dictionary' }>): string[] {
  const { dictionary } = column;
  return Array.from({ length: stringCount(dictionary) }, (_, code) => stringAt(dictionary, code).toLowerCase());
}
