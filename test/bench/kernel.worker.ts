import { parentPort, workerData } from 'node:worker_threads';
import type { PluginCode } from '../../src/sdk/index.ts';

const { plugin } = (await import(workerData.module)) as { plugin: PluginCode };

parentPort?.on('message', ({ kernel, inputs }: { kernel: string; inputs: readonly unknown[] }) => {
  parentPort?.postMessage(inputs.map((input) => plugin.kernels?.[kernel]?.(input)));
});

parentPort?.postMessage('ready');
