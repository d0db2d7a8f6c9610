import type { Column, ColumnType } from '@patron/sdk';
import { gatherRows } from '../gather-rows.ts';
import type { NamedColumn, RejectReason } from '../import-options.ts';
import { sliceColumn } from '../slice-column.ts';
import { TableError } from '../table-error.ts';
import type { ColumnBatch } from '../table-reader.ts';
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
 * rows computed when they are asked for; or nowhere (null): no values.
 */
export type ColumnRows =
  | { readonly table: StepTable; readonly column: string; readonly index?: Uint32Array }
  | { readonly memory: Column; readonly index?: Uint32Array }
  | { make(from: number, to: number): Promise<Column> }
  | null;

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

export function planRows(plan: StepPlan): number {
  return plan.parts.reduce((rows, part) => rows + part.rows, 0);
}

/** The rows of a plan, in batches; only the columns for which `wanted` holds. */
export async function* planBatches(
  plan: StepPlan,
  run: Pick<StepRun, 'pause'>,
  wanted: (column: PlanColumn) => boolean = () => true,
  batchRows = BATCH_ROWS,
): AsyncGenerator<ColumnBatch> {
  for (const part of plan.parts) {
    for (let from = 0; from < part.rows; from += batchRows) {
      const to = Math.min(part.rows, from + batchRows);
      const columns: Column[] = [];
      for (const [i, column] of plan.columns.entries()) {
        if (wanted(column)) columns.push(await partRows(part.columns[i], column, from, to));
        await run.pause();
      }
      yield { rows: to - from, columns };
    }
  }
}

/** Rows `from` to `to` of one column of a part. */
export async function partRows(rows: ColumnRows, column: StepColumn, from: number, to: number): Promise<Column> {
  if (rows === null) return missingColumn(column, to - from);
  if ('make' in rows) return await rows.make(from, to);
  if ('memory' in rows) {
    return rows.index ? takeRows(rows.memory, rows.index.subarray(from, to)) : sliceColumn(rows.memory, from, to);
  }
  if (!rows.index) return await rows.table.slice(rows.column, from, to);
  return await tableRows(rows.table, rows.column, rows.index.subarray(from, to));
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

/** A column without a value in any row. */
export function missingColumn({ type, zoned = false }: StepColumn, length: number): Column {
  const validity = new Uint8Array((length + 7) >> 3);
  const values = new Uint8Array(length);
  switch (type) {
    case 'string': {
      const dictionary = { offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
      return { type, layout: 'dictionary', length, codes: values, dictionary, validity };
    }
    case 'number':
      return { type, length, values, scale: 10, validity };
    case 'timestamp':
      return { type, length, values, unit: 60_000, zoned, validity };
    default:
      return { type, length, values, validity };
  }
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
    slice: async (wanted, from, to) => sliceColumn(find(wanted), from, to),
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

export function unknownColumn(table: string, column: string): TableError {
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

/** Columns of one type one below the other. */
export function concatColumns(pieces: readonly Column[], column: StepColumn): Column {
  if (pieces.length === 0) return missingColumn(column, 0);
  if (pieces.length === 1) return pieces[0];
  const length = pieces.reduce((rows, piece) => rows + piece.length, 0);
  const validity = concatValidity(pieces, length);
  const [first] = pieces;
  if (first.type === 'string') return { ...concatTexts(pieces, length), validity };
  const values = new Float64Array(length);
  const { factor, doubles } = commonFactor(pieces);
  let at = 0;
  for (const piece of pieces) {
    if (piece.type === 'string') throw new TypeError('Texts were put below numbers.');
    const own =
      piece.type === 'number'
        ? doubles
          ? 1 / piece.scale
          : factor / piece.scale
        : piece.type === 'timestamp'
          ? piece.unit / factor
          : 1;
    const divisor = doubles && piece.type === 'number' ? piece.scale : 0;
    for (let i = 0; i < piece.length; i++) values[at + i] = divisor ? piece.values[i] / divisor : piece.values[i] * own;
    at += piece.length;
  }
  if (first.type === 'number') return { type: 'number', length, values, scale: doubles ? 1 : factor, validity };
  if (first.type === 'timestamp') return { ...first, length, values, unit: factor as 1 | 1000 | 60000, validity };
  if (first.type === 'boolean') return { ...first, length, values: Uint8Array.from(values), validity };
  return { ...first, length, values, validity } as Column;
}

/** The scale or unit in which all the pieces' values are whole numbers; doubles where there is none. */
function commonFactor(pieces: readonly Column[]): { factor: number; doubles: boolean } {
  const scales = pieces.flatMap((piece) => (piece.type === 'number' ? [piece.scale] : []));
  if (scales.length > 0) return { factor: Math.max(...scales), doubles: scales.includes(1) };
  const units = pieces.flatMap((piece) => (piece.type === 'timestamp' ? [piece.unit] : []));
  return { factor: units.length > 0 ? Math.min(...units) : 1, doubles: false };
}

function concatTexts(pieces: readonly Column[], length: number): Column {
  const vectors = pieces.map((piece) => {
    if (piece.type !== 'string') throw new TypeError('Numbers were put below texts.');
    if (piece.layout === 'plain') return piece.text;
    const every = Uint32Array.from({ length: piece.length }, (_, row) =>
      isMissing(piece, row) ? NO_ROW : piece.codes[row],
    );
    const words: Column = {
      type: 'string',
      layout: 'plain',
      length: piece.dictionary.offsets.length - 1,
      text: piece.dictionary,
    };
    const spelled = every.some((code) => code === NO_ROW) ? takeRows(words, every) : gatherRows(words, every);
    return (spelled as Column & { layout: 'plain'; type: 'string' }).text;
  });
  const text = {
    offsets: new Uint32Array(length + 1),
    bytes: new Uint8Array(vectors.reduce((bytes, vector) => bytes + vector.offsets[vector.offsets.length - 1], 0)),
  };
  let row = 0;
  let end = 0;
  for (const { offsets, bytes } of vectors) {
    const size = offsets[offsets.length - 1];
    text.bytes.set(bytes.subarray(0, size), end);
    for (let i = 1; i < offsets.length; i++) text.offsets[row + i] = end + offsets[i];
    row += offsets.length - 1;
    end += size;
  }
  return { type: 'string', layout: 'plain', length, text };
}

function isMissing({ validity }: Column, row: number): boolean {
  return validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0;
}

function concatValidity(pieces: readonly Column[], length: number): Uint8Array | undefined {
  if (pieces.every((piece) => piece.validity === undefined)) return undefined;
  const bitmap = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++, at++) if (!isMissing(piece, i)) bitmap[at >> 3] |= 1 << (at & 7);
  }
  return bitmap;
}
