import type { Disposable } from './disposable.ts';

/** A plugin's thread that was started, or, in-process, the appearance of one. */
export interface PluginThread {
  /** The host's end. */
  readonly port: MessagePort;
  /** Called with what the thread's environment says went wrong: a script that does not load, an uncaught error. */
  onError(listener: (message: string) => void): Disposable;
  /** Ends it at once, whatever it is doing, and frees what it holds. Calls after the first are a no-op. */
  kill(): void;
}

/** How a plugin's code is run. */
export interface PluginTransport {
  readonly kind: 'worker' | 'in-process' | 'sandbox';
  /** Whether columns in shared memory can be handed over as they are. */
  readonly sharesMemory: boolean;
  /** Whether it runs beside the host, so that it can hang and be killed. */
  readonly ownThread: boolean;
  /** Milliseconds it has from its start until it is ready. */
  readonly startTimeout: number;
  start(): PluginThread | Promise<PluginThread>;
}
