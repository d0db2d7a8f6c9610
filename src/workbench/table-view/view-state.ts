import type { CellValue, ColumnType, Json } from '@patron/sdk';
import type { RowFilter, RowSort } from '../../tables/index.ts';
import type { HeaderMark } from '../../workbook/index.ts';

/** How a column's values are compared with what was entered. `equals` of a time is the whole day. */
const conditionOperators = [
  'contains',
  'starts-with',
  'equals',
  'not-equals',
  'greater',
  'at-least',
  'less',
  'at-most',
  'between',
  'missing',
  'present',
] as const;

export type ConditionOperator = (typeof conditionOperators)[number];

/** Some values of a column: those to keep, or those to leave out. Null stands for rows without a value. */
export interface ValuesFilter {
  readonly kind: 'values';
  readonly column: string;
  readonly values: readonly CellValue[];
  readonly exclude?: boolean;
}

/** Days are ISO text, numbers and texts as they were entered. */
export interface ConditionFilter {
  readonly kind: 'condition';
  readonly column: string;
  readonly operator: ConditionOperator;
  readonly value?: string | number;
  /** The upper end of `between`. */
  readonly to?: string | number;
}

export type ColumnFilter = ValuesFilter | ConditionFilter;

/** Which rows of its table a sheet shows, and in what order; at most one filter a column. */
export interface ViewState {
  readonly filters: readonly ColumnFilter[];
  readonly sort: readonly RowSort[];
}

export const wholeTable: ViewState = { filters: [], sort: [] };

export function isWhole({ filters, sort }: ViewState): boolean {
  return filters.length === 0 && sort.length === 0;
}

/** The operators that make sense for a type of column. */
export function operatorsFor(type: ColumnType): readonly ConditionOperator[] {
  switch (type) {
    case 'string':
      return ['contains', 'starts-with', 'equals', 'not-equals', 'missing', 'present'];
    case 'boolean':
      return ['missing', 'present'];
    case 'date':
    case 'timestamp':
      return ['between', 'equals', 'at-least', 'at-most', 'greater', 'less', 'missing', 'present'];
    default:
      return ['between', 'equals', 'not-equals', 'greater', 'at-least', 'less', 'at-most', 'missing', 'present'];
  }
}

/** How many values the operator needs. */
export function valuesNeeded(operator: ConditionOperator): 0 | 1 | 2 {
  if (operator === 'missing' || operator === 'present') return 0;
  return operator === 'between' ? 2 : 1;
}

/** The state with a column's filter replaced, or taken away. */
export function withFilter(state: ViewState, column: string, filter: ColumnFilter | null): ViewState {
  const at = state.filters.findIndex((each) => each.column === column);
  if (at < 0) return filter ? { ...state, filters: [...state.filters, filter] } : state;
  const filters = filter ? state.filters.with(at, filter) : state.filters.toSpliced(at, 1);
  return { ...state, filters };
}

/** The state sorted by a column alone, or by it after the columns that it is sorted by already. */
export function withSort(state: ViewState, key: RowSort, add: boolean): ViewState {
  const others = add ? state.sort.filter(({ column }) => column !== key.column) : [];
  const at = state.sort.findIndex(({ column }) => column === key.column);
  return { ...state, sort: add && at >= 0 ? state.sort.with(at, key) : [...others, key] };
}

export function withoutSort(state: ViewState, column?: string): ViewState {
  return { ...state, sort: column === undefined ? [] : state.sort.filter((key) => key.column !== column) };
}

interface KnownColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** The parts of a state that a table can answer, and those that it cannot: their column is gone, or is of another type. */
export interface AnswerableView {
  readonly filters: readonly RowFilter[];
  readonly sort: readonly RowSort[];
  readonly lost: readonly { readonly column: string; readonly why: 'gone' | 'type' }[];
}

export function answerable(state: ViewState, columns: readonly KnownColumn[]): AnswerableView {
  const filters: RowFilter[] = [];
  const sort: RowSort[] = [];
  const lost: { column: string; why: 'gone' | 'type' }[] = [];
  for (const filter of state.filters) {
    const type = columns.find(({ name }) => name === filter.column)?.type;
    if (!type) lost.push({ column: filter.column, why: 'gone' });
    else if (!fits(filter, type)) lost.push({ column: filter.column, why: 'type' });
    else filters.push(...rowFilters(filter, type));
  }
  for (const key of state.sort) {
    if (columns.some(({ name }) => name === key.column)) sort.push(key);
    else if (!lost.some(({ column }) => column === key.column)) lost.push({ column: key.column, why: 'gone' });
  }
  return { filters, sort, lost };
}

function fits(filter: ColumnFilter, type: ColumnType): boolean {
  const values = filter.kind === 'values' ? filter.values : [filter.value, filter.to];
  if (filter.kind === 'condition' && !operatorsFor(type).includes(filter.operator)) return false;
  return values.every((value) => value === null || value === undefined || fitsType(value, type));
}

function fitsType(value: string | number | boolean, type: ColumnType): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
    case 'timestamp':
      return typeof value === 'string' && /^\d{4,}-\d\d-\d\d/.test(value);
    default:
      return typeof value === 'number';
  }
}

/** A filter as the table's kernels take it. */
export function rowFilters(filter: ColumnFilter, type: ColumnType): RowFilter[] {
  const { column } = filter;
  if (filter.kind === 'values')
    return [{ column, operator: filter.exclude ? 'none-of' : 'one-of', values: filter.values }];
  const { operator, value, to } = filter;
  if (type === 'timestamp' && typeof value === 'string') return timeFilters(column, operator, value, to);
  if (operator === 'between') {
    const [low, high] = inOrder(value, to);
    return [
      { column, operator: 'at-least', value: low },
      { column, operator: 'at-most', value: high },
    ];
  }
  return [valuesNeeded(operator) === 0 ? { column, operator } : { column, operator, value }];
}

/** Times are compared by their days: on a day is from its beginning to the next one's. */
function timeFilters(
  column: string,
  operator: ConditionOperator,
  day: string,
  to: string | number | undefined,
): RowFilter[] {
  const [low, high] = operator === 'between' ? inOrder(day, to) : [day, day];
  const from: RowFilter = { column, operator: 'at-least', value: String(low) };
  const before = (end: string): RowFilter => ({ column, operator: 'less', value: end });
  switch (operator) {
    case 'greater':
      return [{ column, operator: 'at-least', value: nextDay(day) }];
    case 'at-least':
      return [from];
    case 'less':
      return [before(day)];
    case 'at-most':
      return [before(nextDay(day))];
    default:
      return [from, before(nextDay(String(high)))];
  }
}

function inOrder<Value extends string | number | undefined>(low: Value, high: Value): [Value, Value] {
  if (low === undefined || high === undefined) return [low, high];
  return low <= high ? [low, high] : [high, low];
}

function nextDay(day: string): string {
  return new Date(Date.parse(day.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10);
}

/** What the headers say of a state. */
export function headerMarks(state: ViewState, columns: readonly KnownColumn[]): HeaderMark[] {
  const marks: HeaderMark[] = [];
  for (const [column, { name }] of columns.entries()) {
    const place = state.sort.findIndex((key) => key.column === name);
    const filtered = state.filters.some((filter) => filter.column === name);
    if (place < 0 && !filtered) continue;
    marks.push({
      column,
      filtered,
      ...(place < 0 ? {} : { sorted: state.sort[place].descending ? 'descending' : 'ascending' }),
      ...(place >= 0 && state.sort.length > 1 ? { place: place + 1 } : {}),
    });
  }
  return marks;
}

/** A state as it is kept with its sheet. */
export function keptState(state: ViewState): Json | null {
  return isWhole(state) ? null : (JSON.parse(JSON.stringify(state)) as Json);
}

/** What was kept with a sheet, which may come from a stranger's file: what is not understood is left out. */
export function readState(kept: Json | null | undefined): ViewState {
  if (kept === undefined || !isObject(kept)) return wholeTable;
  const filters = listOf(kept.filters).flatMap((filter) => readFilter(filter) ?? []);
  const sort = listOf(kept.sort).flatMap((key) =>
    isObject(key) && typeof key.column === 'string'
      ? [{ column: key.column, ...(key.descending === true ? { descending: true } : {}) }]
      : [],
  );
  return { filters, sort };
}

type JsonRecord = { readonly [key: string]: Json };

const isObject = (value: Json): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const isPlain = (value: Json | undefined): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

function readFilter(filter: Json): ColumnFilter | undefined {
  if (!isObject(filter) || typeof filter.column !== 'string') return undefined;
  const { column } = filter;
  if (filter.kind === 'values') {
    const values = listOf(filter.values).filter(
      (value): value is CellValue => typeof value !== 'object' || value === null,
    );
    return { kind: 'values', column, values, ...(filter.exclude === true ? { exclude: true } : {}) };
  }
  const operator = conditionOperators.find((each) => each === filter.operator);
  if (!operator) return undefined;
  const needed = valuesNeeded(operator);
  if ((needed > 0 && !isPlain(filter.value)) || (needed > 1 && !isPlain(filter.to))) return undefined;
  return {
    kind: 'condition',
    column,
    operator,
    ...(needed > 0 && isPlain(filter.value) ? { value: filter.value } : {}),
    ...(needed > 1 && isPlain(filter.to) ? { to: filter.to } : {}),
  };
}
