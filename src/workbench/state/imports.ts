import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { ImportedTable, ImportOptions, ImportProgress, TablesClient } from '../../tables/index.ts';

/** One running import. */
export interface ImportJob {
  readonly file: string;
  readonly title: () => string;
  /** 0 … 1; null before the first sign of life. */
  readonly share: Accessor<number | null>;
  readonly progress: Accessor<ImportProgress | null>;
  readonly cancelled: Accessor<boolean>;
  cancel(): void;
  readonly done: Promise<ImportedTable>;
}

export interface Imports {
  readonly active: Accessor<ImportJob | null>;
  start(request: {
    file: Blob;
    fileName: string;
    workbook: string;
    name: string;
    options: ImportOptions;
    /** The table that the file's rows are added to. */
    grows?: string;
    title: () => string;
  }): ImportJob;
}

/** What part of the whole each stage is, by experience: reading costs most, a second reading happens seldom. */
const stages: Readonly<Record<ImportProgress['stage'], readonly [from: number, to: number]>> = {
  reading: [0, 0.85],
  'reading-again': [0.4, 0.85],
  saving: [0.85, 1],
};

/** One import at a time: two would only share the same disk. */
export function createImports(client: TablesClient): Imports {
  const [active, setActive] = createSignal<ImportJob | null>(null);
  return {
    active: createMemo(active),
    start({ file, fileName, workbook, name, options, grows, title }) {
      const controller = new AbortController();
      const [share, setShare] = createSignal<number | null>(null);
      const [progress, setProgress] = createSignal<ImportProgress | null>(null);
      const [cancelled, setCancelled] = createSignal(false);
      const done = client.importFile(
        file,
        { workbook, name, options, ...(grows === undefined ? {} : { tableId: grows, mode: 'append' }) },
        {
          signal: controller.signal,
          onProgress(next) {
            const [from, to] = stages[next.stage];
            const part = next.total > 0 ? Math.min(1, next.done / next.total) : 0;
            setShare((before) => Math.max(before ?? 0, from + (to - from) * part));
            setProgress(next);
          },
        },
      );
      const job: ImportJob = {
        file: fileName,
        title,
        share,
        progress,
        cancelled,
        cancel() {
          setCancelled(true);
          controller.abort(new DOMException('Cancelled by the user.', 'AbortError'));
        },
        done: done.finally(() => setActive((now) => (now === job ? null : now))),
      };
      setActive(job);
      return job;
    },
  };
}
