import { type Disposable, toDisposable } from '../disposable.ts';

/** A call into a stranger's plugin that was under way when its tab went away. */
export interface UnfinishedCall {
  readonly pluginId: string;
  readonly call: string;
}

const prefix = 'patron.pluginCall.';
const lockOf = (tab: string): string => `patron-tab-${tab}`;

/**
 * Notes each call into a stranger's plugin before it begins and takes the note away when it has ended. A note whose tab is
 * gone tells the next start that the tab died during the call: a worker that fills the memory takes its tab along. Each tab
 * holds a lock for as long as it lives, so that the calls of a living tab are not taken for a dead one's.
 */
export class Breadcrumb {
  readonly #storage: Storage;
  readonly #locks: LockManager | undefined;
  // Not `crypto.randomUUID`, which a page that is not served securely lacks, as it lacks locks.
  readonly #tab = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  readonly #under = new Map<number, UnfinishedCall>();
  #next = 0;

  constructor(storage: Storage = localStorage, locks: LockManager | undefined = navigator.locks) {
    this.#storage = storage;
    this.#locks = locks;
    void this.#locks?.request(lockOf(this.#tab), () => new Promise<never>(() => {}));
  }

  /** Notes a call; disposing tells that it ended. */
  begin(pluginId: string, call: string): Disposable {
    const key = this.#next++;
    this.#under.set(key, { pluginId, call });
    this.#write();
    return toDisposable(() => {
      this.#under.delete(key);
      this.#write();
    });
  }

  #write(): void {
    const [first] = this.#under.values();
    try {
      if (first) this.#storage.setItem(prefix + this.#tab, JSON.stringify(first));
      else this.#storage.removeItem(prefix + this.#tab);
    } catch {
      // Without storage there is no note, and no safe mode; everything else works.
    }
  }

  /** The calls of tabs that are gone. They are forgotten with that. */
  async takeUnfinished(): Promise<UnfinishedCall[]> {
    if (!this.#locks) return [];
    const { held = [] } = await this.#locks.query();
    const alive = new Set(held.map(({ name }) => name));
    const keys = Object.keys(this.#storage).filter(
      (key) => key.startsWith(prefix) && !alive.has(lockOf(key.slice(prefix.length))),
    );
    return keys.flatMap((key) => {
      const note = this.#storage.getItem(key);
      this.#storage.removeItem(key);
      return note === null ? [] : [JSON.parse(note) as UnfinishedCall];
    });
  }
}
