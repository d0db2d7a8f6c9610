import type { Detection, ImportOptions, ImportProgress, NamedColumn, Rejects } from './import-options.ts';
import type { TableMeta, TableSource } from './schema.ts';

/** What a new table, or a new version of one, is to be. */
export interface WriteRequest {
  readonly workbook: string;
  readonly name: string;
  readonly columns: readonly NamedColumn[];
  readonly source: TableSource;
  /** The table that gets a new version; a new table where absent. */
  readonly tableId?: string;
  /** Units by column name, as in `ColumnMeta.unit`. */
  readonly units?: Readonly<Record<string, string>>;
}

export interface ImportRequest {
  readonly workbook: string;
  /** Default: the file's name without its extension. */
  readonly name?: string;
  readonly options?: ImportOptions;
  /** The table that gets a new version: what the file holds, or what there was and the file's rows below it. */
  readonly tableId?: string;
  readonly mode?: 'replace' | 'append';
  /** What the table is recorded to come from. Default: the file. */
  readonly source?: TableSource;
  /** Units by column, where the file's format has none. */
  readonly units?: Readonly<Record<string, string>>;
  /** What was set aside when the table was first read, as a file of its columns. */
  readonly rejects?: { readonly file: Blob } & Pick<Rejects, 'count' | 'byReason'>;
}

export interface ImportedTable {
  readonly meta: TableMeta;
  readonly detection: Detection;
  readonly rejects: Pick<Rejects, 'count' | 'byReason'>;
}

export interface ImportRun {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}
