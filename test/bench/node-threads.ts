import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PluginCode, Threads } from '../../src/sdk/index.ts';
import { threadsOf } from '../../src/sdk/testing.ts';

/** Threads that end with the bench. */
export interface NodeThreads extends Threads {
  stop(): Promise<void>;
}

/**
 * A plugin's kernels on two threads of Node, as its workers are in the app: the first inputs here, the others meanwhile in the
 * second thread.
 *
 * @param module address of the module that exports the plugin
 */
export async function twoThreads(module: URL): Promise<NodeThreads> {
  const { plugin } = (await import(module.href)) as { plugin: PluginCode };
  // A worker of Node reads TypeScript only once it has been told how.
  const worker = new URL('./kernel.worker.ts', import.meta.url).href;
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import('${worker}')))`;
  const second = new Worker(start, { eval: true, workerData: { module: module.href } });
  await once(second, 'message');
  const here = threadsOf(plugin);
  return {
    threads: 2,
    async spread<Output>(kernel: string, inputs: readonly unknown[]): Promise<Output[]> {
      const own = Math.ceil(inputs.length / 2);
      const further = once(second, 'message');
      second.postMessage({ kernel, inputs: inputs.slice(own) });
      const first = await here.spread<Output>(kernel, inputs.slice(0, own));
      const [rest] = (await further) as [Output[]];
      return [...first, ...rest];
    },
    async stop() {
      await second.terminate();
    },
  };
}
