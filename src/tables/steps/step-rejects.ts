import { type Column, integerColumn, numberAt, stringColumn, textAt, validityOf } from '@patron/sdk';
import type { RejectReason, Rejects } from '../import-options.ts';
import type { StepPlan } from './step-table.ts';

/** A reject as it is kept; `row` where it is known which row of the table it left a cell of empty. */
export interface KeptReject {
  readonly line: number;
  readonly column: string | null;
  readonly raw: string;
  readonly reason: RejectReason;
  readonly row: number | null;
}

const MOST_KEPT = 100_000;
const noRejects: Rejects = { count: 0, byReason: {}, columns: [], rows: 0 };

/** The rejects that are kept, one by one. */
export function keptRejects({ columns, rows }: Rejects): KeptReject[] {
  const named = (name: string): Column | undefined => columns.find((column) => column.name === name)?.column;
  const [line, column, raw, reason, row] = ['line', 'column', 'raw', 'reason', 'row'].map(named);
  return Array.from({ length: rows }, (_, i) => {
    const place = row ? numberAt(row, i) : Number.NaN;
    return {
      line: line ? numberAt(line, i) : 0,
      column: column ? textAt(column, i) : null,
      raw: (raw && textAt(raw, i)) ?? '',
      reason: ((reason && textAt(reason, i)) ?? 'not-a-number') as RejectReason,
      row: Number.isNaN(place) ? null : place,
    };
  });
}

/** Rejects as a table. `uncounted`: how many more there were than are kept. */
export function rejectsTable(kept: readonly KeptReject[], uncounted = 0): Rejects {
  const byReason: Partial<Record<RejectReason, number>> = {};
  for (const { reason } of kept) byReason[reason] = (byReason[reason] ?? 0) + 1;
  const shown = kept.slice(0, MOST_KEPT);
  const count = kept.length + uncounted;
  if (shown.length === 0) return { ...noRejects, count };
  const rows: Column = {
    type: 'integer',
    length: shown.length,
    values: Uint32Array.from(shown, ({ row }) => row ?? 0),
    validity: validityOf(shown.length, (i) => shown[i].row !== null),
  };
  return {
    count,
    byReason,
    rows: shown.length,
    columns: [
      { name: 'line', column: integerColumn(Uint32Array.from(shown, ({ line }) => line)) },
      { name: 'column', column: stringColumn(shown.map(({ column }) => column)) },
      { name: 'raw', column: stringColumn(shown.map(({ raw }) => raw)) },
      { name: 'reason', column: stringColumn(shown.map(({ reason }) => reason)) },
      { name: 'row', column: rows },
    ],
  };
}

/**
 * The rejects of the result: those of the table whose row and column are still there, under their new place and name, and those
 * of the step itself.
 */
export function carriedRejects(before: Rejects, plan: StepPlan): Rejects {
  const own = (plan.rejects ?? []).map((reject) => ({ ...reject, line: reject.row + 1 }));
  if (before.rows === 0 && own.length === 0) return { ...noRejects, count: before.count };
  const names = new Map(plan.columns.flatMap(({ was, name }) => (was === undefined ? [] : [[was, name] as const])));
  const known = keptRejects(before);
  const place = known.length > 0 && plan.origin !== 'same' ? placesOf(plan.origin, known) : undefined;
  const carried: KeptReject[] = [];
  for (const reject of known) {
    const column = reject.column === null ? null : names.get(reject.column);
    if (column === undefined) continue;
    const row = reject.row === null || !place ? reject.row : place.get(reject.row);
    if (row !== undefined) carried.push({ ...reject, column, row });
  }
  return rejectsTable([...carried, ...own], before.count - before.rows);
}

/** Where the rows of the rejects went. */
function placesOf(origin: Uint32Array, rejects: readonly KeptReject[]): ReadonlyMap<number, number> {
  const asked = new Set(rejects.map(({ row }) => row));
  const places = new Map<number, number>();
  for (let row = 0; row < origin.length; row++) if (asked.has(origin[row])) places.set(origin[row], row);
  return places;
}
