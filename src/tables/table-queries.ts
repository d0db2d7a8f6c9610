import type { Column } from '@patron/sdk';
import { ColumnCache } from './column-cache.ts';
import { type ColumnStatistics, columnStatistics } from './column-statistics.ts';
import { gatherRows } from './gather-rows.ts';
import type { NamedColumn } from './import-options.ts';
import { filterMatcher, type RowFilter } from './row-filter.ts';
import { type RowSort, sortIndex } from './row-order.ts';
import type { TableStore } from './table-store.ts';

/** Which rows of a table, and in what order. */
export interface RowQuery {
  /** All of them hold for a row that is kept. */
  readonly filters?: readonly RowFilter[];
  /** The first key counts most; rows that agree in all keys stay in the table's order. */
  readonly sort?: readonly RowSort[];
  readonly version?: number;
  /** For the alphabetical order of texts. */
  readonly locale?: string;
}

const CACHED_BYTES = 512 << 20;
const ROWS_AT_A_TIME = 1 << 20;

/** Questions about the rows of a stored table. Answers are lists of row numbers: rows themselves never move. */
export class TableQueries {
  readonly #store: TableStore;
  readonly #cache = new ColumnCache(CACHED_BYTES);

  constructor(store: TableStore) {
    this.#store = store;
  }

  /** The rows that are asked for, as row numbers in order. @throws the signal's reason once aborted. */
  async rowIndex(id: string, query: RowQuery, signal: AbortSignal): Promise<Uint32Array<ArrayBuffer>> {
    const { rows, version } = await this.#store.get(id, query.version);
    const pause = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    };
    let index = await this.#filtered(id, version, rows, query.filters ?? [], pause);
    for (const { column, descending = false } of [...(query.sort ?? [])].reverse()) {
      const keys = await this.#column(id, version, column);
      await pause();
      index = await sortIndex(index, keys, descending, query.locale ?? 'en', pause);
    }
    return index;
  }

  async #filtered(
    id: string,
    version: number,
    rows: number,
    filters: readonly RowFilter[],
    pause: () => Promise<void>,
  ): Promise<Uint32Array<ArrayBuffer>> {
    if (filters.length === 0) {
      const all = new Uint32Array(rows);
      for (let row = 0; row < rows; row++) all[row] = row;
      return all;
    }
    const matches = new Uint8Array(rows).fill(1);
    for (const filter of filters) {
      const match = filterMatcher(await this.#column(id, version, filter.column), filter);
      for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
        match(matches, from, Math.min(rows, from + ROWS_AT_A_TIME));
        await pause();
      }
    }
    let count = 0;
    for (let row = 0; row < rows; row++) count += matches[row];
    const index = new Uint32Array(count);
    let at = 0;
    for (let row = 0; row < rows; row++) if (matches[row] !== 0) index[at++] = row;
    return index;
  }

  /** The rows that `index` names, of some columns. */
  async readRowsAt(id: string, names: readonly string[], index: Uint32Array, version?: number): Promise<NamedColumn[]> {
    const meta = await this.#store.get(id, version);
    const columns: NamedColumn[] = [];
    for (const name of names) {
      columns.push({ name, column: gatherRows(await this.#column(id, meta.version, name), index) });
    }
    return columns;
  }

  async statistics(id: string, name: string, version?: number): Promise<ColumnStatistics> {
    const meta = await this.#store.get(id, version);
    return columnStatistics(await this.#column(id, meta.version, name));
  }

  #column(id: string, version: number, name: string): Promise<Column> {
    return this.#cache.get(`${id} ${version} ${name}`, async () => {
      const [{ column }] = await this.#store.readColumns(id, [name], version);
      return column;
    });
  }
}
