import type { AnalysisContribution, JsonObject } from '@patron/sdk';
import { expose, transfer } from 'comlink';
import { weighPayload } from '../platform/index.ts';
import type { LoadedTable } from './bind-role.ts';
import { type BoundRun, bindRun } from './bind-run.ts';
import { BindingError, type BindingFault } from './binding-error.ts';
import type { RunRequest } from './request.ts';
import { shareColumns } from './share-columns.ts';

export type BindingOutcome = { readonly bound: BoundRun } | { readonly fault: BindingFault; readonly path: string };

/**
 * What the binding worker offers: filtering, multiplying and gathering millions of rows away from the main thread. A method
 * must not be called `bind`: comlink takes that for `Function.prototype.bind`.
 */
export interface BindingWorker {
  /**
   * `tables` by role, with the needed columns; their buffers were transferred here and go on in the answer. With `share`, large
   * ones go into shared memory.
   */
  bindRoles(
    analysis: AnalysisContribution,
    request: RunRequest,
    parameters: JsonObject,
    tables: Readonly<Record<string, LoadedTable>>,
    share: boolean,
  ): Promise<BindingOutcome>;
}

/** Serves `BindingWorker` from the worker this runs in. */
export function serveBinding(): void {
  const worker: BindingWorker = {
    async bindRoles(analysis, request, parameters, tables, share) {
      try {
        const loaded = Object.fromEntries(
          Object.entries(tables).map(([role, table]) => [role, { ...table, load: async () => table.columns }]),
        );
        const { inputs, counts } = await bindRun(analysis, request, parameters, loaded);
        const bound = { inputs: share ? shareColumns(inputs) : inputs, counts };
        return transfer({ bound }, [...weighPayload(bound).buffers]);
      } catch (error) {
        if (error instanceof BindingError) return { fault: error.fault, path: error.path ?? '' };
        throw error;
      }
    },
  };
  expose(worker);
}
