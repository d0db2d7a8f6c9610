import { type Column, canShare } from '@patron/sdk';
import { ColumnCache, cacheBudget } from './column-cache.ts';
import type { NamedColumn } from './import-options.ts';
import type { TableStore } from './table-store.ts';

/**
 * Whole columns for other threads. Where the page is isolated they lie in shared memory, are kept for the next reader within a
 * budget, the one not used for longest going first, and are handed out without a copy. What is handed out is only to be read.
 */
export class WarmColumns {
  readonly #store: TableStore;
  readonly #cache: ColumnCache;

  constructor(store: TableStore, budget = cacheBudget()) {
    this.#store = store;
    this.#cache = new ColumnCache(budget);
  }

  async read(id: string, names: readonly string[], version?: number): Promise<NamedColumn[]> {
    if (!canShare()) return await this.#store.readColumns(id, names, version);
    const meta = await this.#store.get(id, version);
    const columns: NamedColumn[] = [];
    for (const name of names) {
      const layout = meta.columns.find((column) => column.name === name)?.layout;
      // Plain text is not shared: kept, it would have to be copied each time.
      const isKept = layout !== 'plain';
      const key = `${id} ${meta.version} ${name}`;
      const read = (): Promise<Column> => this.#readOne(id, name, meta.version);
      columns.push({ name, column: await (isKept ? this.#cache.get(key, read) : read()) });
    }
    return columns;
  }

  async #readOne(id: string, name: string, version: number): Promise<Column> {
    const [{ column }] = await this.#store.readColumns(id, [name], version, true);
    return column;
  }

  /** The buffers of columns that were read, and that are the reader's alone: they are handed over rather than copied. */
  isKept(column: Column): boolean {
    return this.#cache.holds(column);
  }
}
