import type { Remote } from 'comlink';
import { TableError } from './table-error.ts';
import { type Connection, callOver, connect, watchForLife } from './worker-connection.ts';
import type { TablesService } from './worker-service.ts';

/** How long cancelled work may take to clean up before its worker is ended. */
const PATIENCE = 2000;

export interface LoneWork {
  readonly signal?: AbortSignal;
  /** The file that is read: a damaged one can stick its reader, so the worker is watched for signs of life. */
  readonly file?: string;
}

/** Work that has a worker of its own, so that sheets stay alive meanwhile and it can be ended at any point. */
export class LoneWorkers {
  readonly #database: string;
  readonly #silence: number;
  readonly #working = new Set<Connection>();
  #nextJob = 1;

  /** `silence`: milliseconds without a sign of life after which a file is taken to have stuck its reader. */
  constructor(database: string, silence: number) {
    this.#database = database;
    this.#silence = silence;
  }

  /** @throws the signal's reason once aborted. */
  async run<Result>(
    { signal, file }: LoneWork,
    call: (service: Remote<TablesService>, job: number) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const connection = connect(this.#database);
    this.#working.add(connection);
    const job = this.#nextJob++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      connection.opened.then(() => connection.service.cancel(job)).catch(() => undefined);
      timer = setTimeout(() => connection.close(new TableError('closed', 'The work was ended.')), PATIENCE);
    };
    signal?.addEventListener('abort', end, { once: true });
    const unwatch = file === undefined ? undefined : watchForLife(connection, file, this.#silence);
    try {
      return await callOver(connection, (service) => call(service, job));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      unwatch?.();
      signal?.removeEventListener('abort', end);
      this.#working.delete(connection);
      connection.close(new TableError('closed', 'The work is over.'));
    }
  }

  close(error: TableError): void {
    for (const connection of this.#working) connection.close(error);
  }
}
