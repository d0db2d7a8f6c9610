import { type Accessor, createSignal } from 'solid-js';

/** Who may write the open workbook: this tab, another one, or nobody now that the other has gone. */
export type Writer = 'nobody' | 'here' | 'elsewhere' | 'gone';

export interface WorkbookLock {
  readonly writer: Accessor<Writer>;
  /** Takes the workbook for this tab and lets go of the former one. False where another tab writes it: then it is waited for. */
  take(id: string): Promise<boolean>;
  release(): void;
}

/** How long a tab that is just closing or reloading may take to let go. */
const PATIENCE_MILLISECONDS = 500;

/** One writer for each workbook among the tabs of this browser, by Web Locks, which end with their tab. */
export function createWorkbookLock(): WorkbookLock {
  const [writer, setWriter] = createSignal<Writer>('nobody');
  let held: string | undefined;
  let letGo = (): void => undefined;

  const release = (): void => {
    letGo();
    letGo = () => undefined;
    held = undefined;
    setWriter('nobody');
  };
  return {
    writer,
    release,
    take(id) {
      if (held === id && writer() !== 'elsewhere') {
        setWriter('here');
        return Promise.resolve(true);
      }
      release();
      held = id;
      // A browser without locks, or a page that is not secure, has no second tab to be told of.
      if (!('locks' in navigator)) {
        setWriter('here');
        return Promise.resolve(true);
      }
      const waiting = new AbortController();
      let end = (): void => undefined;
      const holding = new Promise<void>((resolve) => {
        end = resolve;
      });
      letGo = () => {
        waiting.abort();
        end();
      };
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          setWriter('elsewhere');
          resolve(false);
        }, PATIENCE_MILLISECONDS);
        navigator.locks
          .request(`patron-workbook:${id}`, { signal: waiting.signal }, () => {
            clearTimeout(timer);
            setWriter((before) => (before === 'elsewhere' ? 'gone' : 'here'));
            resolve(true);
            return holding;
          })
          .catch(() => clearTimeout(timer));
      });
    },
  };
}

/** Whether a workbook is open in any tab of this browser. */
export async function isAnyWorkbookOpen(): Promise<boolean> {
  if (!('locks' in navigator)) return false;
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name?.startsWith('patron-workbook:')) ?? false;
}
