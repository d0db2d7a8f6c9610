import type { CellValue, ColumnType } from '@patron/sdk';
import type { Locale, Translate } from '../../i18n/index.ts';
import type { RowSort } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { type ColumnFilter, valuesNeeded } from './view-state.ts';

export interface Words {
  readonly t: Translate;
  readonly locale: Locale;
}

/** Values named before the rest are counted. */
const MOST_NAMED = 3;

/** A column as its sheet heads it. */
export function columnTitle(columns: readonly TableColumn[], name: string): string {
  const column = columns.find((each) => each.name === name);
  return column?.title ?? name;
}

/** A value as the sheet shows it: numbers grouped by the language's custom, times to the second. */
export function valueWords(value: CellValue, column: TableColumn | undefined, { t, locale }: Words): string {
  if (value === null || value === '') return t('view.noValue');
  if (typeof value === 'boolean') return t(value ? 'view.yes' : 'view.no');
  if (typeof value === 'number') {
    const digits = Math.max(0, Math.round(Math.log10(column?.scale ?? 1)));
    if (column?.format === 'percent')
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits || 6,
    }).format(value);
  }
  if (column?.type === 'timestamp') return value.slice(0, 19).replace('T', ' ');
  return column?.labels && Object.hasOwn(column.labels, value) ? column.labels[value] : value;
}

/** A filter in words: `Country = UK or France`. */
export function filterWords(filter: ColumnFilter, columns: readonly TableColumn[], words: Words): string {
  const { t } = words;
  const title = columnTitle(columns, filter.column);
  const column = columns.find(({ name }) => name === filter.column);
  if (filter.kind === 'values') {
    const named = filter.values.slice(0, MOST_NAMED).map((value) => valueWords(value, column, words));
    const more = filter.values.length - named.length;
    const list =
      more > 0
        ? t('view.words.more', named.join(', '), more)
        : named.length > 1
          ? t('view.words.or', named.slice(0, -1).join(', '), named[named.length - 1])
          : (named[0] ?? '');
    return t(filter.exclude ? 'view.words.notValues' : 'view.words.values', title, list);
  }
  const { operator } = filter;
  const value = (entered: string | number | undefined): string => valueWords(entered ?? null, column, words);
  if (operator === 'between') return t('view.words.between', title, value(filter.value), value(filter.to));
  if (operator === 'missing' || operator === 'present') return t(`view.words.${operator}`, title);
  return t(`view.words.${operator}`, title, value(filter.value));
}

/** A key of the order in words: `sorted by Quantity ↓`, `then by Day ↑`. */
export function sortWords(sort: RowSort, place: number, columns: readonly TableColumn[], { t }: Words): string {
  const title = columnTitle(columns, sort.column);
  return t(place === 0 ? 'view.words.sorted' : 'view.words.thenSorted', title, sort.descending === true);
}

/** Which of the words for an order suit a type of column. */
export function orderKind(type: ColumnType): 'string' | 'number' | 'time' | 'boolean' {
  if (type === 'string' || type === 'boolean') return type;
  return type === 'date' || type === 'timestamp' ? 'time' : 'number';
}

/** An operator as it reads between column and value. */
export function operatorWords(
  operator: Extract<ColumnFilter, { kind: 'condition' }>['operator'],
  type: ColumnType,
  t: Translate,
): string {
  const isTime = type === 'date' || type === 'timestamp';
  if (isTime && valuesNeeded(operator) === 1 && operator in timeOperators)
    return t(`view.timeOperator.${operator as keyof typeof timeOperators}`);
  return t(`view.operator.${operator}`);
}

const timeOperators = { equals: 1, greater: 1, 'at-least': 1, less: 1, 'at-most': 1 } as const;
