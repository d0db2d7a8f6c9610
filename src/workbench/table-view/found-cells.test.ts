import { expect, test } from 'vitest';
import { cellAt, firstAfter } from './found-cells.ts';

/** Cells B3, D3 and A8 of a sheet of which columns B, D and A… were searched, in the order of the sheet. */
const found = { cells: 3, places: Uint32Array.of(2, 2, 7), columns: Uint16Array.of(1, 2, 0) };
const columns = [0, 1, 3];
const next = (place: number, column: number, step: 1 | -1 = 1, stay = false) =>
  firstAfter(found, columns, { place, column }, step, stay);

test('goes from match to match in reading order, and round', () => {
  expect([next(0, 0), next(2, 1), next(2, 2), next(2, 3), next(7, 0)]).toEqual([0, 1, 1, 2, 0]);
  expect([next(7, 0, -1), next(2, 3, -1), next(2, 1, -1), next(-1, 0, -1)]).toEqual([1, 0, 2, 2]);
});

test('stays on the match under the cursor when a search begins there', () => {
  expect(next(2, 1, 1, true)).toBe(0);
  expect(cellAt(found, columns, 1)).toEqual({ place: 2, column: 3 });
});
