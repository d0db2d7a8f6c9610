import type { Threads } from './analysis.ts';
import type { NumericArray } from './column.ts';

/** Whether an array lies in memory that several threads see, so that handing it to a kernel costs nothing. */
export function isShared({ buffer }: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/** Whether there can be shared memory: in a page that is cross-origin isolated, its workers, and Node; not in a sandbox. */
export function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== 'undefined' && crossOriginIsolated !== false;
}

/** The array itself where it is shared, otherwise a copy of it in shared memory. Only where `canShare`. */
export function shared<A extends NumericArray>(array: A): A {
  if (isShared(array)) return array;
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const copy = new Kind(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** Fewer rows than this are done before another thread has woken. */
const ROWS_WORTH_SPREADING = 200_000;

/** Whether a pass over so many rows is quicker on several threads: there are some, and they can share the rows. */
export function worthSpreading({ threads }: Threads, rows: number): boolean {
  return threads > 1 && rows >= ROWS_WORTH_SPREADING && canShare();
}

/** `parts` ranges [start, end) of about equal length that together are 0 … length − 1. */
export function evenRanges(length: number, parts: number): [start: number, end: number][] {
  const edge = (part: number): number => Math.round((length * part) / parts);
  return Array.from({ length: parts }, (_, part) => [edge(part), edge(part + 1)]);
}
