import type { FoundCells } from '../../tables/index.ts';

/** A cell by its place among the rows that are shown, and the number of its column on the sheet. */
export interface CellPlace {
  readonly place: number;
  readonly column: number;
}

/** Found cell number `at`; `columns` are the sheet's numbers of the columns that were searched. */
export function cellAt(found: FoundCells, columns: readonly number[], at: number): CellPlace {
  return { place: found.places[at], column: columns[found.columns[at]] };
}

/**
 * The number of the found cell that comes next after `cursor` in reading order, or before it where `step` is −1; past the
 * last comes the first. With `stay` the cell under the cursor counts as the next one.
 */
export function firstAfter(
  found: FoundCells,
  columns: readonly number[],
  cursor: CellPlace,
  step: 1 | -1,
  stay = false,
): number {
  const count = found.places.length;
  const order = (at: number): number => {
    const { place, column } = cellAt(found, columns, at);
    return place - cursor.place || column - cursor.column;
  };
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >> 1;
    if (order(middle) < 0) low = middle + 1;
    else high = middle;
  }
  // `low` is the first cell at the cursor or after it.
  const onCursor = low < count && order(low) === 0;
  if (step === -1) return (low - 1 + count) % count;
  return (onCursor && !stay ? low + 1 : low) % count;
}
