import { DisposableStore, toDisposable } from '../disposable.ts';
import type { PluginThread, PluginTransport, ThreadFault, WirePort } from '../transport.ts';
import { frameDocument } from './bootstrap.ts';

/** What a sandboxed plugin is made of. */
export interface SandboxSource {
  /** The platform's end in the worker, a classic script; see `prelude.ts`. */
  readonly prelude: string;
  /** The plugin's bundle, a classic script that sets the global `patronPlugin`. */
  readonly bundle: string;
  /** Starts the guard, `workers/sandbox-guard.ts`. */
  readonly makeGuard: () => Worker;
}

/**
 * Runs a stranger's plugin: a hidden frame of an origin of its own, allowed nothing, starts a classic worker with the bundle.
 * Between that worker and the page stands the guard, a worker of the house that reads every message before the page does.
 * Removing the frame ends the plugin, whatever it is doing.
 */
export function sandboxTransport(source: SandboxSource): PluginTransport {
  return {
    kind: 'sandbox',
    // The page shares memory with the guard, and the guard copies it for the plugin.
    sharesMemory: true,
    ownThread: true,
    startTimeout: 10_000,
    start: () => startSandbox(source),
  };
}

async function startSandbox({ prelude, bundle, makeGuard }: SandboxSource): Promise<PluginThread> {
  const store = new DisposableStore();
  const listeners = new Set<(fault: ThreadFault) => void>();
  const tell = (fault: ThreadFault): void => {
    for (const listener of [...listeners]) listener(fault);
  };
  const inner = new MessageChannel();
  const report = new MessageChannel();

  const guard = makeGuard();
  store.defer(() => guard.terminate());
  guard.addEventListener('error', (event) =>
    tell({ text: event.message || 'The guard of the sandbox failed.', broke: true }),
  );
  const refused = new MessageChannel();
  refused.port1.addEventListener('message', (event: MessageEvent<string>) => tell({ text: event.data, broke: true }));
  refused.port1.start();
  store.defer(() => refused.port1.close());
  guard.postMessage({ plugin: inner.port1, refused: refused.port2 }, [inner.port1, refused.port2]);

  report.port1.addEventListener('message', (event: MessageEvent<unknown>) => {
    tell({ text: String(event.data).slice(0, 1000), broke: false });
  });
  report.port1.start();
  store.defer(() => report.port1.close());

  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', '');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.style.display = 'none';
  frame.srcdoc = frameDocument();
  store.defer(() => frame.remove());
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  frame.contentWindow?.postMessage(`${prelude}\n${bundle}\n`, '*', [inner.port2, report.port2]);
  return {
    port: portOf(guard),
    onError(listener) {
      listeners.add(listener);
      return toDisposable(() => listeners.delete(listener));
    },
    kill: () => store.dispose(),
  };
}

/**
 * The guard itself as the port: what is transferred to a worker changes hands, while a port between two threads copies it, and
 * columns are large.
 */
function portOf(guard: Worker): WirePort {
  return {
    postMessage: (message, transfer) => guard.postMessage(message, transfer),
    addEventListener: (type, listener) => guard.addEventListener(type, listener),
    removeEventListener: (type, listener) => guard.removeEventListener(type, listener),
    start() {},
    close() {},
  };
}
