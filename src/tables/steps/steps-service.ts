import { blobSource } from '../file-source.ts';
import type { ImportProgress } from '../import-options.ts';
import type { TableMeta } from '../schema.ts';
import { type OnShare, seldom } from '../seldom.ts';
import type { TableStore } from '../table-store.ts';
import type { CellFix, HistoryEntry, MergePreview, MergeRule, Step, StepPreview } from './step.ts';
import { type StepTarget, TableSteps } from './table-steps.ts';

/** The shaping that the worker does. Calls that can be cancelled carry a job number. */
export interface StepsService {
  previewSteps(job: number, id: string, steps: readonly Step[]): Promise<StepPreview>;
  applySteps(job: number, id: string, steps: readonly Step[], target: StepTarget, onShare: OnShare): Promise<TableMeta>;
  previewMerge(job: number, id: string, file: Blob, fileName: string, rule: MergeRule): Promise<MergePreview>;
  mergeFile(
    job: number,
    id: string,
    file: Blob,
    fileName: string,
    rule: MergeRule,
    onProgress: (progress: ImportProgress) => void,
  ): Promise<TableMeta>;
  fixRejects(
    job: number,
    id: string,
    fixes: readonly CellFix[],
  ): Promise<{ meta: TableMeta; fixed: number; left: number }>;
  history(id: string): Promise<HistoryEntry[]>;
}

interface ServiceParts {
  readonly store: () => Promise<TableStore>;
  asJob<Result>(job: number, run: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

export function stepsService({ store, asJob }: ServiceParts): StepsService {
  let steps: TableSteps | undefined;
  const shape = async (): Promise<TableSteps> => {
    steps ??= new TableSteps(await store());
    return steps;
  };
  return {
    previewSteps: (job, id, asked) => asJob(job, async (signal) => (await shape()).preview(id, asked, signal)),
    applySteps: (job, id, asked, target, onShare) =>
      asJob(job, async (signal) => (await shape()).apply(id, asked, target, { signal, onShare: seldom(onShare) })),
    previewMerge: (job, id, file, fileName, rule) =>
      asJob(job, async (signal) => (await shape()).previewMerge(id, blobSource(file, fileName), rule, { signal })),
    mergeFile: (job, id, file, fileName, rule, onProgress) =>
      asJob(job, async (signal) => {
        const { meta } = await (await shape()).merge(id, blobSource(file, fileName), rule, { signal, onProgress });
        return meta;
      }),
    fixRejects: (job, id, fixes) => asJob(job, async (signal) => (await shape()).fixRejects(id, fixes, signal)),
    history: async (id) => (await shape()).history(id),
  };
}
