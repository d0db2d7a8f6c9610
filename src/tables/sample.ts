import type { FieldBlock, RowCutter } from './fields.ts';

/** The first rows of a text, cut into fields. */
export interface Sample {
  readonly block: FieldBlock;
  readonly rows: number;
  /** How many fields each row has. */
  readonly counts: Int32Array;
  /** Where the cutting stopped. */
  readonly end: number;
}

/** Cuts as many rows as fit in one go. `head` needs no spare bytes; it is copied. */
export function sampleRows(head: Uint8Array, columns: number, cutter: RowCutter, whole: boolean): Sample {
  const bytes = new Uint8Array(head.length + 16);
  bytes.set(head);
  let end = cutter.cut(bytes, 0, head.length, whole);
  // A single row longer than the sample is better than none.
  if (cutter.rows === 0 && !whole) end = cutter.cut(bytes, 0, head.length, true);
  const { starts, ends, lines, counts } = cutter;
  const view = new DataView(bytes.buffer);
  return { block: { bytes, view, starts, ends, lines, columns }, rows: cutter.rows, counts, end };
}
