import type { NumericArray } from '../column.ts';
import type { CustomerKeys } from './customer-summary-keys.ts';

/** How a table's rows stand: what a one-pass reduction may rely on. */
export interface RowOrder {
  /** All rows of a customer stand together. */
  readonly clustered: boolean;
  /** Each customer's rows stand in order of time (because the whole table does, or because each cluster does). */
  readonly timeOrdered: boolean;
}

/** Finds how the rows stand. Looks only as far as the first rows that break an order. */
export function rowOrder(keys: CustomerKeys, times: NumericArray): RowOrder {
  if (ascends(times)) return { clustered: isClustered(keys), timeOrdered: true };
  const clustered = isClustered(keys);
  return { clustered, timeOrdered: clustered && ascendsWithin(keys.values, times) };
}

function ascends(times: NumericArray): boolean {
  for (let i = 1; i < times.length; i++) if (times[i] < times[i - 1]) return false;
  return true;
}

function ascendsWithin(customers: NumericArray, times: NumericArray): boolean {
  for (let i = 1; i < times.length; i++) {
    if (times[i] < times[i - 1] && customers[i] === customers[i - 1]) return false;
  }
  return true;
}

function isClustered({ values, offset, count }: CustomerKeys): boolean {
  const seen = new Uint8Array(count);
  let current = -1;
  for (let i = 0; i < values.length; i++) {
    const code = values[i] - offset;
    if (code === current) continue;
    if (seen[code] === 1) return false;
    seen[code] = 1;
    current = code;
  }
  return true;
}
