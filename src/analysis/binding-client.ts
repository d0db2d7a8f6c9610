import type { AnalysisContribution, JsonObject } from '@patron/sdk';
import { type Remote, transfer, wrap } from 'comlink';
import { weighPayload } from '../platform/index.ts';
import type { LoadedTable } from './bind-role.ts';
import type { BoundRun } from './bind-run.ts';
import { BindingError } from './binding-error.ts';
import type { BindingWorker } from './binding-worker.ts';
import type { RunRequest } from './request.ts';

/**
 * Binds in a worker of its own that ends with the run; an abort ends it at once. With `share`, large columns come back in shared
 * memory where the page may have it.
 * @throws BindingError as `bindRun` does; the signal's reason where it aborts.
 */
export async function bindInWorker(
  analysis: AnalysisContribution,
  request: RunRequest,
  parameters: JsonObject,
  tables: Readonly<Record<string, LoadedTable>>,
  { signal, share }: { readonly signal: AbortSignal; readonly share: boolean },
): Promise<BoundRun> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('../../workers/binding.ts', import.meta.url), { type: 'module', name: 'binding' });
  const remote: Remote<BindingWorker> = wrap<BindingWorker>(worker);
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(`The binding worker failed: ${event.message}`)));
  });
  try {
    const handed = transfer(tables, [...weighPayload(tables).buffers]);
    const outcome = await Promise.race([remote.bindRoles(analysis, request, parameters, handed, share), ended]);
    if ('fault' in outcome) throw new BindingError(outcome.fault, outcome.path);
    return outcome.bound;
  } finally {
    worker.terminate();
  }
}
