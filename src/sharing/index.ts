export { PatronFileError, type PatronFileFault } from './patron-file.ts';
export { type OpenedPatronFile, type OpeningControl, readPatronFile } from './read-patron-file.ts';
export { type PatronFileContent, type WritingControl, writePatronFile } from './write-patron-file.ts';
