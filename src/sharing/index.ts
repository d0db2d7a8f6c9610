export { PatronFileError, type PatronFileFault } from './patron-file.ts';
export { type OpenedPatronFile, type OpeningControl, readPatronFile } from './read-patron-file.ts';
export { type PatronFileContent, type WritingControl, writePatronFile } from './write-patron-file.ts';
export { safeLink } from './xlsx/safe-link.ts';
export type { LeftOut, SheetsSetting } from './xlsx/sheet-data.ts';
export { SheetTooLargeError } from './xlsx/sheet-too-large.ts';
export { type FileSheets, readSheetsOf, writeSheetFile } from './xlsx/sheets-client.ts';
export type { StoredSheet, StoredStyles } from './xlsx/write-sheet.ts';
