import { type Accessor, createSignal } from 'solid-js';
import type { TablesClient } from '../../tables/index.ts';

interface StorageUsage {
  /** Bytes. */
  readonly used: number;
  readonly quota: number;
  readonly persisted: boolean;
}

export interface Storage {
  readonly usage: Accessor<StorageUsage | null>;
  /** False once the browser has refused to protect the data. */
  readonly refused: Accessor<boolean>;
  refresh(): Promise<void>;
  /** Asks the browser not to clear the data by itself. */
  persist(): Promise<boolean>;
}

/** Where it is written down that the browser has been asked to protect the data. */
const ASKED = 'patron.storage.asked';

/** How much this browser holds, and whether it may throw it away. */
export function createStorage(client: TablesClient): Storage {
  const [usage, setUsage] = createSignal<StorageUsage | null>(null);
  const [refused, setRefused] = createSignal(false);
  const refresh = async (): Promise<void> => {
    setUsage(await client.usage());
  };
  // Whoever keeps tables here wants them kept: the browser is asked once, after the first table.
  const stop = client.onChange(({ kind }) => {
    if (kind !== 'written') return;
    stop();
    // A browser that keeps no notes is not asked at all.
    askOnce().catch(() => undefined);
  });
  const askOnce = async (): Promise<void> => {
    if (localStorage.getItem(ASKED) !== null || (await navigator.storage.persisted())) return;
    localStorage.setItem(ASKED, 'yes');
    await client.persist();
    await refresh();
  };
  return {
    usage,
    refused,
    refresh,
    async persist() {
      const granted = await client.persist();
      setRefused(!granted);
      await refresh();
      return granted;
    },
  };
}
