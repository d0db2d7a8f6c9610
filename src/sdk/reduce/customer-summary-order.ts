import type { NumericArray } from '../column.ts';
import { BLOCK, codeReader } from './customer-summary-blocks.ts';
import type { CustomerKeys } from './customer-summary-keys.ts';

/** How a table's rows stand: what a one-pass reduction may rely on. */
export interface RowOrder {
  /** All rows of a customer stand together. */
  readonly clustered: boolean;
  /** Each customer's rows stand in order of time (because the whole table does, or because each cluster does). */
  readonly timeOrdered: boolean;
}

interface Found {
  /** Whether what has been looked at so far stands by customer, by time, and by time within each customer's run. */
  clustered: boolean;
  ascends: boolean;
  ascendsWithin: boolean;
  code: number;
  time: number;
}

/** Finds how the rows stand, in one pass that ends at the first block where no order is left. */
export function rowOrder(keys: CustomerKeys, times: NumericArray): RowOrder {
  const codes = codeReader(keys);
  const time = new Float64Array(BLOCK);
  const seen = new Uint8Array(keys.count);
  const found: Found = {
    clustered: true,
    ascends: true,
    ascendsWithin: true,
    code: -1,
    time: Number.NEGATIVE_INFINITY,
  };
  for (let start = 0; start < times.length && (found.clustered || found.ascends); start += BLOCK) {
    const end = Math.min(times.length, start + BLOCK);
    time.set(times.subarray(start, end));
    look(codes(start, end), time, seen, end - start, found);
  }
  return { clustered: found.clustered, timeOrdered: found.ascends || (found.clustered && found.ascendsWithin) };
}

function look(codes: Uint32Array, times: Float64Array, seen: Uint8Array, length: number, found: Found): void {
  let { clustered, ascends, ascendsWithin, code: previous, time: before } = found;
  for (let i = 0; i < length; i++) {
    const code = codes[i];
    const time = times[i];
    if (time < before) {
      ascends = false;
      if (code === previous) ascendsWithin = false;
    }
    if (code !== previous) {
      if (seen[code] === 1) clustered = false;
      seen[code] = 1;
    }
    previous = code;
    before = time;
  }
  found.clustered = clustered;
  found.ascends = ascends;
  found.ascendsWithin = ascendsWithin;
  found.code = previous;
  found.time = before;
}
