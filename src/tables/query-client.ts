import { proxy } from 'comlink';
import { AskedWorker } from './asked-worker.ts';
import type { ColumnStatistics } from './column-statistics.ts';
import type { FoundCells } from './find-cells.ts';
import type { ColumnQuery, FindQuery, RowQuery, ValuesQuery } from './table-queries.ts';
import type { FrequentValues } from './value-counts.ts';

/** What one may want of a question while it is being answered. */
export interface Asking {
  readonly signal?: AbortSignal;
  /** How far it is, from 0 to 1; now and then. */
  onShare?(share: number): void;
}

/**
 * Questions about the rows of tables: which, in what order, where a text stands, what a column holds. They are answered in
 * a worker of their own, so that sheets scroll meanwhile. A question that is cancelled fails at once with the signal's
 * reason; where its worker is too deep in it to hear, the worker is ended and the next question starts another.
 */
export class QueryClient {
  readonly #worker: AskedWorker;

  constructor(database: string) {
    this.#worker = new AskedWorker(database);
  }

  /** The rows that fulfil all filters, as row numbers in the order asked for; in shared memory where the page is isolated. */
  rowIndex(tableId: string, query: RowQuery, asking: Asking = {}): Promise<Uint32Array> {
    const onShare = proxy((share: number) => asking.onShare?.(share));
    return this.#worker.ask(asking.signal, (service, job) => service.rowIndex(job, tableId, query, onShare));
  }

  /** Count, distinct, missing, range, moments, quantiles, histogram and most frequent values of a column. */
  statistics(tableId: string, query: ColumnQuery, asking: Asking = {}): Promise<ColumnStatistics> {
    return this.#worker.ask(asking.signal, (service, job) => service.statistics(job, tableId, query));
  }

  /** The most frequent values of a column, or of those that hold a text. */
  values(tableId: string, query: ValuesQuery, asking: Asking = {}): Promise<FrequentValues> {
    return this.#worker.ask(asking.signal, (service, job) => service.values(job, tableId, query));
  }

  /** The cells that hold a text. */
  find(tableId: string, query: FindQuery, asking: Asking = {}): Promise<FoundCells> {
    const onShare = proxy((share: number) => asking.onShare?.(share));
    return this.#worker.ask(asking.signal, (service, job) => service.find(job, tableId, query, onShare));
  }

  close(): void {
    this.#worker.close();
  }
}
