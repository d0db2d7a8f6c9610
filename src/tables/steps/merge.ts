import { type CellValue, type Column, textAt, valueAt } from '@patron/sdk';
import { TableError } from '../table-error.ts';
import { commonType, rowsAs } from './append-step.ts';
import { duplicateKeys, refuseDifferentKinds } from './join-step.ts';
import { firstRows, rowKeys } from './row-keys.ts';
import type { MergeRule } from './step.ts';
import {
  type ColumnRows,
  columnNamed,
  concatColumns,
  type PlanColumn,
  partRows,
  type StepPlan,
  type StepRun,
  type StepTable,
} from './step-table.ts';
import { NO_ROW } from './take-rows.ts';

export interface CellChange {
  readonly row: number;
  readonly key: string;
  readonly column: string;
  readonly before: CellValue;
  readonly after: CellValue;
}

export interface MergePlan extends StepPlan {
  /** The first cells that change. */
  readonly changes: readonly CellChange[];
  /** Where each incoming row went; `NO_ROW` where it was left out. */
  readonly places: Uint32Array;
}

const MOST_CHANGES = 50;

/**
 * Brings incoming rows into a table by key: rows whose key is there give it their values, others are put below. `incoming` has
 * its columns under the table's names already. A row without a value in a key column is always a new one.
 * @throws TableError where a key is there more than once, naming it.
 */
export async function planMerge(
  table: StepTable,
  incoming: StepTable,
  rule: Pick<MergeRule, 'keys' | 'mode' | 'blanks'>,
  run: StepRun,
): Promise<MergePlan> {
  if (rule.keys.length === 0) {
    throw new TableError('bad-option', `Choose the column that tells the rows of '${table.name}' apart.`, {
      table: table.name,
    });
  }
  const keys: Column[] = [];
  const newKeys: Column[] = [];
  for (const name of rule.keys) {
    refuseDifferentKinds(columnNamed(table, name), columnNamed(incoming, name), incoming.name);
    keys.push(await table.column(name));
    newKeys.push(await incoming.column(name));
    await run.pause();
  }
  const { codes, count } = await rowKeys([keys, newKeys], 'no-key', () => run.pause());
  const fresh = firstRows(codes[1], count);
  if (fresh.repeats > 0) throw duplicateKeys(incoming.name, newKeys, fresh.repeated, fresh.repeats);
  const known = firstRows(codes[0], count);
  if (rule.mode !== 'create' && known.repeats > 0) throw duplicateKeys(table.name, keys, known.repeated, known.repeats);
  await run.pause();

  // For each row of the table the incoming row of its key, and for each incoming row where it goes.
  const update = new Uint32Array(table.rows).fill(NO_ROW);
  const places = new Uint32Array(incoming.rows).fill(NO_ROW);
  const additions: number[] = [];
  let matched = 0;
  for (let row = 0; row < incoming.rows; row++) {
    const code = codes[1][row];
    const old = code < 0 ? -1 : known.first[code];
    if (old >= 0) {
      matched++;
      if (rule.mode !== 'create') {
        update[old] = row;
        places[row] = old;
      }
    } else if (rule.mode !== 'update') {
      places[row] = table.rows + additions.length;
      additions.push(row);
    }
  }
  const added = Uint32Array.from(additions);

  const changedRows = new Uint8Array(table.rows);
  const changes: CellChange[] = [];
  const columns: PlanColumn[] = [];
  const above: ColumnRows[] = [];
  const below: ColumnRows[] = [];
  for (const name of new Set([...table.columns, ...incoming.columns].map((column) => column.name))) {
    const old = table.columns.find((column) => column.name === name);
    const more = incoming.columns.find((column) => column.name === name);
    if (!more && old) {
      columns.push({ ...old, was: name });
      above.push({ table, column: name });
      below.push(null);
      continue;
    }
    if (!more) continue;
    const wanted: PlanColumn = old
      ? { ...old, ...commonType(old, more), unit: old.unit ?? more.unit, was: name }
      : more;
    columns.push(wanted);
    const addedRows = rowsAs(incoming, wanted);
    const newColumn = await partRows(addedRows, wanted, 0, incoming.rows);
    below.push({ memory: newColumn, index: added });
    if (rule.mode === 'create' || (rule.keys.includes(name) && old)) {
      above.push(rowsAs(table, wanted));
      continue;
    }
    const oldColumn = await partRows(rowsAs(table, wanted), wanted, 0, table.rows);
    await run.pause();
    const own = await rowKeys([[oldColumn], [newColumn]], 'no-key', () => run.pause());
    const index = new Uint32Array(table.rows);
    let changedCells = 0;
    for (let row = 0; row < index.length; row++) {
      const from = update[row];
      index[row] = row;
      if (from === NO_ROW) continue;
      const before = own.codes[0][row];
      const after = own.codes[1][from];
      if (before === after || (after < 0 && rule.blanks !== 'clear')) continue;
      index[row] = table.rows + from;
      changedCells++;
      changedRows[row] = 1;
      if (changes.length < MOST_CHANGES) {
        const key = keys.map((column) => textAt(column, row) ?? '').join(' · ');
        changes.push({ row, key, column: name, before: valueAt(oldColumn, row), after: valueAt(newColumn, from) });
      }
    }
    above.push(
      changedCells === 0 ? rowsAs(table, wanted) : { memory: concatColumns([oldColumn, newColumn], wanted), index },
    );
    await run.pause();
  }
  let rowsChanged = 0;
  for (const mark of changedRows) rowsChanged += mark;
  const parts = [{ rows: table.rows, columns: above }];
  if (added.length > 0) parts.push({ rows: added.length, columns: below });
  return {
    columns,
    parts,
    counts: {
      rowsBefore: table.rows,
      rowsAfter: table.rows + added.length,
      rowsChanged,
      rejects: 0,
      matched,
      unmatched: incoming.rows - matched,
      added: added.length,
      unchanged: matched - rowsChanged,
    },
    origin: 'same',
    changes,
    places,
  };
}
