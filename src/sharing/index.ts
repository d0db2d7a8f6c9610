export { PatronFileError, type PatronFileFault } from './patron-file.ts';
export { type OpenedPatronFile, type OpeningControl, readPatronFile } from './read-patron-file.ts';
export { type PatronFileContent, type WritingControl, writePatronFile } from './write-patron-file.ts';
export type { StoredSheet, StoredStyles } from './xlsx/excel-sheet.ts';
export type { LeftOut } from './xlsx/sheet-data.ts';
export { SheetTooLargeError } from './xlsx/sheet-too-large.ts';
export { type FileSheets, readSheetsOf, writeSheetsFile } from './xlsx/sheets-client.ts';
export type { WrittenSheets } from './xlsx/write-sheets.ts';
