import type { PluginCode } from '@patron/sdk';
import { toDisposable } from './disposable.ts';
import { servePlugin } from './plugin-end.ts';
import type { PluginTransport } from './transport.ts';

/** Runs a plugin in the host's own thread, over a real port: for Node and for tests. The protocol is the same. */
export function inProcessTransport(load: () => PluginCode | Promise<PluginCode>): PluginTransport {
  return {
    kind: 'in-process',
    sharesMemory: true,
    ownThread: false,
    startTimeout: 60_000,
    start() {
      const { port1, port2 } = new MessageChannel();
      servePlugin(port2, load);
      return {
        port: port1,
        onError: () => toDisposable(() => {}),
        kill: () => {
          port1.close();
          port2.close();
        },
      };
    },
  };
}
