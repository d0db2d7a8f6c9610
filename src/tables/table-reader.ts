import type { Column, ColumnType } from '@patron/sdk';
import type { FileSource } from './file-source.ts';
import type { Detection, ImportOptions, ImportProgress, RejectReason } from './import-options.ts';
import type { TableFormat } from './schema.ts';

/** What a reader is handed beside the file. */
export interface ReadContext {
  readonly signal: AbortSignal;
  onProgress(progress: ImportProgress): void;
  /** Keeps what a cell or line could not carry. `line` is 1-based in the file, or the row where there are no lines. */
  reject(line: number, column: string, raw: string, reason: RejectReason): void;
}

/** Some rows of a table: one column for each of the reader's columns, all of one length. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** What a reader found, and its rows in batches of any size. */
export interface OpenedTable {
  readonly detection: Detection;
  /** In the order of the batches' columns, skipped ones left out. The type of a column is the same in all batches. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly unit?: string }[];
  readonly batches: AsyncIterable<ColumnBatch>;
  /** Rows of the whole file, where the file says so. */
  readonly rows?: number;
}

/** One file format. A reader never holds more of the file than it needs and throws `TableError` for a bad file. */
export interface TableReader {
  readonly format: TableFormat;
  /** How sure the reader is that the file is its own, from 0 (not at all) to 1, by name and first bytes. */
  sniff(name: string, head: Uint8Array): number;
  open(source: FileSource, options: ImportOptions, context: ReadContext): Promise<OpenedTable>;
}
