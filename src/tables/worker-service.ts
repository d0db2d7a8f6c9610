import type { Column } from '@patron/sdk';
import { buffersOf } from './column-bytes.ts';
import { type ExportFormat, exportRejects, exportStored } from './export/export-stored.ts';
import { type CsvOptions, csvHead, csvRows } from './export-csv.ts';
import { blobSource } from './file-source.ts';
import type { ImportOptions, ImportProgress, NamedColumn, Rejects, TablePreview } from './import-options.ts';
import { previewFile } from './preview-file.ts';
import { type QueryService, queryService } from './query-service.ts';
import type { TableMeta } from './schema.ts';
import { type StepsService, stepsService } from './steps/steps-service.ts';
import { TableSteps } from './steps/table-steps.ts';
import type { ImportedTable, ImportRequest, WriteRequest } from './store-requests.ts';
import type { SweptImport } from './store-sweep.ts';
import { TableError, type TableErrorCode } from './table-error.ts';
import { TableStore } from './table-store.ts';
import { WarmColumns } from './warm-columns.ts';

/** What the worker answers to: the store, reading files, and writing CSV. Calls that can be cancelled carry a job number. */
export interface TablesService extends QueryService, StepsService {
  open(database: string): Promise<void>;
  /** A sign of life. */
  ping(): Promise<void>;
  sweep(): Promise<SweptImport[]>;
  preview(file: Blob, name: string, options: ImportOptions): Promise<TablePreview>;
  importFile(
    job: number,
    file: Blob,
    fileName: string,
    request: ImportRequest,
    onProgress: (progress: ImportProgress) => void,
  ): Promise<ImportedTable>;
  cancel(job: number): Promise<void>;
  list(workbook?: string): Promise<TableMeta[]>;
  get(id: string, version?: number): Promise<TableMeta>;
  versions(id: string): Promise<TableMeta[]>;
  readColumns(id: string, names: readonly string[], version?: number): Promise<NamedColumn[]>;
  readRows(id: string, names: readonly string[], start: number, end: number, version?: number): Promise<NamedColumn[]>;
  write(request: WriteRequest): Promise<TableMeta>;
  rename(id: string, name: string): Promise<TableMeta>;
  remove(id: string): Promise<void>;
  removeWorkbook(workbook: string): Promise<void>;
  undo(id: string): Promise<TableMeta | null>;
  redo(id: string): Promise<TableMeta | null>;
  rejects(id: string, version?: number): Promise<Rejects>;
  usage(): Promise<{ used: number; quota: number; persisted: boolean; tables: number }>;
  exportCsv(
    job: number,
    id: string,
    options: CsvOptions & { version?: number; columns?: readonly string[] },
    onProgress: (done: number, total: number) => void,
  ): Promise<Blob>;
  exportRejects(id: string, version: number): Promise<Blob | null>;
  exportTable(
    job: number,
    id: string,
    format: ExportFormat,
    options: { version?: number },
    onProgress: (done: number, total: number) => void,
  ): Promise<Blob>;
}

/** Marks what is sent to the main thread with the buffers that are handed over rather than copied. */
export type Transfer = <Value>(value: Value, transferables: Transferable[]) => Value;

/** The service over its store. */
export function tablesService(transfer: Transfer): TablesService {
  let opened: Promise<TableStore> | undefined;
  let warm: WarmColumns | undefined;
  const jobs = new Map<number, AbortController>();

  const store = (): Promise<TableStore> => {
    if (!opened) throw new Error('The tables service is not open.');
    return opened;
  };
  const handOver = (columns: NamedColumn[]): NamedColumn[] =>
    transfer(columns, transferablesOf(columns.map(({ column }) => column)));
  const asJob = async <Result>(job: number, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    const controller = new AbortController();
    jobs.set(job, controller);
    try {
      return await run(controller.signal);
    } finally {
      jobs.delete(job);
    }
  };

  return withPortableErrors({
    async open(database) {
      opened = TableStore.open(database);
      await opened;
    },
    async ping() {
      // Being answered at all is the answer.
    },
    sweep: async () => await (await store()).sweep(),
    preview: (file, name, options) => previewFile(blobSource(file, name), options),
    importFile: (job, file, fileName, request, onProgress) =>
      asJob(job, async (signal) => {
        const opened = await store();
        const source = blobSource(file, fileName);
        const run = { signal, onProgress };
        if (request.mode !== 'append' || request.tableId === undefined) {
          return await opened.importFile(source, request, run);
        }
        return await new TableSteps(opened).append(request.tableId, source, request, run);
      }),
    async cancel(job) {
      jobs.get(job)?.abort();
    },
    list: async (workbook) => (await store()).list(workbook),
    get: async (id, version) => (await store()).get(id, version),
    versions: async (id) => (await store()).versions(id),
    async readColumns(id, names, version) {
      warm ??= new WarmColumns(await store());
      const columns = await warm.read(id, names, version);
      const own = columns.filter(({ column }) => !warm?.isKept(column));
      return transfer(columns, transferablesOf(own.map(({ column }) => column)));
    },
    readRows: async (id, names, start, end, version) =>
      handOver(await (await store()).readRows(id, names, start, end, version)),
    write: async (request) => (await store()).write(request),
    rename: async (id, name) => (await store()).rename(id, name),
    remove: async (id) => (await store()).remove(id),
    removeWorkbook: async (workbook) => (await store()).removeWorkbook(workbook),
    undo: async (id) => (await store()).undo(id),
    redo: async (id) => (await store()).redo(id),
    async rejects(id, version) {
      const rejects = await (await store()).rejects(id, version);
      return transfer(rejects, transferablesOf(rejects.columns.map(({ column }) => column)));
    },
    ...queryService({ store, asJob, transfer, handOver }),
    ...stepsService({ store, asJob }),
    usage: async () => (await store()).usage(),
    exportCsv: (job, id, options, onProgress) =>
      asJob(job, async (signal) => await storedCsv(await store(), id, options, signal, onProgress)),
    exportRejects: async (id, version) => exportRejects(await store(), id, version),
    exportTable: (job, id, format, options, onProgress) =>
      asJob(job, async (signal) => await exportStored(await store(), id, format, options, signal, onProgress)),
  });
}

/** One row group at a time; the browser keeps the pieces of a Blob on disk where they are large. */
async function storedCsv(
  store: TableStore,
  id: string,
  options: CsvOptions & { version?: number; columns?: readonly string[] },
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Blob> {
  const meta = await store.get(id, options.version);
  const names = options.columns ?? meta.columns.map(({ name }) => name);
  let blob = new Blob([csvHead(names, options)], { type: 'text/csv;charset=utf-8' });
  for (let from = 0; from < meta.rows; from += meta.groupRows) {
    signal.throwIfAborted();
    const to = Math.min(meta.rows, from + meta.groupRows);
    const columns = (await store.readRows(id, names, from, to, meta.version)).map(({ column }) => column);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let row = 0; row < to - from; row += 8192) {
      pieces.push(csvRows(columns, row, Math.min(to - from, row + 8192), options));
    }
    blob = new Blob([blob, ...pieces], { type: blob.type });
    onProgress(to, meta.rows);
  }
  return blob;
}

/** Each buffer of the columns once; shared memory is not handed over. */
function transferablesOf(columns: readonly Column[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of columns) {
    for (const { buffer } of buffersOf(column)) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
  }
  return [...buffers];
}

/** How a `TableError` crosses threads: structured cloning keeps only the message of an error of a class of our own. */
interface PortableError {
  readonly tableError: true;
  readonly code: TableErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

function withPortableErrors(service: TablesService): TablesService {
  const portable = Object.entries(service).map(([name, call]) => [
    name,
    async (...parameters: unknown[]) => {
      try {
        return await (call as (...parameters: unknown[]) => unknown)(...parameters);
      } catch (error) {
        if (!(error instanceof TableError)) throw error;
        const { code, message, details } = error;
        throw { tableError: true, code, message, details } satisfies PortableError;
      }
    },
  ]);
  return Object.fromEntries(portable);
}

/** The error as it was thrown in the worker. */
export function revivedError(error: unknown): unknown {
  const portable = error as PortableError | null;
  if (typeof portable !== 'object' || portable?.tableError !== true) return error;
  return new TableError(portable.code, portable.message, portable.details);
}
