import { type Column, isPresent, numberAt, stringAt, stringCount, valueAt } from '@patron/sdk';
import { BindingError } from './binding-error.ts';
import { parseTime } from './convert-field.ts';
import type { FilterOperator, RowFilter } from './request.ts';

/**
 * Clears `kept[row]` in every row that the filter does not let through and gives how many it cleared. A row without a value
 * passes only "is not" and "does not start with".
 * @throws BindingError where the value cannot be compared with the column.
 */
export function applyFilter(kept: Uint8Array, column: Column, filter: RowFilter): number {
  const passes = rowTest(column, filter);
  const passesWithoutValue = filter.operator === '!=' || filter.operator === '!^=';
  let cleared = 0;
  for (let row = 0; row < kept.length; row++) {
    if (kept[row] === 0) continue;
    if (isPresent(column, row) ? passes(row) : passesWithoutValue) continue;
    kept[row] = 0;
    cleared++;
  }
  return cleared;
}

function rowTest(column: Column, filter: RowFilter): (row: number) => boolean {
  const { operator, value } = filter;
  if (column.type === 'string') {
    const test = textTest(operator, value);
    if (column.layout === 'plain') return (row) => test(stringAt(column.text, row));
    const passing = new Uint8Array(stringCount(column.dictionary));
    for (let code = 0; code < passing.length; code++) passing[code] = test(stringAt(column.dictionary, code)) ? 1 : 0;
    const { codes } = column;
    return (row) => passing[codes[row]] === 1;
  }
  if (operator === '^=' || operator === '!^=') {
    const test = textTest(operator, value);
    return (row) => test(String(valueAt(column, row)));
  }
  const limit = comparable(column, filter);
  const compare = numberTest(operator, limit);
  return (row) => compare(numberAt(column, row));
}

/** The filter's value on the scale that `numberAt` gives the column on. */
function comparable(column: Exclude<Column, { type: 'string' }>, filter: RowFilter): number {
  const { value } = filter;
  let limit: number;
  if (column.type === 'date' || column.type === 'timestamp') {
    const time = parseTime(value);
    limit = time === undefined ? Number.NaN : column.type === 'date' ? Math.floor(time / 86_400_000) : time;
  } else if (column.type === 'boolean') {
    limit = /^(true|yes|1|是)$/i.test(value) ? 1 : /^(false|no|0|否)$/i.test(value) ? 0 : Number.NaN;
  } else limit = value.trim() === '' ? Number.NaN : Number(value.replaceAll(',', ''));
  if (Number.isNaN(limit)) {
    throw new BindingError(
      { code: 'badFilterValue', column: filter.column, value, type: column.type },
      `filters.${filter.column}`,
    );
  }
  return limit;
}

function numberTest(operator: FilterOperator, limit: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '!=':
      return (value) => value !== limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    case '<':
      return (value) => value < limit;
    default:
      return (value) => value <= limit;
  }
}

/** Text is compared as numbers where both sides are numbers, else by code point. */
function textTest(operator: FilterOperator, value: string): (text: string) => boolean {
  const limit = value.trim() === '' ? Number.NaN : Number(value);
  const order = (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isNaN(limit) && !Number.isNaN(number)) return number - limit;
    return text < value ? -1 : text > value ? 1 : 0;
  };
  switch (operator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '^=':
      return (text) => text.startsWith(value);
    case '!^=':
      return (text) => !text.startsWith(value);
    case '>':
      return (text) => order(text) > 0;
    case '>=':
      return (text) => order(text) >= 0;
    case '<':
      return (text) => order(text) < 0;
    default:
      return (text) => order(text) <= 0;
  }
}
