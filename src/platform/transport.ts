import type { Disposable } from './disposable.ts';

/** What the environment of a plugin's thread says went wrong; `broke` where the plugin broke the protocol and must end. */
export interface ThreadFault {
  readonly text: string;
  readonly broke: boolean;
}

/** What the connection needs of a port. A MessagePort is one; so is, with two empty methods, a worker. */
export interface WirePort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  start(): void;
  close(): void;
}

/** A plugin's thread that was started, or, in-process, the appearance of one. */
export interface PluginThread {
  /** The host's end. */
  readonly port: WirePort;
  /** Called with a script that does not load, an uncaught error, a message that may not pass. */
  onError(listener: (fault: ThreadFault) => void): Disposable;
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
