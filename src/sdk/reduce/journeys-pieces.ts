import type { NumericArray } from '../column.ts';

/** Rows at a time, in arrays of one type each, so that loops meet one kind of array however a table is stored. */
export const PIECE = 8192;

/** Reads `values` from `start` to `end`, at most a piece apart, in arrays of the type of `piece`. */
export function pieceReader<A extends Uint32Array | Float64Array | Uint16Array>(
  values: NumericArray,
  piece: A,
): (start: number, end: number) => A {
  if (values.constructor === piece.constructor) return (start, end) => values.subarray(start, end) as A;
  return (start, end) => {
    piece.set(values.subarray(start, end));
    return piece;
  };
}
