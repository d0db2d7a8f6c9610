import type { Remote } from 'comlink';
import { TableError } from './table-error.ts';
import { type Connection, callOver, connect } from './worker-connection.ts';
import type { TablesService } from './worker-service.ts';

/** Milliseconds in which a question that is no longer wanted may stop by itself. */
const PATIENCE = 1500;

type Question<Result> = (service: Remote<TablesService>, job: number) => Promise<Result>;

const OUT_OF_MEMORY = 'The browser gave no more memory. Work with fewer rows or columns, or close other tabs.';

/**
 * A worker that answers one question after another and keeps what it has read for the next. A question that is cancelled
 * fails at once with the signal's reason; where the worker is too deep in it to hear, it is ended and the next question
 * starts another. `idle`: milliseconds without a question after which it is ended, too, and its memory given back.
 */
export class AskedWorker {
  readonly #database: string;
  readonly #idle: number | undefined;
  #connection: Connection | undefined;
  #nextJob = 1;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(database: string, idle?: number) {
    this.#database = database;
    this.#idle = idle;
  }

  async ask<Result>(signal: AbortSignal | undefined, call: Question<Result>): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new TableError('closed', 'The tables are closed.');
    this.#connection ??= connect(this.#database);
    const connection = this.#connection;
    try {
      return await this.#askOver(connection, signal, call);
    } catch (error) {
      // The worker was ended for the sake of another question, which was cancelled: this one goes to the next worker.
      const isLost = error instanceof TableError && error.code === 'closed' && this.#connection !== connection;
      if (isLost && !this.#isClosed && !signal?.aborted) return await this.ask(signal, call);
      throw isOutOfMemory(error) ? new TableError('too-large', OUT_OF_MEMORY, {}, error) : error;
    }
  }

  async #askOver<Result>(
    connection: Connection,
    signal: AbortSignal | undefined,
    call: Question<Result>,
  ): Promise<Result> {
    const job = this.#nextJob++;
    this.#asked++;
    clearTimeout(this.#timer);
    const answer = callOver(connection, (service) => call(service, job)).finally(() => this.#rest());
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

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#end(this.#connection, 'The tables are closed.');
  }

  #rest(): void {
    this.#asked--;
    if (this.#idle === undefined || this.#asked > 0 || this.#isClosed) return;
    const connection = this.#connection;
    this.#timer = setTimeout(() => this.#end(connection, 'The worker was idle.'), this.#idle);
  }

  #end(connection: Connection | undefined, why: string): void {
    if (this.#connection === connection) this.#connection = undefined;
    connection?.close(new TableError('closed', why));
  }

  #stop(connection: Connection, job: number, answer: Promise<unknown>): void {
    void callOver(connection, (service) => service.cancel(job)).catch(() => undefined);
    const timer = setTimeout(() => this.#end(connection, 'The question was ended.'), PATIENCE);
    const ended = (): void => clearTimeout(timer);
    answer.then(ended, ended);
  }
}

/** How an array that does not fit fails, here or in a worker. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.name === 'RangeError' && /allocation|array length/i.test(error.message);
}
