import { proxy, type Remote } from 'comlink';
import type { ExportFormat } from './export/export-stored.ts';
import type { CsvOptions } from './export-csv.ts';
import type { ImportOptions, ImportProgress, NamedColumn, Rejects, TablePreview } from './import-options.ts';
import { LoneWorkers } from './lone-workers.ts';
import { QueryClient } from './query-client.ts';
import type { TableMeta } from './schema.ts';
import { StepsClient } from './steps/steps-client.ts';
import type { ImportedTable, ImportRequest, ImportRun, WriteRequest } from './store-requests.ts';
import type { SweptImport } from './store-sweep.ts';
import { TableError } from './table-error.ts';
import { type Connection, callOver, connect } from './worker-connection.ts';
import type { TablesService } from './worker-service.ts';

export interface TableChange {
  readonly kind: 'written' | 'renamed' | 'removed';
  readonly tableId: string;
  readonly workbook: string;
}

export interface CsvExportRun {
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

const SILENCE_MILLISECONDS = 30_000;

/**
 * The tables, seen from the main thread. All work is done in workers: one for the store, and one more for each import, so
 * that sheets stay alive meanwhile and an import can be ended at any point.
 */
export class TablesClient {
  /** Which rows, in what order, and what columns hold. */
  readonly queries: QueryClient;
  /** Changes to rows and columns, and what they would do. */
  readonly steps: StepsClient;
  readonly #database: string;
  readonly #workers: LoneWorkers;
  readonly #listeners = new Set<(change: TableChange) => void>();
  readonly #channel: BroadcastChannel;
  #store: Connection | undefined;
  #isClosed = false;

  /** `silence`: milliseconds without a sign of life after which a file is taken to have stuck its reader. */
  constructor(options: { database?: string; silence?: number } = {}) {
    this.#database = options.database ?? 'patron-tables';
    this.#workers = new LoneWorkers(this.#database, options.silence ?? SILENCE_MILLISECONDS);
    this.queries = new QueryClient(this.#database);
    this.steps = new StepsClient(this.#database, this.#workers, (meta) => this.#announce('written', meta));
    this.#channel = new BroadcastChannel(`patron-tables:${this.#database}`);
    this.#channel.onmessage = (event: MessageEvent<TableChange>) => this.#tell(event.data);
  }

  /** Removes what killed imports left and says whose it was, so that the user can be told. */
  start(): Promise<SweptImport[]> {
    return this.#call((service) => service.sweep());
  }

  /** In a worker of its own, so that a file that sticks its reader stops nothing else. */
  preview(file: Blob, options: ImportOptions = {}): Promise<TablePreview> {
    const name = nameOf(file);
    return this.#workers.run({ file: name }, (service) => service.preview(file, name, options));
  }

  /**
   * Imports a file into a new table, or a new version of one.
   * @throws the signal's reason once aborted; TableError naming what is wrong with the file or the storage.
   */
  async importFile(file: Blob, request: ImportRequest, run: ImportRun = {}): Promise<ImportedTable> {
    const name = nameOf(file);
    const onProgress = proxy((progress: ImportProgress) => {
      if (!run.signal?.aborted) run.onProgress?.(progress);
    });
    const imported = await this.#workers.run({ signal: run.signal, file: name }, (service, job) =>
      service.importFile(job, file, name, request, onProgress),
    );
    this.#announce('written', imported.meta);
    return imported;
  }

  /** The current versions of a workbook's tables, or of all, by name. */
  list(workbook?: string): Promise<TableMeta[]> {
    return this.#call((service) => service.list(workbook));
  }

  get(tableId: string, version?: number): Promise<TableMeta> {
    return this.#call((service) => service.get(tableId, version));
  }

  /** All versions that are kept, oldest first. */
  versions(tableId: string): Promise<TableMeta[]> {
    return this.#call((service) => service.versions(tableId));
  }

  /** Whole columns, in the order of the names; their buffers are handed over, not copied. */
  readColumns(tableId: string, names: readonly string[], version?: number): Promise<NamedColumn[]> {
    return this.#call((service) => service.readColumns(tableId, names, version));
  }

  /** Rows `start` to `end` (exclusive) of some columns. */
  readRows(
    tableId: string,
    names: readonly string[],
    start: number,
    end: number,
    version?: number,
  ): Promise<NamedColumn[]> {
    return this.#call((service) => service.readRows(tableId, names, start, end, version));
  }

  /** The rows that `index` names, in its order, of some columns. */
  readRowsAt(tableId: string, names: readonly string[], index: Uint32Array, version?: number): Promise<NamedColumn[]> {
    return this.#call((service) => service.readRowsAt(tableId, names, index, version));
  }

  /** Stores columns as a new table, or as a new version of one. The buffers are copied. */
  async write(request: WriteRequest): Promise<TableMeta> {
    return this.#announce('written', await this.#call((service) => service.write(request)));
  }

  async rename(tableId: string, name: string): Promise<TableMeta> {
    return this.#announce('renamed', await this.#call((service) => service.rename(tableId, name)));
  }

  /** Removes a table with all its versions. */
  async remove(tableId: string): Promise<void> {
    const meta = await this.get(tableId);
    await this.#call((service) => service.remove(tableId));
    this.#announce('removed', meta);
  }

  async removeWorkbook(workbook: string): Promise<void> {
    for (const { id } of await this.list(workbook)) await this.remove(id);
  }

  /** Makes the version before the current one current again; null where there is none. */
  undo(tableId: string): Promise<TableMeta | null> {
    return this.#flip((service) => service.undo(tableId));
  }

  /** Takes an undo back; null where there is nothing to take back. */
  redo(tableId: string): Promise<TableMeta | null> {
    return this.#flip((service) => service.redo(tableId));
  }

  async #flip(call: (service: Remote<TablesService>) => Promise<TableMeta | null>): Promise<TableMeta | null> {
    const meta = await this.#call(call);
    return meta && this.#announce('written', meta);
  }

  /** What was set aside when the version was read. */
  rejects(tableId: string, version?: number): Promise<Rejects> {
    return this.#call((service) => service.rejects(tableId, version));
  }

  /** Bytes in use and allowed for this site, and how many of them are tables. */
  usage(): Promise<{ used: number; quota: number; persisted: boolean; tables: number }> {
    return this.#call((service) => service.usage());
  }

  /** Asks the browser not to clear the storage when space is short. */
  persist(): Promise<boolean> {
    return navigator.storage.persist();
  }

  /** The table as CSV. */
  exportCsv(
    tableId: string,
    options: CsvOptions & CsvExportRun & { version?: number; columns?: readonly string[] } = {},
  ): Promise<Blob> {
    const { signal, onProgress, ...rest } = options;
    return this.#export({ signal, onProgress }, (service, job, progress) =>
      service.exportCsv(job, tableId, rest, progress),
    );
  }

  /** The table as XLSX, Parquet, Arrow or JSON lines. */
  exportTable(tableId: string, format: ExportFormat, options: CsvExportRun & { version?: number } = {}): Promise<Blob> {
    const { signal, onProgress, ...rest } = options;
    return this.#export({ signal, onProgress }, (service, job, progress) =>
      service.exportTable(job, tableId, format, rest, progress),
    );
  }

  /** What was set aside when a version was read, as Parquet; null where nothing is kept. */
  exportRejects(tableId: string, version: number): Promise<Blob | null> {
    return this.#call((service) => service.exportRejects(tableId, version));
  }

  async #export(
    { signal, onProgress }: CsvExportRun,
    call: (
      service: Remote<TablesService>,
      job: number,
      progress: (done: number, total: number) => void,
    ) => Promise<Blob>,
  ): Promise<Blob> {
    const progress = proxy((done: number, total: number) => onProgress?.(done, total));
    return await this.#workers.run({ signal }, (service, job) => call(service, job, progress));
  }

  /** Hears of every change to a table, in this tab and in others. Returns what ends the listening. */
  onChange(listener: (change: TableChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the workers. Calls that are still waiting fail with a TableError 'closed'; so does every later one. */
  close(): void {
    this.#isClosed = true;
    const error = new TableError('closed', 'The tables are closed.');
    this.#workers.close(error);
    this.#store?.close(error);
    this.queries.close();
    this.steps.close();
    this.#channel.close();
  }

  #announce(kind: TableChange['kind'], meta: TableMeta): TableMeta {
    const change: TableChange = { kind, tableId: meta.id, workbook: meta.workbook };
    if (!this.#isClosed) this.#channel.postMessage(change);
    this.#tell(change);
    return meta;
  }

  #tell(change: TableChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #call<Result>(call: (service: Remote<TablesService>) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(new TableError('closed', 'The tables are closed.'));
    this.#store ??= connect(this.#database);
    return callOver(this.#store, call);
  }
}

function nameOf(file: Blob): string {
  return file instanceof File ? file.name : 'table';
}
