import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { RunStore } from '../../analysis/index.ts';
import type { TablesClient } from '../../tables/index.ts';
import type { WorkbookStore } from '../../workbook/index.ts';
import type { Results } from '../state/results.ts';
import type { Session } from '../state/session.ts';
import { openFileRecords, type WorkbookFile } from './file-records.ts';

/** A save, an opening or an export that is under way. */
export interface FileJob {
  readonly title: () => string;
  /** 0 … 1; null while it is not known. */
  readonly share: Accessor<number | null>;
  cancel(): void;
}

export interface FileWork {
  readonly signal: AbortSignal;
  onShare(share: number): void;
}

/** The stores that a file is written from and read into. */
export interface FileStores {
  readonly workbooks: WorkbookStore;
  readonly runs: RunStore;
  readonly tables: TablesClient;
}

export interface Files {
  readonly stores: FileStores;
  /** The file of the open workbook, where it has one. */
  readonly file: Accessor<WorkbookFile | null>;
  readonly job: Accessor<FileJob | null>;
  /** Does one piece of work at a time, with progress and Cancel. @throws the signal's reason once cancelled. */
  work<Result>(title: () => string, run: (work: FileWork) => Promise<Result>): Promise<Result>;
  remember(file: WorkbookFile): Promise<void>;
}

/** The files of workbooks: which one belongs to the open workbook, and whether it is behind. */
export function createFiles(stores: FileStores, session: Session, runs: Results): Files {
  const records = openFileRecords();
  const [file, setFile] = createSignal<WorkbookFile | null>(null);
  const [job, setJob] = createSignal<FileJob | null>(null);
  let turn: Promise<unknown> = Promise.resolve();

  const behind = (): void => {
    const now = file();
    if (!now || now.changed || now.workbook !== session.current()?.id || session.readOnly()) return;
    const next = { ...now, changed: true };
    setFile(next);
    void records.put(next);
  };
  createEffect(
    on(
      () => session.current()?.id,
      async (id) => {
        setFile(null);
        if (id === undefined) return;
        const known = await records.get(id);
        const current = session.current();
        if (!known || current?.id !== id) return;
        setFile({ ...known, changed: known.changed || current.modifiedAt > known.modifiedAt });
      },
    ),
  );
  createEffect(
    on(session.saveState, (state) => {
      if (state === 'unsaved') behind();
    }),
  );
  onCleanup(
    stores.tables.onChange(({ workbook }) => {
      if (workbook === session.current()?.id) behind();
    }),
  );
  const listening = runs.service.onChange(behind);
  onCleanup(() => listening.dispose());

  return {
    stores,
    file,
    job,
    work(title, run) {
      const done = turn.then(async () => {
        const controller = new AbortController();
        const [share, setShare] = createSignal<number | null>(null);
        const own: FileJob = {
          title,
          share,
          cancel: () => controller.abort(new DOMException('Cancelled by the user.', 'AbortError')),
        };
        setJob(own);
        try {
          return await run({
            signal: controller.signal,
            onShare: (next) => void setShare((before) => Math.max(before ?? 0, Math.min(1, next))),
          });
        } finally {
          setJob(null);
        }
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async remember(next) {
      await records.put(next);
      if (session.current()?.id === next.workbook) setFile(next);
    },
  };
}
