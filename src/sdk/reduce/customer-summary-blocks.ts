import type { KeyCodes } from './customer-summary-keys.ts';

/**
 * Rows at a time. Each block is first copied into arrays of one fixed type, so that the inner loops meet one kind of array
 * however a table is stored; the copies cost a twentieth of the scatter that follows.
 */
export const BLOCK = 16_384;

/** Reads rows as customer codes below 2³², block by block. */
export function codeReader(keys: KeyCodes): (start: number, end: number) => Uint32Array {
  const { values, offset } = keys;
  if (values instanceof Uint32Array && offset === 0) return (start, end) => values.subarray(start, end);
  const block = new Uint32Array(BLOCK);
  return (start, end) => {
    block.set(values.subarray(start, end));
    // Both the copy and the difference wrap at 2³², so codes come out right for negative and for large identifiers.
    if (offset !== 0) for (let i = 0; i < end - start; i++) block[i] -= offset;
    return block;
  };
}
