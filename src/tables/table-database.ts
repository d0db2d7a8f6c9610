import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredChunk } from './chunk-bytes.ts';
import type { BuiltType } from './column-builder.ts';
import type { RejectReason } from './import-options.ts';
import type { TableMeta } from './schema.ts';
import { TableError } from './table-error.ts';

/** A table: which of its versions is the current one. Everything that is shown hangs on this pointer. */
export interface TableRecord {
  readonly id: string;
  readonly workbook: string;
  readonly name: string;
  readonly current: number;
  /** The highest version number ever given. */
  readonly latest: number;
}

/**
 * Where the bytes of a column are: chunks `[batch, slot, 0 …]` where they do not say otherwise, the dictionary in
 * `[batch, slot + 0.5, 0 …]`.
 */
export interface StoredColumn {
  readonly name: string;
  readonly built: BuiltType;
  readonly batch: string;
  readonly slot: number;
  readonly chunks: readonly StoredChunk[];
  readonly dictionary?: StoredDictionary;
}

/** A dictionary, offsets first and then texts, as one run of bytes cut into parts. */
export interface StoredDictionary {
  readonly entries: number;
  readonly textBytes: number;
  readonly parts: readonly { readonly bytes: number; readonly checksum: number }[];
  /** As of a chunk. */
  readonly from?: StoredChunk['from'];
}

export interface StoredRejects {
  readonly count: number;
  readonly byReason: Readonly<Partial<Record<RejectReason, number>>>;
  readonly rows: number;
  readonly columns: readonly StoredColumn[];
}

/** An immutable version of a table. */
export interface VersionRecord {
  readonly id: string;
  readonly version: number;
  readonly meta: TableMeta;
  readonly columns: readonly StoredColumn[];
  readonly rejects: StoredRejects;
}

/** A write that is under way. One whose lock nobody holds was killed, and its chunks are orphans. */
export interface WriteRecord {
  readonly batch: string;
  readonly workbook: string;
  readonly tableName: string;
  readonly sourceName: string;
  readonly startedAt: number;
}

export type ChunkKey = [batch: string, slot: number, part: number];

export interface TablesSchema extends DBSchema {
  tables: { key: string; value: TableRecord; indexes: { workbook: string } };
  versions: { key: [string, number]; value: VersionRecord };
  chunks: { key: ChunkKey; value: ArrayBuffer };
  writes: { key: string; value: WriteRecord };
}

export type TablesDatabase = IDBPDatabase<TablesSchema>;

export function openTablesDatabase(name: string): Promise<TablesDatabase> {
  return openDB<TablesSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('tables', { keyPath: 'id' }).createIndex('workbook', 'workbook');
      database.createObjectStore('versions', { keyPath: ['id', 'version'] });
      database.createObjectStore('chunks');
      database.createObjectStore('writes', { keyPath: 'batch' });
    },
    blocking(_current, _blocked, event) {
      // Another tab wants a newer layout: this one lets go, and its next call opens the database anew or fails clearly.
      (event.target as IDBDatabase).close();
    },
  });
}

/** The batches that a version's bytes are in. */
export function batchesOf({ columns, rejects }: VersionRecord): Set<string> {
  return new Set([...columns, ...rejects.columns].flatMap((column) => [...columnBatches(column)]));
}

/** The batches that a column's bytes are in. */
export function columnBatches({ batch, chunks, dictionary }: StoredColumn): Set<string> {
  const parts = dictionary ? [...chunks, dictionary] : chunks;
  return new Set(parts.map(({ from }) => from?.batch ?? batch));
}

/** A column of a version. @throws TableError where there is none of that name. */
export function storedColumn(version: VersionRecord, table: string, name: string): StoredColumn {
  const column = version.columns.find((candidate) => candidate.name === name);
  if (!column) {
    throw new TableError('no-column', `Table '${table}' has no column '${name}'. Choose one of its columns.`, {
      table,
      column: name,
    });
  }
  return column;
}

/** All chunks of a batch. */
export function batchRange(batch: string): IDBKeyRange {
  return IDBKeyRange.bound([batch], [batch, []]);
}

/** The parts of one slot, from part `from` to part `to`. */
export function slotRange(batch: string, slot: number, from = 0, to = Number.MAX_SAFE_INTEGER): IDBKeyRange {
  return IDBKeyRange.bound([batch, slot, from], [batch, slot, to]);
}

/** The lock that is held as long as a write is alive. */
export function writeLock(batch: string): string {
  return `patron-table-write-${batch}`;
}

/** What a failure of the storage means to the user. */
export async function storageError(error: unknown, doing: string): Promise<unknown> {
  const name = (error as { name?: string } | null)?.name;
  if (error instanceof TableError || name === undefined) return error;
  if (name === 'QuotaExceededError') {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
    return new TableError(
      'storage-full',
      `There is no room for '${doing}': ${megabytes(usage)} MB of ${megabytes(quota)} MB are in use. Everything that was stored is still there. Remove tables or free disk space, then try again.`,
      { subject: doing, usage, quota },
      error,
    );
  }
  if (name === 'NotReadableError' || name === 'NotFoundError') {
    return new TableError(
      'bad-file',
      `The file for '${doing}' can no longer be read. It was changed, moved or removed meanwhile: choose it again.`,
      { subject: doing },
      error,
    );
  }
  if (error instanceof DOMException && name !== 'AbortError') {
    return new TableError(
      'storage-failed',
      `The browser's storage failed at '${doing}': ${error.message} Everything that was stored is still there. Reload the page and try again.`,
      { subject: doing },
      error,
    );
  }
  return error;
}
