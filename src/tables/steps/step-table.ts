import type { Column, ColumnType } from '@patron/sdk';
import type { NamedColumn, RejectReason } from '../import-options.ts';
import { cutColumn } from '../slice-column.ts';
import { TableError } from '../table-error.ts';
import { concatColumns } from './concat-columns.ts';
import { missingColumn } from './missing-column.ts';
import type { StepCounts } from './step.ts';
import { NO_ROW, takeRows } from './take-rows.ts';

export interface StepColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
  readonly zoned?: boolean;
}

/** A table as a step sees it: it reads the columns it needs and no others. */
export interface StepTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly StepColumn[];
  /** All rows of a column. */
  column(name: string): Promise<Column>;
  /** Rows `from` to `to` (exclusive) of a column. */
  slice(name: string, from: number, to: number): Promise<Column>;
  /** Of a table that is only planned: where the rows of a column come from in turn, if from one place. */
  rowsOf?(name: string): ColumnRows | undefined;
}

/** How a step may look around, breathe and be stopped. */
export interface StepRun {
  /** Awaited now and then; throws once the step is cancelled. */
  pause(): Promise<void>;
  /** Another table, by id. */
  table(id: string): Promise<StepTable>;
}

/**
 * Where the rows of a column come from: a column of a table or one in memory, as it is or the rows of it that `index` names;
 * patched rows; rows computed when they are asked for; or nowhere
 * (null): no values.
 */
export type ColumnRows =
  | { readonly table: StepTable; readonly column: string; readonly index?: Uint32Array }
  | { readonly memory: Column; readonly index?: Uint32Array }
  | PatchedRows
  | { make(from: number, to: number): Promise<Column> }
  | null;

/** Rows of which some, ascending, have other values. */
export interface PatchedRows {
  readonly under: ColumnRows;
  readonly rows: Uint32Array;
  readonly by: Column;
}

/** Some rows of the result, one below the other. */
export interface PlanPart {
  readonly rows: number;
  /** By column of the plan. */
  readonly columns: readonly ColumnRows[];
}

export interface PlanColumn extends StepColumn {
  /** The column of the table whose values these are. Where the rows stay too, its bytes need not be written again. */
  readonly was?: string;
}

/** What a step makes of a table, before anything is written. */
export interface StepPlan {
  readonly columns: readonly PlanColumn[];
  readonly parts: readonly PlanPart[];
  readonly counts: StepCounts;
  /** What did not fit, by row of the result. */
  readonly rejects?: readonly StepReject[];
  /** The table's rows that the first part is made of: all as they are, or these in this order. */
  readonly origin: 'same' | Uint32Array;
}

/** A value that does not fit its column's new type; its cell is left without a value. */
export interface StepReject {
  readonly row: number;
  readonly column: string;
  readonly raw: string;
  readonly reason: RejectReason;
}

/** Rows that are put together at a time. */
const BATCH_ROWS = 1 << 19;

function planRows(plan: StepPlan): number {
  return plan.parts.reduce((rows, part) => rows + part.rows, 0);
}

/** The rows of one column of a plan, from part `first` on, in batches. */
export async function* planColumn(
  plan: StepPlan,
  at: number,
  run: Pick<StepRun, 'pause'>,
  first = 0,
  batchRows = BATCH_ROWS,
): AsyncGenerator<Column> {
  for (const part of plan.parts.slice(first)) {
    for (let from = 0; from < part.rows; from += batchRows) {
      await run.pause();
      yield await partRows(part.columns[at], plan.columns[at], from, Math.min(part.rows, from + batchRows));
    }
  }
}

/** Rows `from` to `to` of one column of a part. */
export async function partRows(rows: ColumnRows, column: StepColumn, from: number, to: number): Promise<Column> {
  if (rows === null) return missingColumn(column, to - from);
  if ('make' in rows) return await rows.make(from, to);
  if ('memory' in rows) {
    return rows.index ? takeRows(rows.memory, rows.index.subarray(from, to)) : cutColumn(rows.memory, from, to);
  }
  if ('under' in rows) return await patchedRows(rows, column, from, to);
  if (!rows.index) return await rows.table.slice(rows.column, from, to);
  return await tableRows(rows.table, rows.column, rows.index.subarray(from, to));
}

async function patchedRows(
  { under, rows, by }: PatchedRows,
  column: StepColumn,
  from: number,
  to: number,
): Promise<Column> {
  const piece = await partRows(under, column, from, to);
  const first = firstAtLeast(rows, from);
  const end = firstAtLeast(rows, to);
  if (first === end) return piece;
  const index = Uint32Array.from({ length: piece.length }, (_, row) => row);
  for (let i = first; i < end; i++) index[rows[i] - from] = piece.length + i - first;
  return takeRows(concatColumns([piece, cutColumn(by, first, end)], column), index);
}

/** The first place in ascending `rows` where there is no row below `row`. */
function firstAtLeast(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows that a table's column is made of, where it is only planned and has them from one place. */
export function resolvedRows(rows: ColumnRows): ColumnRows {
  if (rows === null || !('table' in rows) || rows.index) return rows;
  const deeper = rows.table.rowsOf?.(rows.column);
  return deeper === undefined ? rows : resolvedRows(deeper);
}

/** Rows near each other are read as one stretch, scattered ones from the whole column. */
async function tableRows(table: StepTable, name: string, index: Uint32Array): Promise<Column> {
  let first = NO_ROW;
  let last = -1;
  for (const row of index) {
    if (row === NO_ROW) continue;
    if (row < first) first = row;
    if (row > last) last = row;
  }
  if (last < 0) return takeRows(await table.slice(name, 0, 0), index);
  if (last - first >= 4 * index.length + BATCH_ROWS) return takeRows(await table.column(name), index);
  const stretch = await table.slice(name, first, last + 1);
  return takeRows(
    stretch,
    index.map((row) => (row === NO_ROW ? NO_ROW : row - first)),
  );
}

/** A table in memory as a step sees it. */
export function memoryStepTable(
  name: string,
  columns: readonly NamedColumn[],
  units: Readonly<Record<string, string>> = {},
): StepTable {
  const byName = new Map(columns.map((column) => [column.name, column.column]));
  const find = (wanted: string): Column => {
    const column = byName.get(wanted);
    if (!column) throw unknownColumn(name, wanted);
    return column;
  };
  return {
    name,
    rows: columns[0]?.column.length ?? 0,
    columns: columns.map(({ name: own, column }) => ({
      name: own,
      type: column.type,
      unit: units[own],
      zoned: column.type === 'timestamp' ? column.zoned : undefined,
    })),
    column: async (wanted) => find(wanted),
    slice: async (wanted, from, to) => cutColumn(find(wanted), from, to),
  };
}

/** What a plan makes, as a table for the next step: columns are put together when they are asked for. */
export function plannedTable(name: string, plan: StepPlan, run: Pick<StepRun, 'pause'>): StepTable {
  const rows = planRows(plan);
  const whole = new Map<string, Promise<Column>>();
  const slice = async (wanted: string, from: number, to: number): Promise<Column> => {
    const at = plan.columns.findIndex((column) => column.name === wanted);
    if (at < 0) throw unknownColumn(name, wanted);
    const pieces: Column[] = [];
    let start = 0;
    for (const part of plan.parts) {
      const first = Math.max(0, from - start);
      const end = Math.min(part.rows, to - start);
      if (first < end) pieces.push(await partRows(part.columns[at], plan.columns[at], first, end));
      start += part.rows;
    }
    await run.pause();
    return concatColumns(pieces, plan.columns[at]);
  };
  return {
    name,
    rows,
    columns: plan.columns,
    slice,
    rowsOf: (wanted) =>
      plan.parts.length === 1
        ? plan.parts[0].columns[plan.columns.findIndex((column) => column.name === wanted)]
        : undefined,
    column(wanted) {
      let column = whole.get(wanted);
      if (!column) {
        column = slice(wanted, 0, rows);
        whole.set(wanted, column);
      }
      return column;
    },
  };
}

function unknownColumn(table: string, column: string): TableError {
  return new TableError('no-column', `Table '${table}' has no column '${column}'. Choose one of its columns.`, {
    table,
    column,
  });
}

export function columnNamed(table: StepTable, name: string): StepColumn {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw unknownColumn(table.name, name);
  return column;
}
