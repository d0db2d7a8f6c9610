import type { ColumnChoice, ImportOptions } from './import-options.ts';

const NONE: ColumnChoice = {};

/** What the user chose for the column of that name in the file; names such as `constructor` are columns like any other. */
export function columnChoice(options: ImportOptions, original: string): ColumnChoice {
  return options.columns && Object.hasOwn(options.columns, original) ? options.columns[original] : NONE;
}
