import { isPresent, stringColumn } from '@patron/sdk';
import type { Rejects } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { columnAs } from './column-as.ts';
import type { CellFix } from './step.ts';
import { type KeptReject, keptRejects, rejectsTable } from './step-rejects.ts';
import { type ColumnRows, columnNamed, type StepPlan, type StepRun, type StepTable } from './step-table.ts';
import { takeRows } from './take-rows.ts';

export interface FixPlan extends StepPlan {
  /** What is still set aside. */
  readonly left: Rejects;
  readonly fixed: number;
}

/**
 * Puts corrected texts back into the cells they came from, read as the column's type. What still does not fit stays a reject,
 * with its new text; a blank text settles that the cell has no value.
 * @throws TableError `no-row` where it is not known which row a reject belongs to.
 */
export async function planFixes(
  table: StepTable,
  rejects: Rejects,
  fixes: readonly CellFix[],
  run: StepRun,
): Promise<FixPlan> {
  const kept = keptRejects(rejects);
  const wanted = new Map(fixes.map(({ reject, text }) => [reject, text]));
  const left = new Map<number, KeptReject>(kept.map((reject, i) => [i, reject]));
  const columns: ColumnRows[] = [];
  const changedRows = new Set<number>();
  for (const { name } of table.columns) {
    const own = kept.flatMap((reject, i) => (reject.column === name && wanted.has(i) ? [i] : []));
    if (own.length === 0) {
      columns.push({ table, column: name });
      continue;
    }
    await run.pause();
    const rows = own.some((i) => kept[i].row === null)
      ? rowsByOrder(kept, rejects, name, await table.column(name), table.name)
      : undefined;
    const texts = own.map((i) => (wanted.get(i) ?? '').trim());
    const { column: values, rejects: bad } = columnAs(
      stringColumn(texts.map((text) => (text === '' ? null : text))),
      columnNamed(table, name).type,
      'day-month',
    );
    const misfits = new Map(bad.map((reject) => [reject.row, reject]));
    const fitting = new Map<number, number>();
    for (const [at, i] of own.entries()) {
      const row = kept[i].row ?? rows?.get(i);
      if (row === undefined || row >= table.rows) throw unknownRow(table.name, kept[i]);
      const misfit = misfits.get(at);
      if (misfit) left.set(i, { ...kept[i], row, raw: texts[at], reason: misfit.reason });
      else {
        left.delete(i);
        if (texts[at] === '') continue;
        fitting.set(row, at);
        changedRows.add(row);
      }
    }
    const order = Uint32Array.from(fitting.keys()).sort();
    const by = takeRows(
      values,
      order.map((row) => fitting.get(row) ?? 0),
    );
    columns.push({ under: { table, column: name }, rows: order, by });
  }
  const fixed = kept.length - left.size;
  return {
    columns: table.columns.map((column) => ({ ...column, was: column.name })),
    parts: [{ rows: table.rows, columns }],
    counts: { rowsBefore: table.rows, rowsAfter: table.rows, rowsChanged: changedRows.size, rejects: left.size },
    origin: 'same',
    left: rejectsTable([...left.values()], rejects.count - rejects.rows),
    fixed,
  };
}

/** Rejects leave their cells empty in order, so where a column has as many rejects as empty cells, they belong together. */
function rowsByOrder(
  kept: readonly KeptReject[],
  rejects: Rejects,
  name: string,
  column: Parameters<typeof isPresent>[0],
  table: string,
): ReadonlyMap<number, number> {
  const own = kept.flatMap((reject, i) => (reject.column === name ? [i] : []));
  const empty: number[] = [];
  for (let row = 0; row < column.length && empty.length <= own.length; row++)
    if (!isPresent(column, row)) empty.push(row);
  if (empty.length !== own.length || rejects.count !== rejects.rows) throw unknownRow(table, kept[own[0]]);
  return new Map(own.map((i, at) => [i, empty[at]]));
}

function unknownRow(table: string, { raw, line }: KeptReject): TableError {
  return new TableError(
    'no-row',
    `It is not known which row of '${table}' the value '${raw}' of line ${line} belongs to. Correct it in the file and import that again.`,
    { table, raw, line },
  );
}
