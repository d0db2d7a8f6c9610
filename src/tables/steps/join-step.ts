import { type Column, type ColumnType, textAt } from '@patron/sdk';
import { TableError } from '../table-error.ts';
import { firstRows, rowKeys } from './row-keys.ts';
import { keptRows } from './row-steps.ts';
import type { JoinStep } from './step.ts';
import { columnNamed, type PlanColumn, type StepPlan, type StepRun, type StepTable } from './step-table.ts';
import { NO_ROW } from './take-rows.ts';

export async function planJoin(table: StepTable, step: JoinStep, run: StepRun): Promise<StepPlan> {
  const other = await run.table(step.table);
  if (step.keys.length === 0) {
    throw new TableError('bad-option', `Choose the column that '${table.name}' and '${other.name}' share.`, {});
  }
  const left: Column[] = [];
  const right: Column[] = [];
  for (const key of step.keys) {
    refuseDifferentKinds(columnNamed(table, key.left), columnNamed(other, key.right), other.name);
    left.push(await table.column(key.left));
    right.push(await other.column(key.right));
    await run.pause();
  }
  const { codes, count } = await rowKeys([right, left], 'no-key', () => run.pause(), 'first-table');
  const [known, looked] = codes;
  const { first, repeats, repeated } = firstRows(known, count);
  if (step.how !== 'anti' && step.duplicates !== 'first' && repeats > 0) {
    throw duplicateKeys(other.name, right, repeated, repeats);
  }
  await run.pause();
  const found = new Uint32Array(table.rows);
  let matched = 0;
  for (let row = 0; row < found.length; row++) {
    const code = looked[row];
    const match = code < 0 ? -1 : first[code];
    found[row] = match < 0 ? NO_ROW : match;
    if (match >= 0) matched++;
  }
  const counts = { matched, unmatched: table.rows - matched };
  if (step.how === 'anti') {
    const plan = keptRows(table, rowsOf(found, false));
    return { ...plan, counts: { ...plan.counts, ...counts } };
  }
  const index = step.how === 'inner' && matched < table.rows ? rowsOf(found, true) : undefined;
  const lookedUp = index ? index.map((row) => found[row]) : found;
  const rows = index ? index.length : table.rows;
  const names =
    step.columns ??
    other.columns.map(({ name }) => name).filter((name) => !step.keys.some(({ right: key }) => key === name));
  const taken = new Set(table.columns.map(({ name }) => name));
  const added = names.map(
    (name): PlanColumn => ({ ...columnNamed(other, name), name: freeName(name, other.name, taken) }),
  );
  return {
    columns: [...table.columns.map((column) => ({ ...column, was: column.name })), ...added],
    parts: [
      {
        rows,
        columns: [
          ...table.columns.map(({ name }) => ({ table, column: name, index })),
          ...names.map((column) => ({ table: other, column, index: lookedUp })),
        ],
      },
    ],
    counts: {
      rowsBefore: table.rows,
      rowsAfter: rows,
      rowsChanged: names.length > 0 ? matched : 0,
      rejects: 0,
      ...counts,
    },
    origin: index ?? 'same',
  };
}

function rowsOf(found: Uint32Array, wanted: boolean): Uint32Array {
  let count = 0;
  for (let row = 0; row < found.length; row++) if ((found[row] !== NO_ROW) === wanted) count++;
  const index = new Uint32Array(count);
  for (let row = 0, at = 0; row < found.length; row++) if ((found[row] !== NO_ROW) === wanted) index[at++] = row;
  return index;
}

/** The name, with the table's behind it where it is taken. */
function freeName(name: string, table: string, taken: Set<string>): string {
  let free = name;
  for (let number = 1; taken.has(free); number++)
    free = number === 1 ? `${name} (${table})` : `${name} (${table} ${number})`;
  taken.add(free);
  return free;
}

/** Whether equal values of both types mean the same. */
function areComparable(a: ColumnType, b: ColumnType): boolean {
  const family = (type: ColumnType): string => (type === 'integer' ? 'number' : type);
  return family(a) === family(b);
}

export function refuseDifferentKinds(
  left: { name: string; type: ColumnType },
  right: { name: string; type: ColumnType },
  other: string,
): void {
  if (areComparable(left.type, right.type)) return;
  throw new TableError(
    'different-types',
    `'${left.name}' holds ${left.type} values and '${right.name}' of '${other}' holds ${right.type} values, so they never agree. Change the type of one of them first.`,
    { left: left.name, leftType: left.type, right: right.name, rightType: right.type, table: other },
  );
}

/** Keys that should occur once but do not, some of them by name. */
export function duplicateKeys(
  table: string,
  keys: readonly Column[],
  repeated: readonly number[],
  repeats: number,
): TableError {
  const shown = repeated.map((row) => keys.map((column) => textAt(column, row) ?? '').join(' · ')).join(', ');
  return new TableError(
    'duplicate-keys',
    `'${table}' has some keys more than once (${repeats} rows too many), such as ${shown}. Add a key column, or remove the duplicates first.`,
    { table, repeats, keys: shown },
  );
}
