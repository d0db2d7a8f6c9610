import type { Column, ColumnType } from '@patron/sdk';
import type { Rejects } from './import-options.ts';
import { groupRowsFor, type TableMeta, type TableSource } from './schema.ts';
import { readDictionary } from './store-read.ts';
import type { StoredAbove, StoreWrite } from './store-write.ts';
import { type StoredColumn, storedColumn, type TablesDatabase, type VersionRecord } from './table-database.ts';
import type { ColumnBatch } from './table-reader.ts';
import type { TableSink } from './table-sink.ts';
import type { BegunText } from './text-builder.ts';
import { writeBatches } from './write-batches.ts';

/**
 * A column of a version that is made of another one. With `shared` its rows begin with all those of that column of the basis,
 * whose bytes are not written again; `rows` are those below them, or all where nothing is shared.
 */
export interface PlannedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
  readonly shared?: string;
  rows?(): AsyncIterable<Column>;
}

/** A version that is made of another one. */
export interface PlannedWrite {
  readonly workbook: string;
  readonly name: string;
  readonly tableId?: string;
  readonly basis: TableMeta;
  readonly columns: readonly PlannedColumn[];
  readonly rows: number;
  readonly source: TableSource;
  readonly rejects: Rejects;
}

export interface PlannedRun {
  readonly signal?: AbortSignal;
  /** How much of what is to be written is written, from 0 to 1. */
  readonly onShare?: (share: number) => void;
}

/** Rows of the basis, of one column. */
type ReadBasis = (name: string, start: number, end: number) => Promise<Column>;

/**
 * Writes a plan column by column, so that memory holds one column at the most. What is appended to a column begins at the
 * row group that was not full.
 */
export async function writePlannedColumns(
  database: TablesDatabase,
  write: StoreWrite,
  request: PlannedWrite,
  basis: VersionRecord,
  readBasis: ReadBasis,
  { signal, onShare }: PlannedRun,
): Promise<TableMeta> {
  const { rows, source, rejects, columns } = request;
  const groupRows = groupRowsFor(columns.length);
  const written = columns.filter((column) => column.rows !== undefined).length;
  const stored: StoredColumn[] = [];
  let finished = 0;
  for (const [slot, column] of columns.entries()) {
    const { name, shared } = column;
    const base = shared === undefined ? undefined : storedColumn(basis, basis.meta.name, shared);
    if (!column.rows) {
      if (base) stored.push({ ...base, name });
      continue;
    }
    const groups = base ? Math.floor(basis.meta.rows / groupRows) : 0;
    const above = base && groups > 0 ? { column: base, groups } : undefined;
    const begun = above && (await begunText(database, basis.meta.name, above));
    const rest = shared === undefined ? undefined : await readBasis(shared, groups * groupRows, basis.meta.rows);
    const onRows = (done: number): void => onShare?.((finished + done / Math.max(1, rows)) / written);
    const { built } = await writeBatches(
      { columns: [{ ...column, begun }], batches: batchesOfColumn(rest, column.rows(), onRows) },
      { sink: sinkOf(write.sink, slot, groups), signal, groupRows },
    );
    finished++;
    stored.push(await write.store(name, slot, built[0], above));
  }
  return await write.commit({ rows, groupRows, columns: stored, source, rejects }, signal);
}

async function* batchesOfColumn(
  first: Column | undefined,
  pieces: AsyncIterable<Column>,
  onRows: (done: number) => void,
): AsyncGenerator<ColumnBatch> {
  let done = 0;
  if (first && first.length > 0) yield { rows: first.length, columns: [first] };
  for await (const piece of pieces) {
    yield { rows: piece.length, columns: [piece] };
    done += piece.length;
    onRows(done);
  }
}

/** The sink as the writer of one column sees it: column 0, of which `groups` row groups are there already. */
function sinkOf(sink: TableSink, slot: number, groups: number): TableSink {
  return {
    chunk: (_, group, chunk) => sink.chunk(slot, groups + group, chunk),
    restart: () => sink.restart(slot),
    ready: () => sink.ready(),
  };
}

async function begunText(
  database: TablesDatabase,
  table: string,
  { column, groups }: StoredAbove,
): Promise<BegunText | undefined> {
  const dictionary = await readDictionary(database, table, column);
  if (!dictionary) return undefined;
  const chunks = column.chunks.slice(0, groups);
  return {
    dictionary,
    plain: chunks.some(({ kind }) => kind === 'text'),
    groups,
    present: chunks.reduce((sum, { rows, missing }) => sum + rows - missing, 0),
  };
}
