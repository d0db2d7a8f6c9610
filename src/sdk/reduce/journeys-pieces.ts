import type { NumericArray } from '../column.ts';

/** Rows at a time, in arrays of one type each, so that loops meet one kind of array however a table is stored. */
export const PIECE = 8192;

/**
 * Reads `values` from `start` to `end`, at most a piece apart, in arrays of the type of `piece`. Whole numbers come into
 * 32 bits by what is left of them modulo 2^32.
 */
export function pieceReader<A extends Int32Array | Uint32Array | Float64Array | Uint16Array>(
  values: NumericArray,
  piece: A,
): (start: number, end: number) => A {
  if (values.constructor === piece.constructor) return (start, end) => values.subarray(start, end) as A;
  if (values instanceof Uint32Array && piece instanceof Int32Array) {
    const same = new Int32Array(values.buffer, values.byteOffset, values.length) as A;
    return (start, end) => same.subarray(start, end) as A;
  }
  return (start, end) => {
    piece.set(values.subarray(start, end));
    return piece;
  };
}
