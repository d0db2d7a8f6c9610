import { type Disposable, toDisposable } from './disposable.ts';
import type { PluginThread, PluginTransport } from './transport.ts';

/** Runs a first-party plugin in a module worker of its own; the worker's first message is `{ port }`. */
export function workerTransport(makeWorker: () => Worker): PluginTransport {
  return {
    kind: 'worker',
    sharesMemory: true,
    ownThread: true,
    startTimeout: 30_000,
    start: () => threadOf(makeWorker()),
  };
}

function threadOf(worker: Worker): PluginThread {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port2 }, [port2]);
  return {
    port: port1,
    onError(listener): Disposable {
      const tell = (event: ErrorEvent): void => {
        event.preventDefault();
        listener({ text: event.message || 'The script of the plugin could not be loaded.', broke: false });
      };
      worker.addEventListener('error', tell);
      return toDisposable(() => worker.removeEventListener('error', tell));
    },
    kill() {
      worker.terminate();
      port1.close();
    },
  };
}
