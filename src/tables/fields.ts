import type { RejectReason } from './import-options.ts';

/**
 * Rows cut into fields: field `c` of row `r` is `bytes[starts[k] .. ends[k] >>> 1]` with `k = r * columns + c`; the low
 * bit of `ends[k]` tells that the field was quoted. Eight bytes after the last field can be read without harm.
 */
export interface FieldBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The line of the file each row begins at, 1-based. */
  readonly lines: Int32Array;
  readonly columns: number;
}

/** Hears of what is wrong with a line: column -1 stands for the whole line. */
export type LineIssue = (
  line: number,
  column: number,
  reason: RejectReason,
  bytes: Uint8Array,
  start: number,
  end: number,
) => void;

/** Cuts bytes into rows of fields, as many at a time as its arrays hold. */
export interface RowCutter {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lines: Int32Array;
  /** How many fields each row of the last cut really had. */
  readonly counts: Int32Array;
  /** How many rows the last cut gave. */
  rows: number;
  /**
   * Cuts whole rows from `bytes[from .. to]` and returns where the next one begins. `bytes[to]` is overwritten. Only with
   * `final` is what follows the last line end a row too.
   */
  cut(bytes: Uint8Array, from: number, to: number, final: boolean): number;
}

/** How many rows of so many fields are cut at a time: enough to keep the loops hot, few enough to stay in the cache. */
export function rowsPerCut(columns: number): number {
  return Math.max(1, Math.min(8192, Math.floor(32_768 / columns)));
}

/** Decoded text of a field. */
export function fieldText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
