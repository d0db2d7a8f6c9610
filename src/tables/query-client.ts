import { proxy, type Remote } from 'comlink';
import type { ColumnStatistics } from './column-statistics.ts';
import type { FoundCells } from './find-cells.ts';
import { TableError } from './table-error.ts';
import type { ColumnQuery, FindQuery, RowQuery, ValuesQuery } from './table-queries.ts';
import type { FrequentValues } from './value-counts.ts';
import { type Connection, callOver, connect } from './worker-connection.ts';
import type { TablesService } from './worker-service.ts';

/** What one may want of a question while it is being answered. */
export interface Asking {
  readonly signal?: AbortSignal;
  /** How far it is, from 0 to 1; now and then. */
  onShare?(share: number): void;
}

/** Milliseconds in which a question that is no longer wanted may stop by itself. */
const PATIENCE = 1500;

/**
 * Questions about the rows of tables: which, in what order, where a text stands, what a column holds. They are answered in
 * a worker of their own, so that sheets scroll meanwhile. A question that is cancelled fails at once with the signal's
 * reason; where its worker is too deep in it to hear, the worker is ended and the next question starts another.
 */
export class QueryClient {
  readonly #database: string;
  #connection: Connection | undefined;
  #nextJob = 1;
  #isClosed = false;

  constructor(database: string) {
    this.#database = database;
  }

  /** The rows that fulfil all filters, as row numbers in the order asked for; in shared memory where the page is isolated. */
  rowIndex(tableId: string, query: RowQuery, asking: Asking = {}): Promise<Uint32Array> {
    const onShare = proxy((share: number) => asking.onShare?.(share));
    return this.#ask(asking, (service, job) => service.rowIndex(job, tableId, query, onShare));
  }

  /** Count, distinct, missing, range, moments, quantiles, histogram and most frequent values of a column. */
  statistics(tableId: string, query: ColumnQuery, asking: Asking = {}): Promise<ColumnStatistics> {
    return this.#ask(asking, (service, job) => service.statistics(job, tableId, query));
  }

  /** The most frequent values of a column, or of those that hold a text. */
  values(tableId: string, query: ValuesQuery, asking: Asking = {}): Promise<FrequentValues> {
    return this.#ask(asking, (service, job) => service.values(job, tableId, query));
  }

  /** The cells that hold a text. */
  find(tableId: string, query: FindQuery, asking: Asking = {}): Promise<FoundCells> {
    const onShare = proxy((share: number) => asking.onShare?.(share));
    return this.#ask(asking, (service, job) => service.find(job, tableId, query, onShare));
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close(new TableError('closed', 'The tables are closed.'));
  }

  async #ask<Result>(
    { signal }: Asking,
    call: (service: Remote<TablesService>, job: number) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new TableError('closed', 'The tables are closed.');
    this.#connection ??= connect(this.#database);
    const connection = this.#connection;
    const job = this.#nextJob++;
    const answer = callOver(connection, (service) => call(service, job));
    if (!signal) return await answer;
    const cancelled = new Promise<never>((_, reject) => {
      const cancel = (): void => {
        reject(signal.reason);
        this.#stop(connection, job, answer);
      };
      signal.addEventListener('abort', cancel, { once: true });
      const forget = (): void => signal.removeEventListener('abort', cancel);
      answer.then(forget, forget);
    });
    return await Promise.race([answer, cancelled]);
  }

  #stop(connection: Connection, job: number, answer: Promise<unknown>): void {
    void callOver(connection, (service) => service.cancel(job)).catch(() => undefined);
    const timer = setTimeout(() => {
      if (this.#connection === connection) this.#connection = undefined;
      connection.close(new TableError('closed', 'The question was ended.'));
    }, PATIENCE);
    const ended = (): void => clearTimeout(timer);
    answer.then(ended, ended);
  }
}
