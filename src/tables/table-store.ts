import type { Column } from '@patron/sdk';
import { DictionaryCache } from './dictionary-cache.ts';
import { blobSource, type FileSource } from './file-source.ts';
import type { NamedColumn, Rejects } from './import-options.ts';
import { readSource } from './read-source.ts';
import { readTable } from './read-table.ts';
import type { TableMeta, TableSource } from './schema.ts';
import { cutColumn, sliceColumn } from './slice-column.ts';
import { type PlannedRun, type PlannedWrite, writePlannedColumns } from './store-planned.ts';
import { readDictionary, readStoredColumn } from './store-read.ts';
import type { ImportedTable, ImportRequest, ImportRun, WriteRequest } from './store-requests.ts';
import { type SweptImport, sweepKilledWrites } from './store-sweep.ts';
import { storedBytes } from './store-usage.ts';
import { StoreWrite } from './store-write.ts';
import {
  batchesOf,
  batchRange,
  openTablesDatabase,
  storedColumn,
  type TableRecord,
  type TablesDatabase,
  type VersionRecord,
} from './table-database.ts';
import { TableError } from './table-error.ts';
import { oneBatch, withUnit, writeBatches } from './write-batches.ts';

/**
 * The tables of this browser. A version of a table never changes: a write puts its chunks beside what is there and then
 * moves one pointer, in one transaction, so that at any moment a table is either the old or the new version, whole. What a
 * killed write leaves is swept at the next start. Lives in a worker.
 */
export class TableStore {
  readonly #database: TablesDatabase;
  readonly #versions = new Map<string, VersionRecord>();
  readonly #dictionaries = new DictionaryCache();

  private constructor(database: TablesDatabase) {
    this.#database = database;
  }

  static async open(name = 'patron-tables'): Promise<TableStore> {
    return new TableStore(await openTablesDatabase(name));
  }

  close(): void {
    this.#database.close();
  }

  /** Removes what killed writes left, and says whose. */
  sweep(): Promise<SweptImport[]> {
    return sweepKilledWrites(this.#database);
  }

  /** The current versions of a workbook's tables, or of all, by name. */
  async list(workbook?: string): Promise<TableMeta[]> {
    const tables =
      workbook === undefined
        ? await this.#database.getAll('tables')
        : await this.#database.getAllFromIndex('tables', 'workbook', workbook);
    const versions = await Promise.all(tables.map((table) => this.#version(table.id, table.current)));
    return versions
      .map((version, i) => withName(version, tables[i]))
      .sort((a, b) => a.name.localeCompare(b.name) || a.created - b.created);
  }

  /** @throws TableError where there is no such table or version. */
  async get(id: string, version?: number): Promise<TableMeta> {
    const table = await this.#table(id);
    return withName(await this.#version(id, version ?? table.current), table);
  }

  /** All versions that are kept, oldest first. */
  async versions(id: string): Promise<TableMeta[]> {
    const table = await this.#table(id);
    const all = await this.#database.getAll('versions', IDBKeyRange.bound([id], [id, []]));
    return all.map((version) => withName(version, table));
  }

  /** Whole columns, in the order of the names. Reads these columns only; `sharing` as of `assembleColumn`. */
  async readColumns(id: string, names: readonly string[], version?: number, sharing = false): Promise<NamedColumn[]> {
    const { record, name: table } = await this.#record(id, version);
    const columns: NamedColumn[] = [];
    for (const name of names) {
      const stored = storedColumn(record, table, name);
      const dictionary = await readDictionary(this.#database, table, stored);
      const all = stored.chunks.length;
      const column = await readStoredColumn(this.#database, table, stored, dictionary, 0, all, sharing);
      columns.push({ name, column });
    }
    return columns;
  }

  /** Rows `start` to `end` (exclusive) of some columns; reads only the row groups they lie in. */
  async readRows(
    id: string,
    names: readonly string[],
    start: number,
    end: number,
    version?: number,
  ): Promise<NamedColumn[]> {
    return await Promise.all(
      names.map(async (name) => ({ name, column: await this.#rows(id, name, [start, end], version, sliceColumn) })),
    );
  }

  /** Rows `start` to `end` (exclusive) of a column for use in this thread: its dictionary is one that others share. */
  cutRows(id: string, name: string, start: number, end: number, version?: number): Promise<Column> {
    return this.#rows(id, name, [start, end], version, cutColumn);
  }

  async #rows(
    id: string,
    name: string,
    [start, end]: readonly [start: number, end: number],
    version: number | undefined,
    cut: typeof sliceColumn,
  ): Promise<Column> {
    const { record, name: table } = await this.#record(id, version);
    const { groupRows, rows } = record.meta;
    const from = Math.max(0, Math.min(start, rows));
    const to = Math.max(from, Math.min(end, rows));
    const firstGroup = Math.floor(from / groupRows);
    const lastGroup = Math.ceil(to / groupRows);
    const stored = storedColumn(record, table, name);
    const dictionary = await this.#dictionaries.read(this.#database, table, stored);
    const part = await readStoredColumn(this.#database, table, stored, dictionary, firstGroup, lastGroup);
    const offset = firstGroup * groupRows;
    return cut(part, from - offset, to - offset);
  }

  /** Stores columns as a new table or a new version. */
  async write(request: WriteRequest): Promise<TableMeta> {
    const columns = request.columns.map(({ name, column }) => ({
      name,
      type: column.type,
      unit: request.units?.[name],
    }));
    const rows = request.columns[0]?.column.length ?? 0;
    const batch = { rows, columns: request.columns.map(({ column }) => column) };
    return await this.#write(request, request.name, async (write) => {
      const { groupRows, built } = await writeBatches({ columns, batches: oneBatch(batch) }, { sink: write.sink });
      const names = columns.map(({ name }) => name);
      const stored = await write.storeAll(names, built);
      return await write.commit({ rows, groupRows, columns: stored, source: request.source });
    });
  }

  /** Stores what a plan makes of a table, as a new version of it or as a new table. @throws the signal's reason once aborted. */
  async writePlanned(request: PlannedWrite, run: PlannedRun): Promise<TableMeta> {
    const { id, version } = request.basis;
    const { record } = await this.#record(id, version);
    const readBasis = (column: string, start: number, end: number): Promise<Column> =>
      this.cutRows(id, column, start, end, version);
    return await this.#write(request, request.source.name, (write) =>
      writePlannedColumns(this.#database, write, request, record, readBasis, run),
    );
  }

  /**
   * Reads a file and stores it as it is read. For rows below those of a table see `TableSteps.append`.
   * @throws TableError naming what is wrong; the signal's reason once aborted. Either way what was stored before stands.
   */
  async importFile(
    source: FileSource,
    request: Omit<ImportRequest, 'mode'>,
    run: ImportRun = {},
  ): Promise<ImportedTable> {
    const name =
      request.name ??
      source.name.replace(/(\.(csv|tsv|txt|tab|dat|xlsx|json|jsonl|ndjson|parquet|arrow|feather|gz))+$/i, '');
    return await this.#write({ ...request, name }, source.name, async (write) => {
      const {
        rows,
        groupRows,
        built,
        names,
        detection,
        rejects: list,
      } = await readSource(source, request.options ?? {}, { ...run, sink: write.sink });
      const rejects = request.rejects ? await formerRejects(request.rejects) : list.finish(names);
      run.signal?.throwIfAborted();
      run.onProgress?.({ stage: 'saving', done: source.size, total: source.size, rows });
      const file: TableSource = {
        kind: 'file',
        name: source.name,
        size: source.size,
        format: detection.format,
        encoding: detection.encoding,
        delimiter: detection.layout === 'delimited' ? detection.delimiter : detection.layout,
        header: detection.header,
        part: request.options?.part,
      };
      const units = request.units ?? {};
      const types = built.map(
        (type, i) => type && withUnit(type, Object.hasOwn(units, names[i]) ? units[names[i]] : undefined),
      );
      const columns = await write.storeAll(names, types);
      const came = request.source ?? file;
      const meta = await write.commit({ rows, groupRows, columns, rejects, source: came }, run.signal);
      return { meta, detection, rejects: { count: rejects.count, byReason: rejects.byReason } };
    });
  }

  async #write<Result>(
    target: { workbook: string; name: string; tableId?: string },
    sourceName: string,
    work: (write: StoreWrite) => Promise<Result>,
  ): Promise<Result> {
    const table = target.tableId === undefined ? undefined : await this.#table(target.tableId);
    const result = await StoreWrite.run(
      this.#database,
      { ...target, name: table?.name ?? target.name, table, sourceName },
      work,
    );
    this.#forget();
    return result;
  }

  async rename(id: string, name: string): Promise<TableMeta> {
    const transaction = this.#database.transaction('tables', 'readwrite');
    const table = await transaction.store.get(id);
    if (table) await transaction.store.put({ ...table, name });
    await transaction.done;
    return await this.get(id);
  }

  /** Removes a table with all its versions. */
  async remove(id: string): Promise<void> {
    const transaction = this.#database.transaction(['tables', 'versions', 'chunks'], 'readwrite');
    const versions = transaction.objectStore('versions');
    const range = IDBKeyRange.bound([id], [id, []]);
    for (const version of await versions.getAll(range)) {
      for (const batch of batchesOf(version)) transaction.objectStore('chunks').delete(batchRange(batch));
    }
    versions.delete(range);
    transaction.objectStore('tables').delete(id);
    await transaction.done;
    this.#forget();
  }

  async removeWorkbook(workbook: string): Promise<void> {
    for (const id of await this.#database.getAllKeysFromIndex('tables', 'workbook', workbook)) await this.remove(id);
  }

  /** Makes the version before the current one current again; null where there is none. */
  undo(id: string): Promise<TableMeta | null> {
    return this.#flip(id, (versions, current) => versions.filter((version) => version < current).at(-1));
  }

  /** Takes an undo back; null where there is nothing to take back. */
  redo(id: string): Promise<TableMeta | null> {
    return this.#flip(id, (versions, current) => versions.find((version) => version > current));
  }

  async #flip(
    id: string,
    choose: (versions: readonly number[], current: number) => number | undefined,
  ): Promise<TableMeta | null> {
    const transaction = this.#database.transaction(['tables', 'versions'], 'readwrite');
    const table = await transaction.objectStore('tables').get(id);
    const keys = await transaction.objectStore('versions').getAllKeys(IDBKeyRange.bound([id], [id, []]));
    const current =
      table &&
      choose(
        keys.map((key) => key[1]),
        table.current,
      );
    if (table && current !== undefined) await transaction.objectStore('tables').put({ ...table, current });
    await transaction.done;
    return current === undefined ? null : await this.get(id);
  }

  /** What was set aside when the version was read. */
  async rejects(id: string, version?: number): Promise<Rejects> {
    const { record, name: table } = await this.#record(id, version);
    const { count, byReason, rows } = record.rejects;
    const columns: NamedColumn[] = [];
    for (const stored of record.rejects.columns) {
      const dictionary = await readDictionary(this.#database, table, stored);
      columns.push({ name: stored.name, column: await readStoredColumn(this.#database, table, stored, dictionary) });
    }
    return { count, byReason, rows, columns };
  }

  /** Bytes in use and allowed for this origin, and how many of them are tables. */
  async usage(): Promise<{ used: number; quota: number; persisted: boolean; tables: number }> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    const tables = await storedBytes(this.#database);
    return { used: usage, quota, persisted: await navigator.storage.persisted(), tables };
  }

  async #table(id: string): Promise<TableRecord> {
    const table = await this.#database.get('tables', id);
    if (!table) {
      throw new TableError('no-table', `There is no table '${id}'. It may have been removed in another tab.`, {
        table: id,
      });
    }
    return table;
  }

  async #record(id: string, version?: number): Promise<{ record: VersionRecord; name: string }> {
    const table = await this.#table(id);
    return { record: await this.#version(id, version ?? table.current), name: table.name };
  }

  async #version(id: string, version: number): Promise<VersionRecord> {
    const key = `${id} ${version}`;
    const known = this.#versions.get(key);
    if (known) return known;
    const record = await this.#database.get('versions', [id, version]);
    if (!record) {
      throw new TableError('no-version', `Version ${version} of table '${id}' is no longer kept.`, {
        table: id,
        version,
      });
    }
    this.#versions.set(key, record);
    return record;
  }

  #forget(): void {
    this.#versions.clear();
  }
}

/** Rejects that were handed on with their table. */
async function formerRejects({ file, count, byReason }: NonNullable<ImportRequest['rejects']>): Promise<Rejects> {
  const { table } = await readTable(blobSource(file, 'rejects.parquet'));
  return { count: Math.max(count, table.rows), byReason, rows: table.rows, columns: table.columns };
}

/** The name belongs to the table, not to a version. */
function withName(version: VersionRecord, table: TableRecord): TableMeta {
  return { ...version.meta, name: table.name };
}
