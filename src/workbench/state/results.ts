import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js';
import type { AnalysisService, RunProgress, RunRecord, RunRequest } from '../../analysis/index.ts';
import type { Trash } from '../trash.ts';

/** A run as the panel lists it. */
interface ListedResult {
  readonly record: RunRecord;
  /** A table that it read has changed since, or is gone. */
  readonly stale: boolean;
}

/** A run that is under way. */
export interface RunJob {
  readonly request: RunRequest;
  readonly title: () => string;
  readonly progress: Accessor<RunProgress | null>;
  /** 0 … 1; null while it is not known. */
  readonly share: Accessor<number | null>;
  /** True once nothing has been heard for some seconds. */
  readonly silent: Accessor<boolean>;
  cancel(): void;
  readonly done: Promise<RunRecord>;
}

export interface Results {
  readonly service: AnalysisService;
  readonly list: Accessor<readonly ListedResult[]>;
  readonly active: Accessor<RunJob | null>;
  find(id: string): RunRecord | undefined;
  refresh(): Promise<void>;
  start(request: RunRequest, title: () => string, replaces?: string): RunJob;
}

const silenceAfter = 3000;

/** The results of the open workbook, newest first. */
export function createResults(service: AnalysisService, workbook: Accessor<string | null>, trash: Trash): Results {
  const [all, setAll] = createSignal<readonly ListedResult[]>([]);
  const [active, setActive] = createSignal<RunJob | null>(null);
  let asked = 0;
  const refresh = async (): Promise<void> => {
    const id = workbook();
    asked += 1;
    const turn = asked;
    const records = id === null ? [] : await service.runs(id);
    const listed = await Promise.all(records.map(async (record) => ({ record, stale: await service.isStale(record) })));
    if (turn === asked) setAll(listed.reverse());
  };
  const listening = service.onChange(() => void refresh());
  onCleanup(() => listening.dispose());
  const list = createMemo(() => all().filter(({ record }) => !trash.runs().has(record.id)));
  return {
    service,
    list,
    active,
    find: (id) => list().find(({ record }) => record.id === id)?.record,
    refresh,
    start(request, title, replaces) {
      const controller = new AbortController();
      const [progress, setProgress] = createSignal<RunProgress | null>(null);
      const [share, setShare] = createSignal<number | null>(null);
      const [silent, setSilent] = createSignal(false);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const heard = (): void => {
        setSilent(false);
        clearTimeout(timer);
        timer = setTimeout(() => setSilent(true), silenceAfter);
      };
      heard();
      const done = service
        .run(request, {
          signal: controller.signal,
          replaces,
          onProgress(next) {
            heard();
            setProgress(next);
            setShare((before) => shareOf(next) ?? before);
          },
        })
        .finally(() => {
          clearTimeout(timer);
          setActive((now) => (now === job ? null : now));
        });
      const job: RunJob = {
        request,
        title,
        progress,
        share,
        silent,
        cancel: () => controller.abort(new DOMException('Cancelled by the user.', 'AbortError')),
        done,
      };
      setActive(job);
      return job;
    },
  };
}

/** Reading counts for a fifth, running for the most, storing for the rest. */
function shareOf({ stage, done, total }: RunProgress): number | null {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  if (stage === 'reading') return 0.2 * part;
  if (stage === 'running') return 0.2 + 0.75 * part;
  return 0.95;
}
