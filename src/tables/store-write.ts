import type { StringVector } from '@patron/sdk';
import type { StoredChunk } from './chunk-bytes.ts';
import type { BuiltType } from './column-builder.ts';
import type { Rejects } from './import-options.ts';
import type { ColumnMeta, TableMeta, TableSource } from './schema.ts';
import { StoreSink } from './store-sink.ts';
import {
  batchesOf,
  batchRange,
  columnBatches,
  type StoredColumn,
  type StoredDictionary,
  type StoredRejects,
  storageError,
  type TableRecord,
  type TablesDatabase,
  type VersionRecord,
  writeLock,
} from './table-database.ts';
import { TableError } from './table-error.ts';
import type { TableSink } from './table-sink.ts';
import { oneBatch, writeBatches } from './write-batches.ts';

/** Versions of a table that are kept for undo, the current one included. */
const KEPT_VERSIONS = 8;
/** Slots of the rejects' columns, behind those of the widest table. */
const REJECT_SLOT = 1 << 20;

export interface WriteTarget {
  readonly workbook: string;
  readonly name: string;
  /** The table that gets a new version. */
  readonly table?: TableRecord;
  readonly sourceName: string;
}

/** What the version that is written turned out to be. */
export interface NewVersion {
  readonly rows: number;
  readonly groupRows: number;
  /** Those that this write has stored, and those whose bytes an earlier version of the table has. */
  readonly columns: readonly StoredColumn[];
  readonly source: TableSource;
  readonly rejects?: Rejects;
}

/**
 * One write: it is announced before its first byte and holds a lock while it lives; the chunks go into a batch of their own;
 * `commit` makes them a version and the version the current one. A write that fails removes its batch at once; one that is
 * killed leaves it, with the announcement and no lock, to the next sweep.
 */
export class StoreWrite {
  readonly #database: TablesDatabase;
  readonly #batch: string;
  readonly #target: WriteTarget;
  readonly #sink: StoreSink;

  private constructor(database: TablesDatabase, batch: string, target: WriteTarget) {
    this.#database = database;
    this.#batch = batch;
    this.#target = target;
    this.#sink = new StoreSink(database, batch);
  }

  /** Runs `work` over a new write and ends the write with it. */
  static async run<Result>(
    database: TablesDatabase,
    target: WriteTarget,
    work: (write: StoreWrite) => Promise<Result>,
  ): Promise<Result> {
    const batch = crypto.randomUUID();
    return (await navigator.locks.request(writeLock(batch), async () => {
      const write = new StoreWrite(database, batch, target);
      try {
        const { workbook, name: tableName, sourceName } = target;
        await database.put('writes', { batch, workbook, tableName, sourceName, startedAt: Date.now() });
        return await work(write);
      } catch (error) {
        await write.#removeBatch();
        throw await storageError(error, target.name);
      }
    })) as Result;
  }

  get sink(): TableSink {
    return this.#sink;
  }

  /** Ends a column whose row groups the sink has: `built` says what it turned out to be. */
  async store(name: string, slot: number, built: BuiltType, above?: StoredAbove): Promise<StoredColumn> {
    await this.#sink.ready();
    return this.#storedColumn(name, slot, built, above);
  }

  /** The same for columns in slots 0, 1 …; undefined stands for one that is left out. */
  async storeAll(names: readonly string[], built: readonly (BuiltType | undefined)[]): Promise<StoredColumn[]> {
    const columns: StoredColumn[] = [];
    for (const [slot, type] of built.entries()) if (type) columns.push(await this.store(names[slot], slot, type));
    return columns;
  }

  /** Writes what is still to write and flips the table to the new version. */
  async commit(version: NewVersion, signal?: AbortSignal): Promise<TableMeta> {
    const rejects = await this.#storeRejects(version.rejects);
    await this.#sink.finish();
    signal?.throwIfAborted();
    return await this.#flip(version, rejects);
  }

  #storedColumn(name: string, slot: number, built: BuiltType, above?: StoredAbove): StoredColumn {
    const own = this.#sink.chunksOf(slot);
    const chunks = above ? [...chunksAbove(above), ...own.slice(above.groups)] : own;
    const base = { name, batch: this.#batch, slot, chunks };
    if (built.type !== 'string')
      return { ...base, built: above ? joinedType(above.column.built, built, chunks) : built };
    const words: StringVector = built.dictionary ?? { offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
    const known = above && dictionaryAbove(above.column);
    const hasNewWords = known?.entries !== words.offsets.length - 1;
    const dictionary = hasNewWords ? this.#sink.dictionary(slot, words) : known;
    return { ...base, built: { type: 'string' }, dictionary };
  }

  async #storeRejects(rejects: Rejects | undefined): Promise<StoredRejects> {
    if (!rejects || rejects.rows === 0) {
      return { count: rejects?.count ?? 0, byReason: rejects?.byReason ?? {}, rows: 0, columns: [] };
    }
    const { count, byReason, rows } = rejects;
    const columns = rejects.columns.map(({ name, column }) => ({ name, type: column.type }));
    const sink: TableSink = {
      chunk: (column, group, chunk) => this.#sink.chunk(REJECT_SLOT + column, group, chunk),
      restart: (column) => this.#sink.restart(REJECT_SLOT + column),
      ready: () => this.#sink.ready(),
    };
    const batch = { rows, columns: rejects.columns.map(({ column }) => column) };
    const { built } = await writeBatches({ columns, batches: oneBatch(batch) }, { sink });
    const stored = built.map((type, i) => this.#storedColumn(columns[i].name, REJECT_SLOT + i, type));
    return { count, byReason, rows, columns: stored };
  }

  /** The one transaction that makes the write real. */
  async #flip(version: NewVersion, rejects: StoredRejects): Promise<TableMeta> {
    const { columns } = version;
    const transaction = this.#database.transaction(['tables', 'versions', 'writes', 'chunks'], 'readwrite', {
      durability: 'strict',
    });
    const tables = transaction.objectStore('tables');
    const versions = transaction.objectStore('versions');
    const id = this.#target.table?.id ?? crypto.randomUUID();
    // Read anew: the table may have been renamed or undone while the write was under way.
    const before = await tables.get(id);
    await this.#requireShared(columns, await versions.getAll(IDBKeyRange.bound([id], [id, []])), transaction);
    const number = (before?.latest ?? 0) + 1;
    const columnMetas = columns.map((column) => metaOf(column));
    const meta: TableMeta = {
      id,
      workbook: before?.workbook ?? this.#target.workbook,
      name: before?.name ?? this.#target.name,
      version: number,
      rows: version.rows,
      columns: columnMetas,
      rejects: rejects.count,
      source: version.source,
      created: Date.now(),
      bytes: columnMetas.reduce((bytes, column) => bytes + column.bytes, 0),
      groupRows: version.groupRows,
    };
    await versions.put({ id, version: number, meta, columns, rejects });
    await tables.put({ id, workbook: meta.workbook, name: meta.name, current: number, latest: number });
    const all = await versions.getAll(IDBKeyRange.bound([id], [id, []]));
    const stale = staleVersions(all, before?.current ?? number, number);
    const kept = new Set(all.filter((record) => !stale.includes(record)).flatMap((record) => [...batchesOf(record)]));
    for (const record of stale) {
      await versions.delete([id, record.version]);
      for (const batch of batchesOf(record)) {
        if (!kept.has(batch)) await transaction.objectStore('chunks').delete(batchRange(batch));
      }
    }
    await transaction.objectStore('writes').delete(this.#batch);
    await transaction.done;
    return meta;
  }

  /** Bytes that are shared must still be there: their version may have gone while the write was under way. */
  async #requireShared(
    columns: readonly StoredColumn[],
    versions: readonly VersionRecord[],
    transaction: { abort(): void; readonly done: Promise<void> },
  ): Promise<void> {
    const there = new Set(versions.flatMap((version) => [...batchesOf(version)]));
    const needed = columns.flatMap((column) => [...columnBatches(column)]);
    if (needed.every((batch) => batch === this.#batch || there.has(batch))) return;
    transaction.abort();
    await transaction.done.catch(() => undefined);
    const { name } = this.#target;
    const text = `Table '${name}' was changed or removed meanwhile. Nothing was written: try again.`;
    throw new TableError('no-version', text, { table: name });
  }

  async #removeBatch(): Promise<void> {
    await this.#sink.finish().catch(() => undefined);
    const transaction = this.#database.transaction(['writes', 'chunks'], 'readwrite');
    transaction.objectStore('chunks').delete(batchRange(this.#batch));
    transaction.objectStore('writes').delete(this.#batch);
    // Where even this fails the next sweep removes the batch.
    await transaction.done.catch(() => undefined);
  }
}

/** Versions that a new one makes unreachable: what had been undone, and what is too long ago. */
function staleVersions(all: readonly VersionRecord[], before: number, now: number): VersionRecord[] {
  const undone = all.filter(({ version }) => version > before && version < now);
  const reachable = all.filter((record) => !undone.includes(record));
  return [...undone, ...reachable.slice(0, Math.max(0, reachable.length - KEPT_VERSIONS))];
}

/** Row groups of an earlier version that a column begins with. */
export interface StoredAbove {
  readonly column: StoredColumn;
  readonly groups: number;
}

function chunksAbove({ column: { batch, slot, chunks }, groups }: StoredAbove): StoredChunk[] {
  const place = { batch, slot };
  return chunks.slice(0, groups).map((chunk) => ({ ...chunk, from: chunk.from ?? place }));
}

function dictionaryAbove({ batch, slot, dictionary }: StoredColumn): StoredDictionary | undefined {
  return dictionary && { ...dictionary, from: dictionary.from ?? { batch, slot } };
}

/** The type of a column of two parts of one type, with all its row groups. */
function joinedType(above: BuiltType, below: BuiltType, chunks: readonly StoredChunk[]): BuiltType {
  if (above.type === 'timestamp' && below.type === 'timestamp') {
    const unitMilliseconds = Math.min(above.unitMilliseconds, below.unitMilliseconds) as 1 | 1000 | 60000;
    return { type: 'timestamp', zoned: above.zoned || below.zoned, unitMilliseconds };
  }
  if (above.type === 'number' && below.type === 'number') {
    return { type: 'number', scale: commonScale(chunks), unit: above.unit ?? below.unit };
  }
  return above.type === 'integer' && below.type === 'integer' ? { ...below, unit: above.unit ?? below.unit } : below;
}

/** The power of ten over which all values are whole numbers that a double holds; 1 where there is none. */
function commonScale(chunks: readonly StoredChunk[]): number {
  const scale = Math.max(...chunks.map(({ factor }) => factor));
  const fits = ({ kind, minimum, maximum, factor }: StoredChunk): boolean =>
    kind === 'decimal' && Math.max(-minimum, maximum) * (scale / factor) <= Number.MAX_SAFE_INTEGER;
  return chunks.every(fits) ? scale : 1;
}

function metaOf({ name, built, chunks, dictionary }: StoredColumn): ColumnMeta {
  const words = dictionary ? dictionary.parts.reduce((bytes, part) => bytes + part.bytes, 0) : 0;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, words);
  const missing = chunks.reduce((sum, chunk) => sum + chunk.missing, 0);
  const common = { name, type: built.type, missing, bytes };
  switch (built.type) {
    case 'string':
      return chunks.some((chunk) => chunk.kind === 'text')
        ? { ...common, layout: 'plain' }
        : { ...common, layout: 'dictionary', distinct: dictionary?.entries };
    case 'number':
      return { ...common, layout: 'fixed', scale: built.scale, unit: built.unit };
    case 'integer':
      return { ...common, layout: 'fixed', unit: built.unit };
    case 'timestamp':
      return { ...common, layout: 'fixed', zoned: built.zoned };
    default:
      return { ...common, layout: 'fixed' };
  }
}
