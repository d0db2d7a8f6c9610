import type { JsonObject, Text } from '@patron/sdk';

/** What fills a field: a column's name, or the product of two columns (quantity times price). */
export type FieldSource = string | { readonly product: readonly [string, string] };

export type FilterOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '^=' | '!^=';

/** Keeps the rows whose `column` stands in this relation to `value`; `^=` is "starts with", `!^=` "does not start with". */
export interface RowFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  readonly value: string;
}

/** One role's table and mapping, as the form edits it and the run record keeps it. */
export interface RoleRequest {
  /** Id of the table; in the headless runner, the file's name. */
  readonly table: string;
  readonly fields: Readonly<Record<string, FieldSource>>;
  readonly filters: readonly RowFilter[];
}

export interface RunRequest {
  readonly analysis: string;
  readonly roles: Readonly<Record<string, RoleRequest>>;
  readonly parameters: JsonObject;
  readonly seed?: number;
}

/** Why rows were left out. Whoever shows it words it in the reader's language. */
export type LeftOutReason =
  | { readonly kind: 'missing'; readonly field: string }
  | { readonly kind: 'unreadable'; readonly field: string; readonly column: string }
  | { readonly kind: 'filter'; readonly filter: RowFilter }
  | { readonly kind: 'analysis'; readonly text: Text };

export interface LeftOut {
  readonly role: string;
  readonly reason: LeftOutReason;
  readonly count: number;
}

/** What became of the rows: read = used + the sum of those left out. */
export interface RowCounts {
  readonly read: number;
  readonly used: number;
  readonly leftOut: readonly LeftOut[];
}

const operators: readonly FilterOperator[] = ['!^=', '^=', '!=', '>=', '<=', '=', '>', '<'];

/**
 * Reads a filter such as `Quantity>0` or `InvoiceNo!^=C`. The column is the longest of `columns` that the text starts with,
 * or, where none fits, all before the first operator.
 */
export function parseFilter(text: string, columns: readonly string[]): RowFilter | undefined {
  const known = columns.filter((name) => text.startsWith(name)).sort((a, b) => b.length - a.length);
  for (const column of known) {
    const rest = text.slice(column.length).trimStart();
    const operator = operators.find((candidate) => rest.startsWith(candidate));
    if (operator) return { column, operator, value: rest.slice(operator.length).trim() };
  }
  const match = /^(.+?)\s*(!\^=|\^=|!=|>=|<=|=|>|<)\s*(.*)$/s.exec(text);
  return match ? { column: match[1], operator: match[2] as FilterOperator, value: match[3] } : undefined;
}

/** Reads a field's source: a column's name, or `a*b` where no column is called that. */
export function parseFieldSource(text: string, columns: readonly string[]): FieldSource {
  if (columns.includes(text)) return text;
  for (let star = text.indexOf('*'); star >= 0; star = text.indexOf('*', star + 1)) {
    const left = text.slice(0, star).trim();
    const right = text.slice(star + 1).trim();
    if (columns.includes(left) && columns.includes(right)) return { product: [left, right] };
  }
  const star = text.indexOf('*');
  return star < 0 ? text : { product: [text.slice(0, star).trim(), text.slice(star + 1).trim()] };
}

/** The columns that a source reads. */
export function sourceColumns(source: FieldSource): readonly string[] {
  return typeof source === 'string' ? [source] : source.product;
}

/** A source as people write it. */
export function describeSource(source: FieldSource): string {
  return typeof source === 'string' ? source : source.product.join(' × ');
}
