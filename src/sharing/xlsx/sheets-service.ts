import { blobSource, TableError } from '../../tables/index.ts';
import { readSheets } from './read-sheets.ts';
import type { ReadSheets, SheetCells, SheetsSetting } from './sheet-data.ts';
import { SheetTooLargeError } from './sheet-too-large.ts';
import { type WrittenSheets, writeSheets } from './write-sheets.ts';

/** How a reading came out: errors keep their kind on the way between threads. */
export type SheetsAnswer =
  | { readonly read: ReadSheets }
  | { readonly tooLarge: string }
  | {
      readonly failed: {
        readonly code: TableError['code'];
        readonly text: string;
        readonly details: TableError['details'];
      };
    };

/** What the worker of sheets answers to. */
export interface SheetsService {
  /** A sign of life. */
  ping(): Promise<void>;
  read(
    file: Blob,
    name: string,
    setting: SheetsSetting,
    take: (sheet: number, cells: SheetCells) => Promise<void>,
  ): Promise<SheetsAnswer>;
  write(sheets: WrittenSheets): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads and writes XLSX sheets; for a worker to expose. */
export const sheetsService: SheetsService = {
  async ping() {},
  async read(file, name, setting, take) {
    try {
      return { read: await readSheets(blobSource(file, name), setting, take) };
    } catch (error) {
      if (error instanceof SheetTooLargeError) return { tooLarge: error.sheet };
      if (error instanceof TableError)
        return { failed: { code: error.code, text: error.message, details: error.details } };
      throw error;
    }
  },
  write: writeSheets,
};
