import type { Column, RoleContribution, RoleInput } from '@patron/sdk';
import { isPresent } from '@patron/sdk';
import { BindingError } from './binding-error.ts';
import { convertField } from './convert-field.ts';
import { applyFilter } from './filter-rows.ts';
import { gatherColumn } from './gather-column.ts';
import { productColumn } from './product-column.ts';
import type { FieldSource, LeftOut, RoleRequest, RowCounts } from './request.ts';
import { sourceColumns } from './request.ts';

/** The columns of a table that are in memory, by name. */
export interface LoadedTable {
  readonly name: string;
  readonly rows: number;
  /** Every column of the table, in order. */
  readonly columnNames: readonly string[];
  /** At least those that `columnsNeeded` lists. */
  readonly columns: Readonly<Record<string, Column>>;
}

export interface BoundRole {
  readonly input: RoleInput;
  readonly counts: RowCounts;
}

/**
 * The columns that binding a role reads: those mapped, those filtered by, and `properties`, the further columns that the
 * parameters name.
 */
export function columnsNeeded(request: RoleRequest, properties: readonly string[]): string[] {
  const needed = new Set<string>();
  for (const source of Object.values(request.fields)) for (const name of sourceColumns(source)) needed.add(name);
  for (const filter of request.filters) needed.add(filter.column);
  for (const name of properties) needed.add(name);
  return [...needed];
}

/**
 * Puts a table's columns in the place of a role's fields. Rows without a value in a required field are left out first, in the
 * order of the fields, then the filters act in theirs; each leaves behind how many rows it took.
 * @throws BindingError where a field is not mapped, a column is missing or cannot be read as the field's kind, or no row is left.
 */
export function bindRole(
  role: RoleContribution,
  request: RoleRequest,
  table: LoadedTable,
  properties: readonly string[],
): BoundRole {
  checkFields(role, request);
  const kept = new Uint8Array(table.rows).fill(1);
  const leftOut: LeftOut[] = [];
  const fields: Record<string, Column> = {};
  for (const field of role.fields) {
    const source = request.fields[field.name];
    if (source === undefined) continue;
    const raw = sourceColumn(table, source);
    const column = convertField(raw, field.kind, sourceColumns(source)[0]);
    fields[field.name] = column;
    const drops = !field.optional && !field.keepMissing;
    const missing = drops ? clearWhere(kept, (row) => !isPresent(raw, row)) : 0;
    if (missing > 0) leftOut.push({ role: role.role, reason: { kind: 'missing', field: field.name }, count: missing });
    const unread = drops && column !== raw ? clearWhere(kept, (row) => !isPresent(column, row)) : 0;
    if (unread > 0) {
      const reason = { kind: 'unreadable', field: field.name, column: sourceColumns(source).join('*') } as const;
      leftOut.push({ role: role.role, reason, count: unread });
    }
  }
  for (const filter of request.filters) {
    const cleared = applyFilter(kept, tableColumn(table, filter.column), filter);
    leftOut.push({ role: role.role, reason: { kind: 'filter', filter }, count: cleared });
  }
  const further = Object.fromEntries(properties.map((name) => [name, fields[name] ?? tableColumn(table, name)]));
  return take(role.role, table.rows, kept, fields, further, leftOut);
}

/** Keeps the rows in `kept`. Where all are kept the columns pass as they are. */
function take(
  role: string,
  read: number,
  kept: Uint8Array,
  fields: Record<string, Column>,
  properties: Record<string, Column>,
  leftOut: readonly LeftOut[],
): BoundRole {
  const used = read - leftOut.reduce((sum, { count }) => sum + count, 0);
  if (used === 0) throw new BindingError({ code: 'noRows', role, read }, `inputs.${role}`);
  const counts: RowCounts = { read, used, leftOut };
  if (used === read) return { input: { rows: read, fields, properties }, counts };
  const rows = new Uint32Array(used);
  let next = 0;
  for (let row = 0; row < read; row++) if (kept[row]) rows[next++] = row;
  const gathered = new Map<Column, Column>();
  const gather = (columns: Record<string, Column>): Record<string, Column> =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => {
        const taken = gathered.get(column) ?? gatherColumn(column, rows);
        gathered.set(column, taken);
        return [name, taken];
      }),
    );
  return { input: { rows: used, fields: gather(fields), properties: gather(properties) }, counts };
}

function checkFields(role: RoleContribution, request: RoleRequest): void {
  const known = role.fields.map(({ name }) => name);
  for (const field of Object.keys(request.fields)) {
    if (known.includes(field) || role.open) continue;
    throw new BindingError({ code: 'unknownField', role: role.role, field, known }, `inputs.${role.role}.${field}`);
  }
  for (const field of role.fields) {
    if (field.optional || request.fields[field.name] !== undefined) continue;
    throw new BindingError(
      { code: 'missingField', role: role.role, field: field.name },
      `inputs.${role.role}.${field.name}`,
    );
  }
}

function sourceColumn(table: LoadedTable, source: FieldSource): Column {
  if (typeof source === 'string') return tableColumn(table, source);
  const [left, right] = source.product;
  return productColumn(tableColumn(table, left), tableColumn(table, right), [left, right]);
}

function tableColumn(table: LoadedTable, name: string): Column {
  const column = table.columns[name];
  if (column) return column;
  throw new BindingError(
    { code: 'unknownColumn', table: table.name, column: name, known: table.columnNames },
    `columns.${name}`,
  );
}

function clearWhere(kept: Uint8Array, test: (row: number) => boolean): number {
  let cleared = 0;
  for (let row = 0; row < kept.length; row++) {
    if (kept[row] === 0 || !test(row)) continue;
    kept[row] = 0;
    cleared++;
  }
  return cleared;
}
