import type { SaveState } from './host-contract.ts';

/** Milliseconds of quiet after a change before it is saved. */
const QUIET = 500;
/** Under a steady stream of changes a save is made at least this often. */
const LONGEST = 5_000;

export interface Autosave {
  /** Something changed. */
  changed(): void;
  /** Saves now what is not saved, and resolves when it is. */
  flush(): Promise<void>;
  /** Flushes and stops listening. */
  dispose(): Promise<void>;
}

/**
 * Saves what `write` writes half a second after the last change, and at once when the page is hidden. Only one save runs
 * at a time; a change during a save leads to another. After a failure the state is 'error' and the next change tries again.
 */
export function createAutosave(
  write: () => Promise<void>,
  onState: (state: SaveState, error?: Error) => void,
): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirtySince: number | null = null;
  let saving: Promise<void> | null = null;
  let failed = false;

  const save = async (): Promise<void> => {
    clearTimeout(timer);
    dirtySince = null;
    onState('saving');
    try {
      await write();
      failed = false;
      onState(dirtySince === null ? 'saved' : 'unsaved');
    } catch (error) {
      failed = true;
      dirtySince = Date.now();
      onState('error', error instanceof Error ? error : new Error(String(error)));
    }
  };
  const flush = async (): Promise<void> => {
    // A change during a save, such as a formula's result, wants another; a save that fails is not tried again here.
    for (let round = 0; round < 3; round++) {
      while (saving) await saving;
      if (dirtySince === null || (failed && round > 0)) return;
      saving = save().finally(() => {
        saving = null;
      });
      await saving;
    }
  };
  const hide = (): void => {
    if (document.visibilityState === 'hidden') void flush();
  };
  const leave = (): void => void flush();
  document.addEventListener('visibilitychange', hide);
  window.addEventListener('pagehide', leave);

  return {
    changed() {
      if (dirtySince === null) {
        dirtySince = Date.now();
        onState('unsaved');
      }
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), Math.max(0, Math.min(QUIET, dirtySince + LONGEST - Date.now())));
    },
    flush,
    async dispose() {
      document.removeEventListener('visibilitychange', hide);
      window.removeEventListener('pagehide', leave);
      await flush();
      clearTimeout(timer);
    },
  };
}
