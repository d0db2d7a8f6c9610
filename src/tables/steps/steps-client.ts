import { proxy } from 'comlink';
import { AskedWorker } from '../asked-worker.ts';
import type { ImportProgress } from '../import-options.ts';
import type { LoneWorkers } from '../lone-workers.ts';
import type { TableMeta } from '../schema.ts';
import type { CellFix, HistoryEntry, MergePreview, MergeRule, Step, StepPreview } from './step.ts';
import type { StepTarget } from './table-steps.ts';

export interface StepsRun {
  readonly signal?: AbortSignal;
  /** How far it is, from 0 to 1; now and then. */
  onShare?(share: number): void;
}

export interface MergeFileRun {
  readonly signal?: AbortSignal;
  onProgress?(progress: ImportProgress): void;
}

/** Milliseconds for which the columns of a preview are kept for the next one. */
const IDLE = 60_000;

/**
 * Shaping tables, seen from the main thread. Previews are worked out in one worker, which keeps the columns it has read
 * while the form is being filled in; what is applied has a worker of its own.
 */
export class StepsClient {
  readonly #previews: AskedWorker;
  readonly #workers: LoneWorkers;
  readonly #announce: (meta: TableMeta) => TableMeta;

  constructor(database: string, workers: LoneWorkers, announce: (meta: TableMeta) => TableMeta) {
    this.#previews = new AskedWorker(database, IDLE);
    this.#workers = workers;
    this.#announce = announce;
  }

  /**
   * What steps, one after the other, would make of a table: its first rows and how many rows change. Nothing is written.
   * @throws TableError naming what is wrong with a step; the signal's reason once aborted.
   */
  preview(tableId: string, steps: readonly Step[], signal?: AbortSignal): Promise<StepPreview> {
    return this.#previews.ask(signal, (service, job) => service.previewSteps(job, tableId, steps));
  }

  /** Does steps: one new version, which `undo` takes back, or a new table. What was there stands until all is done. */
  async apply(
    tableId: string,
    steps: readonly Step[],
    target: StepTarget = {},
    { signal, onShare }: StepsRun = {},
  ): Promise<TableMeta> {
    const told = proxy((share: number) => onShare?.(share));
    return this.#announce(
      await this.#workers.run({ signal }, (service, job) => service.applySteps(job, tableId, steps, target, told)),
    );
  }

  /** What merging a file into a table, or appending it, would change. */
  previewMerge(tableId: string, file: Blob, rule: MergeRule, signal?: AbortSignal): Promise<MergePreview> {
    return this.#previews.ask(signal, (service, job) => service.previewMerge(job, tableId, file, nameOf(file), rule));
  }

  /** Merges a file into a table, or appends it, as one new version; the rule is kept with it for the next file. */
  async merge(tableId: string, file: Blob, rule: MergeRule, run: MergeFileRun = {}): Promise<TableMeta> {
    const onProgress = proxy((progress: ImportProgress) => run.onProgress?.(progress));
    const name = nameOf(file);
    return this.#announce(
      await this.#workers.run({ signal: run.signal, file: name }, (service, job) =>
        service.mergeFile(job, tableId, file, name, rule, onProgress),
      ),
    );
  }

  /** Puts corrected texts of rejects back into the cells they came from, as one new version. */
  async fixRejects(
    tableId: string,
    fixes: readonly CellFix[],
    signal?: AbortSignal,
  ): Promise<{ meta: TableMeta; fixed: number; left: number }> {
    const done = await this.#workers.run({ signal }, (service, job) => service.fixRejects(job, tableId, fixes));
    this.#announce(done.meta);
    return done;
  }

  /** The versions of a table that are kept, oldest first, with the steps and merges that made them. */
  history(tableId: string): Promise<HistoryEntry[]> {
    return this.#previews.ask(undefined, (service) => service.history(tableId));
  }

  close(): void {
    this.#previews.close();
  }
}

function nameOf(file: Blob): string {
  return file instanceof File ? file.name : 'table';
}
