import type { ResultTable, Rows, RowTableColumn } from './analysis.ts';
import { columnFromValues } from './make-column.ts';

/**
 * A small result table from rows of plain values. For large tables build the columns directly.
 * @throws TypeError naming the column where a row's value is not of the column's type.
 */
export function tableFromRows(
  columns: readonly RowTableColumn[],
  rows: Rows,
  options: Omit<ResultTable, 'columns'> = {},
): ResultTable {
  return {
    ...options,
    columns: columns.map(({ type, ...column }, index) => {
      try {
        return {
          ...column,
          column: columnFromValues(
            type,
            rows.map((row) => row[index] ?? null),
          ),
        };
      } catch (error) {
        throw new TypeError(`Column '${column.name}' of a result table: ${(error as Error).message}`, { cause: error });
      }
    }),
  };
}
