import {
  type CellValue,
  type Column,
  isPresent,
  type NumericColumn,
  type StringVector,
  stringCount,
} from '@patron/sdk';
import { TableError } from './table-error.ts';
import { passing, textTest } from './text-search.ts';

/** In the order in which they are offered. */
export const filterOperators = [
  'equals',
  'not-equals',
  'greater',
  'at-least',
  'less',
  'at-most',
  'contains',
  'starts-with',
  'one-of',
  'none-of',
  'missing',
  'present',
] as const;

/**
 * How a column's value is compared. Rows without a value match `missing`, `not-equals`, `one-of` where null is among the
 * values, and `none-of` where it is not.
 */
export type FilterOperator = (typeof filterOperators)[number];

/**
 * One condition on the rows of a table. Days and times are compared with ISO text (`2011-12-01`) or numbers as
 * `numberAt` gives them. `contains` and `starts-with` take no notice of case.
 */
export interface RowFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  readonly value?: CellValue;
  /** For `one-of` and `none-of`; null stands for rows without a value. */
  readonly values?: readonly CellValue[];
}

/** Sets `matches[row]` to 0 for each row from `from` to `to` that is left out. */
export type Matcher = (matches: Uint8Array, from: number, to: number) => void;

const encoder = new TextEncoder();

/** The condition, ready to be put to the rows of `column`. */
export function filterMatcher(column: Column, filter: RowFilter): Matcher {
  const { operator } = filter;
  if (operator === 'missing' || operator === 'present') {
    const wanted = operator === 'present';
    return (matches, from, to) => {
      for (let row = from; row < to; row++) if (isPresent(column, row) !== wanted) matches[row] = 0;
    };
  }
  return column.type === 'string' ? textMatcher(column, filter) : numericMatcher(column, filter);
}

function textMatcher(column: Column & { type: 'string' }, filter: RowFilter): Matcher {
  const accepted = acceptedEntries(column.layout === 'dictionary' ? column.dictionary : column.text, filter);
  const ofMissing = acceptsMissing(filter) ? 1 : 0;
  const codes = column.layout === 'dictionary' ? column.codes : undefined;
  const { validity } = column;
  return (matches, from, to) => {
    for (let row = from; row < to; row++) {
      const present = validity === undefined || (validity[row >> 3] & (1 << (row & 7))) !== 0;
      matches[row] &= present ? accepted[codes ? codes[row] : row] : ofMissing;
    }
  };
}

function acceptsMissing({ operator, values }: RowFilter): boolean {
  const named = values?.includes(null) ?? false;
  return operator === 'not-equals' || (operator === 'one-of' && named) || (operator === 'none-of' && !named);
}

/** For each entry of a vector whether it fulfils the condition. */
function acceptedEntries(vector: StringVector, filter: RowFilter): Uint8Array {
  const { offsets, bytes } = vector;
  const { operator } = filter;
  const text = String(filter.value ?? '');
  if (operator === 'contains') return passing(vector, textTest(vector, text, 'anywhere'));
  if (operator === 'starts-with') return passing(vector, textTest(vector, text, 'start'));
  const count = stringCount(vector);
  const accepted = new Uint8Array(count);
  if (operator === 'greater' || operator === 'at-least' || operator === 'less' || operator === 'at-most') {
    const bound = encoder.encode(text);
    for (let i = 0; i < count; i++) {
      const order = compareBytes(bytes, offsets[i], offsets[i + 1], bound);
      const fits =
        operator === 'greater'
          ? order > 0
          : operator === 'at-least'
            ? order >= 0
            : operator === 'less'
              ? order < 0
              : order <= 0;
      accepted[i] = fits ? 1 : 0;
    }
    return accepted;
  }
  const isList = operator === 'one-of' || operator === 'none-of';
  const wanted = (isList ? (filter.values ?? []) : [text]).filter((value) => value !== null).map(String);
  markEqual(vector, wanted, accepted);
  if (operator === 'not-equals' || operator === 'none-of') for (let i = 0; i < count; i++) accepted[i] ^= 1;
  return accepted;
}

/** Marks the entries that are one of `texts`, which are looked up by length and first bytes. */
function markEqual({ offsets, bytes }: StringVector, texts: readonly string[], accepted: Uint8Array): void {
  const byShape = new Map<number, Uint8Array[]>();
  const shape = (length: number, first: number, last: number): number => (length * 256 + first) * 256 + last;
  for (const text of texts) {
    const wanted = encoder.encode(text);
    const key = shape(wanted.length, wanted[0] ?? 0, wanted.at(-1) ?? 0);
    byShape.set(key, [...(byShape.get(key) ?? []), wanted]);
  }
  for (let i = 0; i < accepted.length; i++) {
    const start = offsets[i];
    const end = offsets[i + 1];
    const empty = start === end;
    const alike = byShape.get(shape(end - start, empty ? 0 : bytes[start], empty ? 0 : bytes[end - 1]));
    if (alike?.some((wanted) => compareBytes(bytes, start, end, wanted) === 0)) accepted[i] = 1;
  }
}

/** Below zero, zero or above, by the bytes, which is the order of the code points. */
function compareBytes(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const length = Math.min(end - start, other.length);
  for (let i = 0; i < length; i++) if (bytes[start + i] !== other[i]) return bytes[start + i] - other[i];
  return end - start - other.length;
}

function numericMatcher(column: NumericColumn, filter: RowFilter): Matcher {
  const { validity, values } = column;
  const factor = column.type === 'number' ? column.scale : column.type === 'timestamp' ? 1 / column.unit : 1;
  const stored = (value: CellValue | undefined): number => nearWhole(numberOf(column, filter, value ?? null) * factor);
  const isMissing = (row: number): boolean => validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0;
  if (filter.operator === 'one-of' || filter.operator === 'none-of') {
    const wanted = new Set((filter.values ?? []).filter((value) => value !== null).map(stored));
    const ofMissing = acceptsMissing(filter);
    const ofWanted = filter.operator === 'one-of';
    return (matches, from, to) => {
      for (let row = from; row < to; row++) {
        if (!(isMissing(row) ? ofMissing : wanted.has(values[row]) === ofWanted)) matches[row] = 0;
      }
    };
  }
  if (filter.operator === 'not-equals') {
    const bound = stored(filter.value);
    return (matches, from, to) => {
      for (let row = from; row < to; row++) if (values[row] === bound && !isMissing(row)) matches[row] = 0;
    };
  }
  const [low, high] = boundsOf(filter, stored(filter.value));
  if (!validity) {
    return (matches, from, to) => {
      for (let row = from; row < to; row++) matches[row] &= values[row] >= low && values[row] <= high ? 1 : 0;
    };
  }
  return (matches, from, to) => {
    for (let row = from; row < to; row++) {
      if (isMissing(row) || !(values[row] >= low && values[row] <= high)) matches[row] = 0;
    }
  };
}

/** The values, ends included, that fulfil the condition. */
function boundsOf({ operator, column }: RowFilter, bound: number): [number, number] {
  switch (operator) {
    case 'equals':
      return [bound, bound];
    case 'greater':
      return [neighbour(bound, 1), Number.POSITIVE_INFINITY];
    case 'at-least':
      return [bound, Number.POSITIVE_INFINITY];
    case 'less':
      return [Number.NEGATIVE_INFINITY, neighbour(bound, -1)];
    case 'at-most':
      return [Number.NEGATIVE_INFINITY, bound];
    default:
      throw new TableError('bad-option', `'${operator}' does not apply to the numbers of column '${column}'.`, {
        column,
      });
  }
}

/** The next double above or below. */
function neighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(value > 0 ? direction : -direction));
  return view.getFloat64(0);
}

/** 2.55 × 100 is meant to be 255. */
function nearWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-9 * Math.max(1, Math.abs(value)) ? whole : value;
}

function numberOf(column: NumericColumn, filter: RowFilter, value: CellValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = (value ?? '').trim();
  let number = Number.NaN;
  if (column.type === 'date') number = Date.parse(text.slice(0, 10)) / 86_400_000;
  else if (column.type === 'timestamp')
    number = Date.parse(/\d{4}-\d\d-\d\d$|[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  else if (column.type === 'boolean') number = /^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : Number.NaN;
  else if (text !== '') number = Number(text);
  if (Number.isNaN(number)) {
    throw new TableError(
      'bad-option',
      `'${text}' is no ${column.type}, so it cannot be compared with column '${filter.column}'.`,
      {
        column: filter.column,
        value: text,
      },
    );
  }
  return number;
}
