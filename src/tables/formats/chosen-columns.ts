import { columnChoice } from '../column-choice.ts';
import type { DetectedColumn, ImportOptions } from '../import-options.ts';

/** The columns of a file with the user's names and skips, and the indices of those that are kept. */
export function chosenColumns(
  found: readonly DetectedColumn[],
  options: ImportOptions,
): { readonly columns: readonly DetectedColumn[]; readonly kept: readonly number[] } {
  const columns = found.map((column) => {
    const choice = columnChoice(options, column.original);
    return { ...column, name: choice.name ?? column.name, skip: choice.skip ?? false };
  });
  return { columns, kept: columns.flatMap(({ skip }, index) => (skip ? [] : [index])) };
}
