import type { Column, ColumnType } from '@patron/sdk';
import { columnAs, textColumn } from './column-as.ts';
import type { AppendStep } from './step.ts';
import type { ColumnRows, PlanColumn, StepColumn, StepPlan, StepRun, StepTable } from './step-table.ts';

/** Columns are matched by name; where types differ, both become the narrowest type that holds both, in the end text. */
export async function planAppend(table: StepTable, step: AppendStep, run: StepRun): Promise<StepPlan> {
  const others: StepTable[] = [];
  for (const id of step.tables) others.push(await run.table(id));
  return planRowsBelow(table, others);
}

/** The rows of other tables below those of one. */
export function planRowsBelow(table: StepTable, others: readonly StepTable[]): StepPlan {
  const all = [table, ...others];
  const columns: PlanColumn[] = [];
  for (const each of all) {
    for (const column of each.columns) {
      const at = columns.findIndex(({ name }) => name === column.name);
      if (at < 0) columns.push({ ...column });
      else columns[at] = { ...columns[at], ...commonType(columns[at], column), unit: columns[at].unit ?? column.unit };
    }
  }
  const rowsAfter = all.reduce((rows, each) => rows + each.rows, 0);
  return {
    columns: columns.map((column) => ({
      ...column,
      was: table.columns.find(({ name }) => name === column.name)?.name,
    })),
    parts: all.map((each) => ({ rows: each.rows, columns: columns.map((column) => rowsAs(each, column)) })),
    counts: { rowsBefore: table.rows, rowsAfter, rowsChanged: 0, rejects: 0, added: rowsAfter - table.rows },
    origin: 'same',
  };
}

/** The type of a column that holds the values of both. */
export function commonType(a: StepColumn, b: StepColumn): { type: ColumnType; zoned?: boolean } {
  if (a.type === b.type && (a.type !== 'timestamp' || a.zoned === b.zoned)) return { type: a.type, zoned: a.zoned };
  const types = new Set([a.type, b.type]);
  if (types.size === 2 && types.has('integer') && types.has('number')) return { type: 'number' };
  const wallClock = (column: StepColumn): boolean =>
    column.type === 'date' || (column.type === 'timestamp' && !column.zoned);
  if (wallClock(a) && wallClock(b)) return { type: 'timestamp', zoned: false };
  return { type: 'string' };
}

/** The rows of a table's column as another type that holds them all. */
export function rowsAs(table: StepTable, wanted: StepColumn): ColumnRows {
  const own = table.columns.find(({ name }) => name === wanted.name);
  if (!own) return null;
  const same = own.type === wanted.type && (own.type !== 'timestamp' || own.zoned === wanted.zoned);
  if (same) return { table, column: own.name };
  return { make: async (from, to) => widened(await table.slice(own.name, from, to), wanted.type) };
}

function widened(column: Column, type: ColumnType): Column {
  return type === 'string' ? textColumn(column) : columnAs(column, type, 'day-month').column;
}
