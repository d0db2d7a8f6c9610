import { type CellValue, type Column, textAt, valueAt } from '@patron/sdk';
import { TableError } from '../table-error.ts';
import { commonType, planRowsBelow, rowsAs } from './append-step.ts';
import { duplicateKeys, refuseDifferentKinds } from './join-step.ts';
import { firstRows, rowKeys } from './row-keys.ts';
import type { MergeRule } from './step.ts';
import {
  type ColumnRows,
  columnNamed,
  type PlanColumn,
  partRows,
  type StepPlan,
  type StepRun,
  type StepTable,
} from './step-table.ts';
import { NO_ROW, takeRows } from './take-rows.ts';

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
 * its columns under the table's names already. A row without a value in a key column is always a new one. To append needs no
 * key: every row is a new one.
 * @throws TableError where a key of the incoming rows is in one of both more than once, naming it.
 */
export async function planMerge(
  table: StepTable,
  incoming: StepTable,
  rule: Pick<MergeRule, 'keys' | 'mode' | 'blanks'>,
  run: StepRun,
): Promise<MergePlan> {
  if (rule.mode === 'append') {
    const places = Uint32Array.from({ length: incoming.rows }, (_, row) => table.rows + row);
    return { ...planRowsBelow(table, [incoming]), changes: [], places };
  }
  const keyed = await matchRows(table, incoming, rule, run);
  const { matched, updates, added, places } = keyed;
  const changedRows = new Uint8Array(updates.length);
  const changes: CellChange[] = [];
  const columns: PlanColumn[] = [];
  const above: ColumnRows[] = [];
  const below: ColumnRows[] = [];
  const sources = Uint32Array.from(updates, ({ from }) => from);
  const targets = Uint32Array.from(updates, ({ row }) => row);
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
    const newColumn = await partRows(rowsAs(incoming, wanted), wanted, 0, incoming.rows);
    below.push({ memory: newColumn, index: added });
    const under = rowsAs(table, wanted);
    if (rule.mode === 'create' || (rule.keys.includes(name) && old) || updates.length === 0) {
      above.push(under);
      continue;
    }
    await run.pause();
    const before = await rowsAt(under, wanted, targets);
    const after = takeRows(newColumn, sources);
    const own = await rowKeys([[before], [after]], 'no-key', () => run.pause());
    const differing: number[] = [];
    for (let i = 0; i < updates.length; i++) {
      const value = own.codes[1][i];
      if (own.codes[0][i] === value || (value < 0 && rule.blanks !== 'clear')) continue;
      differing.push(i);
      changedRows[i] = 1;
      if (changes.length < MOST_CHANGES) {
        const key = keyed.keyOf(sources[i]);
        const row = targets[i];
        changes.push({ row, key, column: name, before: valueAt(before, i), after: valueAt(after, i) });
      }
    }
    if (differing.length === 0) above.push(under);
    else {
      const which = Uint32Array.from(differing);
      above.push({ under, rows: which.map((i) => targets[i]), by: takeRows(after, which) });
    }
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

/** Which incoming row belongs to which row of the table. */
interface MatchedRows {
  readonly matched: number;
  /** Rows of the table, in order, with the incoming row that each is to have its values from. */
  readonly updates: readonly { readonly row: number; readonly from: number }[];
  /** The incoming rows that are put below. */
  readonly added: Uint32Array;
  readonly places: Uint32Array;
  /** The key of an incoming row as it is shown. */
  keyOf(row: number): string;
}

async function matchRows(
  table: StepTable,
  incoming: StepTable,
  { keys, mode }: Pick<MergeRule, 'keys' | 'mode'>,
  run: StepRun,
): Promise<MatchedRows> {
  if (keys.length === 0) {
    throw new TableError('bad-option', `Choose the column that tells the rows of '${table.name}' apart.`, {
      table: table.name,
    });
  }
  const own: Column[] = [];
  const others: Column[] = [];
  for (const name of keys) {
    refuseDifferentKinds(columnNamed(table, name), columnNamed(incoming, name), incoming.name);
    own.push(await table.column(name));
    others.push(await incoming.column(name));
    await run.pause();
  }
  const { codes, count } = await rowKeys([others, own], 'no-key', () => run.pause(), 'first-table');
  const [asked, there] = codes;
  const fresh = firstRows(asked, count);
  if (fresh.repeats > 0) throw duplicateKeys(incoming.name, others, fresh.repeated, fresh.repeats);
  const known = firstRows(there, count);
  if (mode !== 'create' && known.repeats > 0) throw duplicateKeys(table.name, own, known.repeated, known.repeats);
  await run.pause();
  const places = new Uint32Array(incoming.rows).fill(NO_ROW);
  const updates: { row: number; from: number }[] = [];
  const added: number[] = [];
  let matched = 0;
  for (let from = 0; from < incoming.rows; from++) {
    const row = asked[from] < 0 ? -1 : known.first[asked[from]];
    if (row >= 0) {
      matched++;
      if (mode === 'create') continue;
      updates.push({ row, from });
      places[from] = row;
    } else if (mode !== 'update') {
      places[from] = table.rows + added.length;
      added.push(from);
    }
  }
  updates.sort((a, b) => a.row - b.row);
  const keyOf = (row: number): string => others.map((column) => textAt(column, row) ?? '').join(' · ');
  return { matched, updates, added: Uint32Array.from(added), places, keyOf };
}

/** The values of some rows, which are in order. */
async function rowsAt(rows: ColumnRows, column: PlanColumn, index: Uint32Array): Promise<Column> {
  if (rows !== null && 'table' in rows && !rows.index) {
    return await partRows({ ...rows, index }, column, 0, index.length);
  }
  const last = index[index.length - 1];
  return takeRows(await partRows(rows, column, 0, last + 1), index);
}
