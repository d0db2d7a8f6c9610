import { proxy, type Remote } from 'comlink';
import type { ExportFormat } from './export/export-stored.ts';
import type { CsvOptions } from './export-csv.ts';
import type { ImportOptions, ImportProgress, NamedColumn, Rejects, TablePreview } from './import-options.ts';
import { QueryClient } from './query-client.ts';
import type { TableMeta } from './schema.ts';
import type { CellFix, HistoryEntry, MergePreview, MergeRule, Step, StepPreview } from './steps/step.ts';
import type { StepTarget } from './steps/table-steps.ts';
import type { SweptImport } from './store-sweep.ts';
import { TableError } from './table-error.ts';
import type { ImportedTable, ImportRequest, ImportRun, WriteRequest } from './table-store.ts';
import { type Connection, callOver, connect, watchForLife } from './worker-connection.ts';
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

/** How long a cancelled import may take to clean up before its worker is ended. */
const PATIENCE_MILLISECONDS = 2000;
const SILENCE_MILLISECONDS = 30_000;

/**
 * The tables, seen from the main thread. All work is done in workers: one for the store, and one more for each import, so
 * that sheets stay alive meanwhile and an import can be ended at any point.
 */
export class TablesClient {
  /** Which rows, in what order, and what columns hold. */
  readonly queries: QueryClient;
  readonly #database: string;
  readonly #silence: number;
  readonly #listeners = new Set<(change: TableChange) => void>();
  readonly #channel: BroadcastChannel;
  readonly #imports = new Set<Connection>();
  #store: Connection | undefined;
  #nextJob = 1;
  #isClosed = false;

  /** `silence`: milliseconds without a sign of life after which a file is taken to have stuck its reader. */
  constructor(options: { database?: string; silence?: number } = {}) {
    this.#database = options.database ?? 'patron-tables';
    this.#silence = options.silence ?? SILENCE_MILLISECONDS;
    this.queries = new QueryClient(this.#database);
    this.#channel = new BroadcastChannel(`patron-tables:${this.#database}`);
    this.#channel.onmessage = (event: MessageEvent<TableChange>) => this.#tell(event.data);
  }

  /** Removes what killed imports left and says whose it was, so that the user can be told. */
  start(): Promise<SweptImport[]> {
    return this.#call((service) => service.sweep());
  }

  /** In a worker of its own, so that a file that sticks its reader stops nothing else. */
  async preview(file: Blob, options: ImportOptions = {}): Promise<TablePreview> {
    const connection = connect(this.#database);
    this.#imports.add(connection);
    const unwatch = watchForLife(connection, nameOf(file), this.#silence);
    try {
      return await callOver(connection, (service) => service.preview(file, nameOf(file), options));
    } finally {
      unwatch();
      this.#imports.delete(connection);
      connection.close(new TableError('closed', 'The preview is over.'));
    }
  }

  /**
   * Imports a file into a new table, or a new version of one.
   * @throws the signal's reason once aborted; TableError naming what is wrong with the file or the storage.
   */
  async importFile(file: Blob, request: ImportRequest, run: ImportRun = {}): Promise<ImportedTable> {
    run.signal?.throwIfAborted();
    const connection = connect(this.#database);
    this.#imports.add(connection);
    const job = this.#nextJob++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      connection.opened.then(() => connection.service.cancel(job)).catch(() => undefined);
      timer = setTimeout(
        () => connection.close(new TableError('closed', 'The import was ended.')),
        PATIENCE_MILLISECONDS,
      );
    };
    run.signal?.addEventListener('abort', end, { once: true });
    const unwatch = watchForLife(connection, nameOf(file), this.#silence);
    try {
      const onProgress = proxy((progress: ImportProgress) => {
        if (!run.signal?.aborted) run.onProgress?.(progress);
      });
      const imported = await callOver(connection, (service) =>
        service.importFile(job, file, nameOf(file), request, onProgress),
      );
      this.#announce('written', imported.meta);
      return imported;
    } catch (error) {
      run.signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      unwatch();
      run.signal?.removeEventListener('abort', end);
      this.#imports.delete(connection);
      connection.close(new TableError('closed', 'The import is over.'));
    }
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

  /**
   * What steps, one after the other, would make of a table: its first rows and how many rows change. Nothing is written.
   * @throws TableError naming what is wrong with a step; the signal's reason once aborted.
   */
  previewSteps(tableId: string, steps: readonly Step[], signal?: AbortSignal): Promise<StepPreview> {
    return this.#cancellable(signal, (service, job) => service.previewSteps(job, tableId, steps));
  }

  /** Does steps: one new version, which `undo` takes back, or a new table. What was there stands until all is done. */
  async applySteps(
    tableId: string,
    steps: readonly Step[],
    target: StepTarget = {},
    signal?: AbortSignal,
  ): Promise<TableMeta> {
    return this.#announce(
      'written',
      await this.#alone(signal, (service, job) => service.applySteps(job, tableId, steps, target)),
    );
  }

  /** What merging a file into a table by key would change. */
  previewMerge(tableId: string, file: Blob, rule: MergeRule, signal?: AbortSignal): Promise<MergePreview> {
    return this.#alone(signal, (service, job) => service.previewMerge(job, tableId, file, nameOf(file), rule));
  }

  /** Merges a file into a table by key, as one new version; the rule is kept with it for the next file. */
  async mergeFile(tableId: string, file: Blob, rule: MergeRule, run: ImportRun = {}): Promise<TableMeta> {
    const onProgress = proxy((progress: ImportProgress) => run.onProgress?.(progress));
    return this.#announce(
      'written',
      await this.#alone(run.signal, (service, job) =>
        service.mergeFile(job, tableId, file, nameOf(file), rule, onProgress),
      ),
    );
  }

  /** Puts corrected texts of rejects back into the cells they came from, as one new version. */
  async fixRejects(
    tableId: string,
    fixes: readonly CellFix[],
    signal?: AbortSignal,
  ): Promise<{ meta: TableMeta; fixed: number; left: number }> {
    const done = await this.#alone(signal, (service, job) => service.fixRejects(job, tableId, fixes));
    this.#announce('written', done.meta);
    return done;
  }

  /** The versions of a table that are kept, oldest first, with the steps and merges that made them. */
  history(tableId: string): Promise<HistoryEntry[]> {
    return this.#call((service) => service.history(tableId));
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

  async #export(
    { signal, onProgress }: CsvExportRun,
    call: (
      service: Remote<TablesService>,
      job: number,
      progress: (done: number, total: number) => void,
    ) => Promise<Blob>,
  ): Promise<Blob> {
    const progress = proxy((done: number, total: number) => onProgress?.(done, total));
    return await this.#cancellable(signal, (service, job) => call(service, job, progress));
  }

  async #cancellable<Result>(
    signal: AbortSignal | undefined,
    call: (service: Remote<TablesService>, job: number) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const job = this.#nextJob++;
    const cancel = (): void => {
      this.#call((service) => service.cancel(job)).catch(() => undefined);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#call((service) => call(service, job));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** A call in a worker of its own, so that sheets stay alive meanwhile and it can be ended at any point. */
  async #alone<Result>(
    signal: AbortSignal | undefined,
    call: (service: Remote<TablesService>, job: number) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const connection = connect(this.#database);
    this.#imports.add(connection);
    const job = this.#nextJob++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      connection.opened.then(() => connection.service.cancel(job)).catch(() => undefined);
      timer = setTimeout(
        () => connection.close(new TableError('closed', 'The step was ended.')),
        PATIENCE_MILLISECONDS,
      );
    };
    signal?.addEventListener('abort', end, { once: true });
    try {
      return await callOver(connection, (service) => call(service, job));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      this.#imports.delete(connection);
      connection.close(new TableError('closed', 'The step is over.'));
    }
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
    for (const connection of this.#imports) connection.close(error);
    this.#store?.close(error);
    this.queries.close();
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
