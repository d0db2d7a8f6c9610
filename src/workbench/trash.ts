import { type Accessor, createSignal } from 'solid-js';

/** What was deleted and can still be brought back. It is really deleted at the next start, or when room is needed. */
export interface Trash {
  readonly tables: Accessor<ReadonlySet<string>>;
  readonly workbooks: Accessor<ReadonlySet<string>>;
  readonly runs: Accessor<ReadonlySet<string>>;
  put(kind: TrashKind, id: string): void;
  restore(kind: TrashKind, id: string): void;
  /** Hands out everything in it, for real deletion, and forgets it. */
  empty(): Record<TrashKind, string[]>;
}

type TrashKind = 'tables' | 'workbooks' | 'runs';

const key = 'patron.trash';

/** The trash of this browser. It outlives the page, so that a deletion whose page was closed is still carried out. */
export function createTrash(): Trash {
  const stored = readStored();
  const signals = {
    tables: createSignal<ReadonlySet<string>>(new Set(stored.tables)),
    workbooks: createSignal<ReadonlySet<string>>(new Set(stored.workbooks)),
    runs: createSignal<ReadonlySet<string>>(new Set(stored.runs)),
  };
  const keep = (): void => {
    const all = Object.fromEntries(kinds.map((kind) => [kind, [...signals[kind][0]()]]));
    try {
      localStorage.setItem(key, JSON.stringify(all));
    } catch {
      // Without storage there is nothing to delete either.
    }
  };
  return {
    tables: signals.tables[0],
    workbooks: signals.workbooks[0],
    runs: signals.runs[0],
    put(kind, id) {
      signals[kind][1]((before) => new Set([...before, id]));
      keep();
    },
    restore(kind, id) {
      signals[kind][1]((before) => new Set([...before].filter((each) => each !== id)));
      keep();
    },
    empty() {
      const all = { tables: [] as string[], workbooks: [] as string[], runs: [] as string[] };
      for (const kind of kinds) {
        all[kind] = [...signals[kind][0]()];
        signals[kind][1](new Set<string>());
      }
      keep();
      return all;
    },
  };
}

const kinds: readonly TrashKind[] = ['tables', 'workbooks', 'runs'];

function readStored(): Record<TrashKind, string[]> {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Record<TrashKind, unknown>>;
    const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((id) => typeof id === 'string') : []);
    return { tables: texts(stored.tables), workbooks: texts(stored.workbooks), runs: texts(stored.runs) };
  } catch {
    return { tables: [], workbooks: [], runs: [] };
  }
}
