import { type Remote, releaseProxy, wrap } from 'comlink';
import { TableError } from './table-error.ts';
import { revivedError, type TablesService } from './worker-service.ts';

/** A worker with the calls that wait for it: when it goes, they fail rather than wait for ever. */
export interface Connection {
  readonly service: Remote<TablesService>;
  readonly pending: Set<(error: unknown) => void>;
  readonly opened: Promise<void>;
  close(error: TableError): void;
}

/** Starts a worker on a database. */
export function connect(database: string): Connection {
  const worker = new Worker(new URL('../../workers/tables.ts', import.meta.url), { type: 'module', name: 'tables' });
  const service = wrap<TablesService>(worker);
  const pending = new Set<(error: unknown) => void>();
  let isClosed = false;
  const close = (error: TableError): void => {
    if (isClosed) return;
    isClosed = true;
    for (const fail of pending) fail(error);
    pending.clear();
    service[releaseProxy]();
    worker.terminate();
  };
  worker.onerror = (event) => {
    close(new TableError('storage-failed', `The tables' worker failed: ${event.message} Reload the page.`));
  };
  const opened = service.open(database);
  // Heard by whoever calls first.
  opened.catch(() => undefined);
  return { service, pending, opened, close };
}

/** Calls the worker once its database is open; fails when the connection is closed before it answers. */
export async function callOver<Result>(
  { service, pending, opened }: Connection,
  call: (service: Remote<TablesService>) => Promise<Result>,
): Promise<Result> {
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  pending.add(fail);
  try {
    return await Promise.race([ended, opened.then(() => call(service))]);
  } catch (error) {
    throw revivedError(error);
  } finally {
    pending.delete(fail);
  }
}

/**
 * Ends a worker that gives no sign of life for `silence` milliseconds: a damaged file can send a format's library round in
 * circles for ever. Returns what ends the watch.
 */
export function watchForLife(connection: Connection, name: string, silence: number): () => void {
  let heard = performance.now();
  let asked = false;
  const timer = setInterval(() => {
    if (performance.now() - heard > silence) {
      const text = `'${name}' is damaged: reading it made no headway for ${Math.round(silence / 1000)} s. Export it again.`;
      connection.close(new TableError('bad-file', text, { file: name }));
    } else if (!asked) {
      asked = true;
      connection.opened
        .then(() => connection.service.ping())
        .then(
          () => {
            heard = performance.now();
            asked = false;
          },
          () => undefined,
        );
    }
  }, silence / 10);
  return () => clearInterval(timer);
}
