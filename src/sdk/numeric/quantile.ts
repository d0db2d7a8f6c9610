import type { NumericArray } from '../column.ts';

/**
 * Order statistics without sorting everything: entry i is the value that would stand at place `places[i]` (from 0) of the
 * sorted values. `places` must ascend. Values are spread over 65,536 buckets, and only the buckets that hold a wanted
 * place are looked into. NaN must have been left out.
 */
export function orderStatistics(values: NumericArray, places: readonly number[]): Float64Array {
  const found = new Float64Array(places.length);
  if (places.length > 0) select(values, places, 0, found);
  return found;
}

const BUCKETS = 65_536;
const SORT_BELOW = 4096;

function select(values: NumericArray, places: readonly number[], firstSlot: number, found: Float64Array): void {
  const slotOf = (i: number): number => firstSlot + i;
  let minimum = values[0];
  let maximum = values[0];
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (minimum === maximum) {
    for (let i = 0; i < places.length; i++) found[slotOf(i)] = minimum;
    return;
  }
  const width = (maximum - minimum) / (BUCKETS - 1);
  if (values.length <= SORT_BELOW || !(width > 0) || width === Number.POSITIVE_INFINITY) {
    const sorted = Float64Array.from(values).sort();
    for (let i = 0; i < places.length; i++) found[slotOf(i)] = sorted[places[i]];
    return;
  }
  const counts = new Uint32Array(BUCKETS);
  const factor = 1 / width;
  for (let i = 0; i < values.length; i++) counts[((values[i] - minimum) * factor) | 0]++;
  let before = 0;
  let next = 0;
  const wanted: { bucket: number; before: number; from: number; to: number }[] = [];
  for (let bucket = 0; bucket < BUCKETS && next < places.length; bucket++) {
    const after = before + counts[bucket];
    const from = next;
    while (next < places.length && places[next] < after) next++;
    if (next > from) wanted.push({ bucket, before, from, to: next });
    before = after;
  }
  const slotByBucket = new Int16Array(BUCKETS).fill(-1);
  const members = wanted.map(({ bucket }, slot) => {
    slotByBucket[bucket] = slot;
    return new Float64Array(counts[bucket]);
  });
  const filled = new Uint32Array(wanted.length);
  for (let i = 0; i < values.length; i++) {
    const slot = slotByBucket[((values[i] - minimum) * factor) | 0];
    if (slot >= 0) members[slot][filled[slot]++] = values[i];
  }
  wanted.forEach(({ before, from, to }, slot) => {
    const inner = places.slice(from, to).map((place) => place - before);
    select(members[slot], inner, slotOf(from), found);
  });
}

/**
 * The value at the fractional places `positions` (0 … n − 1) of the sorted values, linear between neighbours.
 * Places need not ascend.
 */
function interpolate(values: NumericArray, positions: readonly number[]): Float64Array {
  const last = values.length - 1;
  const places = [...new Set(positions.flatMap((at) => [Math.floor(at), Math.min(last, Math.floor(at) + 1)]))];
  places.sort((a, b) => a - b);
  const statistics = orderStatistics(values, places);
  const valueAtPlace = new Map(places.map((place, i) => [place, statistics[i]]));
  return Float64Array.from(positions, (at) => {
    const low = valueAtPlace.get(Math.floor(at)) as number;
    const high = valueAtPlace.get(Math.min(last, Math.floor(at) + 1)) as number;
    return low + (at - Math.floor(at)) * (high - low);
  });
}

/**
 * Quantiles of the values at `probabilities` (0 … 1), linear between order statistics: type 7 of Hyndman & Fan (1996),
 * the default of R, NumPy, pandas and Excel's PERCENTILE.INC. NaN where there are no values.
 */
export function quantiles(values: NumericArray, probabilities: readonly number[]): Float64Array {
  if (values.length === 0) return new Float64Array(probabilities.length).fill(Number.NaN);
  return interpolate(
    values,
    probabilities.map((probability) => (values.length - 1) * probability),
  );
}

/** One quantile, as `quantiles`. */
export function quantile(values: NumericArray, probability: number): number {
  return quantiles(values, [probability])[0];
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: NumericArray): number {
  return quantile(values, 0.5);
}

/**
 * The `bins − 1` inner edges that cut the values into `bins` classes of about equal size, as pandas' `qcut`: type 7
 * quantiles at 1/bins, 2/bins, …
 */
export function quantileEdges(values: NumericArray, bins: number): Float64Array {
  if (values.length === 0) return new Float64Array(bins - 1).fill(Number.NaN);
  return interpolate(
    values,
    Array.from({ length: bins - 1 }, (_, i) => ((values.length - 1) * (i + 1)) / bins),
  );
}

/**
 * Class of each value, 1 … edges.length + 1, by ascending inner edges. Classes are closed on the right, as pandas' `cut`
 * and `qcut`: a value equal to an edge belongs to the lower class. Where edges coincide the classes between them are empty.
 */
export function binByEdges(values: NumericArray, edges: ArrayLike<number>): Uint8Array {
  const bins = new Uint8Array(values.length);
  const sorted = Float64Array.from(edges);
  const table = binTable(values, sorted);
  if (table) {
    for (let i = 0; i < bins.length; i++) bins[i] = table.bins[values[i] - table.minimum];
    return bins;
  }
  const block = new Float64Array(Math.min(BLOCK, values.length));
  for (let start = 0; start < values.length; start += BLOCK) {
    const end = Math.min(values.length, start + BLOCK);
    block.set(values.subarray(start, end));
    binBlock(block, sorted, bins, start, end - start);
  }
  return bins;
}

/** Whole numbers of a narrow span have few different classes to find: the class of each number from `minimum` on. */
function binTable(values: NumericArray, edges: Float64Array): { minimum: number; bins: Uint8Array } | undefined {
  if (values instanceof Float64Array || values instanceof Float32Array || values.length === 0) return undefined;
  let minimum = values[0];
  let maximum = values[0];
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (maximum - minimum > values.length / 4) return undefined;
  const numbers = new Float64Array(maximum - minimum + 1);
  for (let i = 0; i < numbers.length; i++) numbers[i] = minimum + i;
  const bins = new Uint8Array(numbers.length);
  binBlock(numbers, edges, bins, 0, numbers.length);
  return { minimum, bins };
}

/** Rows at a time: copied into one kind of array, so that the inner loop does not depend on how the values are stored. */
const BLOCK = 8192;

function binBlock(values: Float64Array, edges: Float64Array, bins: Uint8Array, start: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const value = values[i];
    let bin = 1;
    for (let k = 0; k < edges.length && value > edges[k]; k++) bin++;
    bins[start + i] = bin;
  }
}
