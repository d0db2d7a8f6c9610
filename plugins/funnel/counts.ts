import { type Journeys, wilsonInterval } from '@patron/sdk';

/** Journeys with at least k steps, k = 1 … steps, over all journeys or those that `member` picks. */
export function reachedCounts(found: Journeys, member?: (journey: number) => boolean): number[] {
  const atDepth = new Array<number>(found.steps + 1).fill(0);
  for (let journey = 0; journey < found.count; journey++)
    if (member === undefined || member(journey)) atDepth[found.depth[journey]]++;
  const reached = new Array<number>(found.steps).fill(0);
  for (let step = found.steps, sum = 0; step > 0; step--) {
    sum += atDepth[step];
    reached[step - 1] = sum;
  }
  return reached;
}

/** Seconds from step `from` to step `to` (counted from 0) of the journeys that reached `to`. */
export function secondsBetween(found: Journeys, time: (row: number) => number, from: number, to: number): Float64Array {
  let count = 0;
  for (let journey = 0; journey < found.count; journey++) if (found.depth[journey] > to) count++;
  const seconds = new Float64Array(count);
  let at = 0;
  for (let journey = 0; journey < found.count; journey++) {
    if (found.depth[journey] <= to) continue;
    const base = journey * found.steps;
    seconds[at++] = (time(found.rows[base + to]) - time(found.rows[base + from])) / 1000;
  }
  return seconds;
}

/** Arithmetic mean; null of nothing. */
export function meanOf(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** `part` of `whole`; null where the whole is nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** The interval of each step's customers, by that of their share of the first step; the first step has none. */
export function countIntervals(customers: readonly number[]): { low: (number | null)[]; high: (number | null)[] } {
  const [entered] = customers;
  const ends = customers.map((count, step) =>
    step === 0 || entered === 0 ? [null, null] : wilsonInterval(count, entered).map((end) => end * entered),
  );
  return { low: ends.map(([low]) => low), high: ends.map(([, high]) => high) };
}
