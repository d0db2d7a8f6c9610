import type { ColumnChunk } from './chunk.ts';

/** Takes the row groups of columns as they are built. Columns are numbered as in the file, skipped ones counted. */
export interface TableSink {
  /** One row group of one column. Groups of a column come in order. */
  chunk(column: number, group: number, chunk: ColumnChunk): void;
  /** Column `column` is built again from its first group: what came so far is void. */
  restart(column: number): void;
  /** Resolves once the sink has room for more. */
  ready(): Promise<void>;
}

/** Keeps everything in memory. */
export class MemorySink implements TableSink {
  readonly #columns = new Map<number, ColumnChunk[]>();

  chunk(column: number, _group: number, chunk: ColumnChunk): void {
    this.chunksOf(column).push(chunk);
  }

  restart(column: number): void {
    this.#columns.delete(column);
  }

  async ready(): Promise<void> {
    // Memory has room until it has not; then the allocation itself fails.
  }

  /** The column's groups so far. */
  chunksOf(column: number): ColumnChunk[] {
    let chunks = this.#columns.get(column);
    if (!chunks) {
      chunks = [];
      this.#columns.set(column, chunks);
    }
    return chunks;
  }
}
