import { filterMatcher } from '../row-filter.ts';
import { sortIndex } from '../row-order.ts';
import { TableError } from '../table-error.ts';
import { NO_KEY, rowKeys } from './row-keys.ts';
import type { DistinctStep, FilterStep, RenameStep, SortStep } from './step.ts';
import { columnNamed, type StepPlan, type StepRun, type StepTable } from './step-table.ts';

const ROWS_AT_A_TIME = 1 << 20;

export async function planFilter(table: StepTable, step: FilterStep, run: StepRun): Promise<StepPlan> {
  const keeps = new Uint8Array(table.rows).fill(1);
  for (const filter of step.filters) {
    columnNamed(table, filter.column);
    const matches = filterMatcher(await table.column(filter.column), filter);
    for (let from = 0; from < table.rows; from += ROWS_AT_A_TIME) {
      matches(keeps, from, Math.min(table.rows, from + ROWS_AT_A_TIME));
      await run.pause();
    }
  }
  return keptRows(table, rowsWhere(keeps));
}

export async function planSort(table: StepTable, step: SortStep, run: StepRun): Promise<StepPlan> {
  let index = new Uint32Array(table.rows);
  for (let row = 0; row < index.length; row++) index[row] = row;
  for (const { column, descending = false } of [...step.keys].reverse()) {
    columnNamed(table, column);
    index = await sortIndex(index, await table.column(column), descending, step.locale ?? 'en', () => run.pause());
  }
  let moved = 0;
  for (let row = 0; row < index.length; row++) if (index[row] !== row) moved++;
  const plan = keptRows(table, index);
  return { ...plan, counts: { ...plan.counts, rowsChanged: moved } };
}

export async function planDistinct(table: StepTable, step: DistinctStep, run: StepRun): Promise<StepPlan> {
  const names = step.columns && step.columns.length > 0 ? step.columns : table.columns.map(({ name }) => name);
  const columns = [];
  for (const name of names) {
    columnNamed(table, name);
    columns.push(await table.column(name));
    await run.pause();
  }
  const { codes, count } = await rowKeys([columns], 'a-value', () => run.pause());
  const [own] = codes;
  const chosen = new Int32Array(count).fill(NO_KEY);
  const keepLast = step.keep === 'last';
  for (let row = 0; row < own.length; row++) if (keepLast || chosen[own[row]] < 0) chosen[own[row]] = row;
  const keeps = new Uint8Array(table.rows);
  for (const row of chosen) if (row >= 0) keeps[row] = 1;
  return keptRows(table, rowsWhere(keeps));
}

export function planRename(table: StepTable, step: RenameStep): StepPlan {
  for (const name of Object.keys(step.names)) columnNamed(table, name);
  const columns = table.columns.map((column) => {
    const name = (Object.hasOwn(step.names, column.name) ? step.names[column.name] : column.name).trim();
    if (name === '') {
      throw new TableError('bad-option', `Column '${column.name}' needs a name.`, { column: column.name });
    }
    return { ...column, name, was: column.name };
  });
  refuseSameNames(columns.map(({ name }) => name));
  return {
    columns,
    parts: [{ rows: table.rows, columns: table.columns.map(({ name }) => ({ table, column: name })) }],
    counts: { rowsBefore: table.rows, rowsAfter: table.rows, rowsChanged: 0, rejects: 0 },
    origin: 'same',
  };
}

/** @throws TableError where two columns would have one name. */
function refuseSameNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new TableError(
        'bad-option',
        `Two columns would be called '${name}'. Choose another name for one of them.`,
        {
          column: name,
        },
      );
    }
    seen.add(name);
  }
}

/** The plan that keeps the columns and takes these rows. */
export function keptRows(table: StepTable, index: Uint32Array): StepPlan {
  return {
    columns: table.columns.map((column) => ({ ...column, was: column.name })),
    parts: [{ rows: index.length, columns: table.columns.map(({ name }) => ({ table, column: name, index })) }],
    counts: { rowsBefore: table.rows, rowsAfter: index.length, rowsChanged: 0, rejects: 0 },
    origin: index,
  };
}

/** The rows marked with something other than 0. */
function rowsWhere(marks: Uint8Array): Uint32Array<ArrayBuffer> {
  let count = 0;
  for (let row = 0; row < marks.length; row++) if (marks[row] !== 0) count++;
  const index = new Uint32Array(count);
  for (let row = 0, at = 0; row < marks.length; row++) if (marks[row] !== 0) index[at++] = row;
  return index;
}
