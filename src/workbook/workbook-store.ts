import type { JsonObject } from '@patron/sdk';
import type { IWorkbookData } from '@univerjs/core';
import { type DBSchema, openDB } from 'idb';

export interface WorkbookInfo {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What is kept of a workbook beside its name: the sheets, and whatever the shell attached to it. */
export interface WorkbookContent {
  readonly snapshot: Partial<IWorkbookData>;
  readonly details: JsonObject;
  readonly activeSheet?: string;
}

interface Schema extends DBSchema {
  workbooks: { key: string; value: WorkbookInfo };
  contents: { key: string; value: WorkbookContent & { readonly id: string } };
}

/** The workbooks kept in this browser. Names and contents lie apart, so that listing reads no snapshot. */
export interface WorkbookStore {
  /** Newest first. */
  list(): Promise<WorkbookInfo[]>;
  /** An empty workbook. */
  create(name: string): Promise<WorkbookInfo>;
  /** @throws Error naming the workbook where it is not there. */
  rename(id: string, name: string): Promise<WorkbookInfo>;
  delete(id: string): Promise<void>;
  /** @throws Error naming the workbook where it is not there. */
  read(id: string): Promise<{ info: WorkbookInfo; content: WorkbookContent }>;
  /**
   * Writes name and content in one transaction: either all of it is there afterwards or all of the former. Everything is
   * handed to the database before this returns, so a page that is being closed still gets it saved.
   */
  write(info: WorkbookInfo, content: WorkbookContent): Promise<WorkbookInfo>;
  close(): void;
}

/** Opens (or makes) the database of workbooks. */
export async function openWorkbookStore(name = 'patron-workbooks'): Promise<WorkbookStore> {
  const database = await openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('workbooks', { keyPath: 'id' });
      db.createObjectStore('contents', { keyPath: 'id' });
    },
    blocking() {
      database.close();
    },
  });
  return {
    async list() {
      const all = await database.getAll('workbooks');
      return all.sort((a, b) => b.modifiedAt - a.modifiedAt);
    },
    async create(workbookName) {
      const now = Date.now();
      const info = { id: crypto.randomUUID(), name: workbookName, createdAt: now, modifiedAt: now };
      const transaction = database.transaction(['workbooks', 'contents'], 'readwrite');
      transaction.objectStore('workbooks').put(info);
      transaction.objectStore('contents').put({ id: info.id, snapshot: {}, details: {} });
      await transaction.done;
      return info;
    },
    async rename(id, workbookName) {
      const transaction = database.transaction('workbooks', 'readwrite');
      const info = { ...(await known(transaction.store.get(id), id)), name: workbookName };
      transaction.store.put(info);
      await transaction.done;
      return info;
    },
    async delete(id) {
      const transaction = database.transaction(['workbooks', 'contents'], 'readwrite');
      transaction.objectStore('workbooks').delete(id);
      transaction.objectStore('contents').delete(id);
      await transaction.done;
    },
    async read(id) {
      const transaction = database.transaction(['workbooks', 'contents']);
      const [info, content] = await Promise.all([
        known(transaction.objectStore('workbooks').get(id), id),
        known(transaction.objectStore('contents').get(id), id),
      ]);
      const { snapshot, details, activeSheet } = content;
      return { info, content: { snapshot, details, activeSheet } };
    },
    async write(former, content) {
      const transaction = database.transaction(['workbooks', 'contents'], 'readwrite');
      const info = { ...former, modifiedAt: Date.now() };
      transaction.objectStore('workbooks').put(info);
      transaction.objectStore('contents').put({ ...content, id: info.id });
      transaction.commit();
      await transaction.done;
      return info;
    },
    close() {
      database.close();
    },
  };
}

async function known<T>(found: Promise<T | undefined>, id: string): Promise<T> {
  const value = await found;
  if (value === undefined)
    throw new Error(`Workbook '${id}' is not in this browser. Open it from its file, or choose another.`);
  return value;
}
