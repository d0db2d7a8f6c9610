import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { RunRecord } from './run-record.ts';

interface RunDatabase extends DBSchema {
  runs: { key: string; value: RunRecord; indexes: { workbook: string } };
}

/** The runs of all workbooks, in IndexedDB. Every call is one transaction. */
export interface RunStore {
  /** The runs of a workbook, oldest first. */
  list(workbook: string): Promise<RunRecord[]>;
  get(id: string): Promise<RunRecord | undefined>;
  put(record: RunRecord): Promise<void>;
  remove(id: string): Promise<void>;
  close(): void;
}

/** Opens the store of runs. `name` is for tests that want one of their own. */
export async function openRunStore(name = 'patron-runs'): Promise<RunStore> {
  const database: IDBPDatabase<RunDatabase> = await openDB<RunDatabase>(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('runs', { keyPath: 'id' }).createIndex('workbook', 'workbook');
    },
  });
  return {
    async list(workbook) {
      const runs = await database.getAllFromIndex('runs', 'workbook', workbook);
      return runs.sort((a, b) => a.startedAt - b.startedAt);
    },
    get: (id) => database.get('runs', id),
    async put(record) {
      await database.put('runs', record);
    },
    remove: (id) => database.delete('runs', id),
    close: () => database.close(),
  };
}
