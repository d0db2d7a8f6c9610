import type { Column } from './column.ts';
import { isPresent, numberAt, textAt } from './read-column.ts';
import { stringAt, stringCount } from './string-vector.ts';

/** How a condition on a column compares; `^=` starts with, `*=` contains (in any case), `!` before either denies it. */
export const ROW_OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '^=',
  '!^=',
  '*=',
  '!*=',
  'in',
  'not in',
  'empty',
  'not empty',
] as const;
export type RowOperator = (typeof ROW_OPERATORS)[number];

/** What a condition compares with: a list for `in` and `not in`, nothing for `empty` and `not empty`. */
export type RowConditionValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** A condition on one column. */
export interface RowCondition {
  readonly op: RowOperator;
  readonly value: RowConditionValue;
}

/** Tells whether a row passes. */
export type RowTest = (row: number) => boolean;

const NEGATIVE: ReadonlySet<RowOperator> = new Set<RowOperator>(['!=', '!^=', '!*=', 'not in']);

/**
 * A test of rows for one condition on a column. Text is compared as it is written (by `>` and its like as numbers where both
 * sides are), numbers as numbers, days and times as moments. A row without a value passes only what says "not": `!=`, `!^=`,
 * `!*=`, `not in`, `empty`.
 * @throws what `incomparable` makes of a value that the column's values cannot be compared with.
 */
export function rowTest(column: Column, condition: RowCondition, incomparable: (value: unknown) => Error): RowTest {
  const { op, value } = condition;
  if (op === 'empty' || op === 'not empty') {
    const wanted = op === 'not empty';
    return (row) => hasText(column, row) === wanted;
  }
  const missingPasses = NEGATIVE.has(op);
  if (column.type === 'string' && column.layout === 'dictionary') {
    const passes = Uint8Array.from({ length: stringCount(column.dictionary) }, (_, code) =>
      compareText(stringAt(column.dictionary, code), op, value) ? 1 : 0,
    );
    const { codes } = column;
    return (row) => (isPresent(column, row) ? passes[codes[row]] !== 0 : missingPasses);
  }
  if (column.type === 'string')
    return (row) => (isPresent(column, row) ? compareText(textAt(column, row) as string, op, value) : missingPasses);
  if (op === '^=' || op === '!^=' || op === '*=' || op === '!*=')
    return (row) => (isPresent(column, row) ? compareText(textAt(column, row) as string, op, value) : missingPasses);
  const list = (Array.isArray(value) ? value : [value]).map((item) => comparable(column, item, incomparable));
  return (row) => (isPresent(column, row) ? compareNumber(numberAt(column, row), op, list) : missingPasses);
}

function hasText(column: Column, row: number): boolean {
  return isPresent(column, row) && (column.type !== 'string' || textAt(column, row) !== '');
}

function compareText(text: string, op: RowOperator, value: RowConditionValue): boolean {
  if (op === 'in' || op === 'not in') {
    const list = Array.isArray(value) ? value : [value];
    return list.some((item) => String(item) === text) === (op === 'in');
  }
  const wanted = value === null ? '' : String(value);
  switch (op) {
    case '=':
      return text === wanted;
    case '!=':
      return text !== wanted;
    case '^=':
      return text.startsWith(wanted);
    case '!^=':
      return !text.startsWith(wanted);
    case '*=':
      return text.toLowerCase().includes(wanted.toLowerCase());
    case '!*=':
      return !text.toLowerCase().includes(wanted.toLowerCase());
    default: {
      const number = Number(text);
      const limit = Number(wanted);
      const numeric = text !== '' && !Number.isNaN(number) && !Number.isNaN(limit);
      return numeric ? ordered(number - limit, op) : ordered(text < wanted ? -1 : text > wanted ? 1 : 0, op);
    }
  }
}

function compareNumber(number: number, op: RowOperator, list: readonly number[]): boolean {
  if (op === 'in' || op === '=') return list.includes(number);
  if (op === 'not in' || op === '!=') return !list.includes(number);
  return ordered(number - list[0], op);
}

function ordered(difference: number, op: RowOperator): boolean {
  if (op === '>') return difference > 0;
  if (op === '>=') return difference >= 0;
  if (op === '<') return difference < 0;
  return difference <= 0;
}

function comparable(column: Column, value: unknown, incomparable: (value: unknown) => Error): number {
  const number = parsedNumber(column, value);
  if (Number.isNaN(number)) throw incomparable(value);
  return number;
}

function parsedNumber(column: Column, value: unknown): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (column.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true' ? 1 : 0;
  if (typeof value === 'string' && (column.type === 'date' || column.type === 'timestamp')) {
    const zoned = column.type === 'date' || /[zZ]$|[+-]\d\d:?\d\d$/.test(value) || /^\d{4}-\d\d-\d\d$/.test(value);
    const milliseconds = Date.parse(zoned ? value : `${value}Z`);
    return column.type === 'date' ? Math.floor(milliseconds / 86_400_000) : milliseconds;
  }
  return typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
}
