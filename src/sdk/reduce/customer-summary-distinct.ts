import type { Column } from '../column.ts';
import { denseCodes, isPresent } from '../read-column.ts';
import type { PeriodIndex } from '../time/period-index.ts';
import type { CustomerKeys } from './customer-summary-keys.ts';
import type { RowOrder } from './customer-summary-order.ts';

/**
 * In how many different periods each customer has a row, by customer code. Where a customer's rows stand in order of time
 * one pass compares each row with the customer's last period; else the rows' periods are put together by customer first.
 */
export function distinctPeriods(keys: CustomerKeys, periods: PeriodIndex, order: RowOrder): Uint32Array {
  const { values, offset } = keys;
  const { indexes, first, last } = periods;
  const distinct = new Uint32Array(keys.count);
  if (order.timeOrdered) {
    const previous = new Int32Array(keys.count).fill(first - 1);
    for (let i = 0; i < indexes.length; i++) {
      const code = values[i] - offset;
      if (indexes[i] !== previous[code]) {
        previous[code] = indexes[i];
        distinct[code]++;
      }
    }
    return distinct;
  }
  const { starts, grouped } = groupByCustomer(keys, indexes);
  // stamp[p] is the customer (plus one) whose period p was counted last, so it is never cleared between customers.
  const stamp = new Uint32Array(Math.max(0, last - first + 1));
  for (let code = 0; code < keys.count; code++) {
    let count = 0;
    for (let i = starts[code]; i < starts[code + 1]; i++) {
      const slot = grouped[i] - first;
      if (stamp[slot] !== code + 1) {
        stamp[slot] = code + 1;
        count++;
      }
    }
    distinct[code] = count;
  }
  return distinct;
}

/** The rows' numbers put together by customer, each customer's in row order: those of code c from `starts[c]` on. */
function groupByCustomer(
  { values, offset, count }: CustomerKeys,
  numbers: Int32Array,
): { starts: Uint32Array; grouped: Int32Array } {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < values.length; i++) starts[values[i] - offset + 1]++;
  for (let code = 0; code < count; code++) starts[code + 1] += starts[code];
  const next = starts.slice();
  const grouped = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) grouped[next[values[i] - offset]++] = numbers[i];
  return { starts, grouped };
}

/**
 * How many different orders each customer has, by customer code. An order is expected to belong to one customer; one that
 * several share counts once for each of them, and a row without an order is an order of its own.
 */
export function distinctOrders(keys: CustomerKeys, column: Column): Uint32Array {
  const { values, offset } = keys;
  const orders = denseCodes(column);
  const { codes } = orders;
  const distinct = new Uint32Array(keys.count);
  const owner = new Uint32Array(orders.count);
  const shared = new Set<number>();
  for (let i = 0; i < codes.length; i++) {
    const order = codes[i];
    const customer = values[i] - offset;
    if (column.validity && !isPresent(column, i)) {
      distinct[customer]++;
      continue;
    }
    if (owner[order] === customer + 1) continue;
    if (owner[order] === 0) owner[order] = customer + 1;
    else {
      const pair = order * keys.count + customer;
      if (shared.has(pair)) continue;
      shared.add(pair);
    }
    distinct[customer]++;
  }
  return distinct;
}
