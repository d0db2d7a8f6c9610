import { type DBSchema, openDB } from 'idb';

/** The file that a workbook was last saved to or opened from. */
export interface WorkbookFile {
  readonly workbook: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The workbook's time of change when it was saved: a later one means that the file is behind. */
  readonly modifiedAt: number;
  readonly changed: boolean;
  /** Where the browser can write to the file itself. */
  readonly handle?: FileSystemFileHandle;
}

interface Schema extends DBSchema {
  files: { key: string; value: WorkbookFile };
}

/** Which file belongs to which workbook, in IndexedDB, where handles of files can be kept. */
export interface FileRecords {
  get(workbook: string): Promise<WorkbookFile | undefined>;
  put(file: WorkbookFile): Promise<void>;
  remove(workbook: string): Promise<void>;
}

export function openFileRecords(name = 'patron-files'): FileRecords {
  const opened = openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('files', { keyPath: 'workbook' });
    },
  });
  return {
    get: async (workbook) => (await opened).get('files', workbook),
    async put(file) {
      await (await opened).put('files', file);
    },
    remove: async (workbook) => (await opened).delete('files', workbook),
  };
}
