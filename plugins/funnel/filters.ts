import { AnalysisError, type Column, isPresent, message, numberAt, stringAt, stringCount, textAt } from '@patron/sdk';

/** The ways in which a filter compares. */
export const OPERATORS = [
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
export type Operator = (typeof OPERATORS)[number];

export type FilterValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** A condition on one property of an event. */
export interface Filter {
  readonly property: string;
  readonly op: Operator;
  readonly value: FilterValue;
}

/** Tells whether a row passes. */
export type RowTest = (row: number) => boolean;

const NEGATIVE: ReadonlySet<Operator> = new Set<Operator>(['!=', '!^=', '!*=', 'not in']);

/**
 * A test of rows for one filter. Text is compared as it is written, numbers as numbers, days and times by their ISO text. A
 * row without a value passes only what says "not": `!=`, `!^=`, `!*=`, `not in`, `empty`.
 */
export function rowTest(column: Column, filter: Filter, path: string): RowTest {
  const { op, value } = filter;
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
  const list = (Array.isArray(value) ? value : [value]).map((item) => numberOfValue(column, item, filter, path));
  return (row) => (isPresent(column, row) ? compareNumber(numberAt(column, row), op, list) : missingPasses);
}

function hasText(column: Column, row: number): boolean {
  return isPresent(column, row) && (column.type !== 'string' || textAt(column, row) !== '');
}

function compareText(text: string, op: Operator, value: FilterValue): boolean {
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

function compareNumber(number: number, op: Operator, list: readonly number[]): boolean {
  if (op === 'in' || op === '=') return list.includes(number);
  if (op === 'not in' || op === '!=') return !list.includes(number);
  return ordered(number - list[0], op);
}

function ordered(difference: number, op: Operator): boolean {
  if (op === '>') return difference > 0;
  if (op === '>=') return difference >= 0;
  if (op === '<') return difference < 0;
  return difference <= 0;
}

function numberOfValue(column: Column, value: unknown, filter: Filter, path: string): number {
  const number = parsedNumber(column, value);
  if (!Number.isNaN(number)) return number;
  throw new AnalysisError(
    `At ${path}: column '${filter.property}' holds ${column.type} values, so it cannot be compared with '${String(value)}'.`,
    {
      path: `parameters.${path}`,
      text: message('error.filterValue', { property: filter.property, value: String(value) }),
    },
  );
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
