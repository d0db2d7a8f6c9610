import type { NumericArray } from '../column.ts';

/** Above this span of whole numbers, or for fractions, ranking sorts by radix instead of counting. */
const COUNTING_SPAN = 1 << 22;

/**
 * Places of the values in ascending order: `values[sortedIndices[0]]` is the smallest. Equal values keep the order in which
 * they stand, or that of `ties`, a permutation of 0 … n − 1 that says who comes first among equals. Counting sort for whole
 * numbers of a narrow span, radix sort otherwise; no comparison, so a million values take tens of milliseconds. NaN comes
 * last.
 */
export function sortedIndices(values: NumericArray, ties?: Uint32Array): Uint32Array {
  const span = wholeSpan(values);
  return span ? countingSort(values, span.minimum, span.size, ties) : radixSort(values, ties);
}

function wholeSpan(values: NumericArray): { minimum: number; size: number } | undefined {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  const limit = Math.min(COUNTING_SPAN, Math.max(1024, values.length * 4));
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== Math.floor(value)) return undefined;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (values.length === 0) return { minimum: 0, size: 0 };
  return maximum - minimum < limit ? { minimum, size: maximum - minimum + 1 } : undefined;
}

/** How many values are smaller than each whole number of the span. */
function startsByValue(values: NumericArray, minimum: number, size: number): Uint32Array {
  const starts = new Uint32Array(size + 1);
  for (let i = 0; i < values.length; i++) starts[values[i] - minimum + 1]++;
  for (let i = 1; i <= size; i++) starts[i] += starts[i - 1];
  return starts;
}

function countingSort(values: NumericArray, minimum: number, size: number, ties?: Uint32Array): Uint32Array {
  const next = startsByValue(values, minimum, size);
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) {
    const item = ties ? ties[i] : i;
    order[next[values[item] - minimum]++] = item;
  }
  return order;
}

/** Least significant digit first over 64-bit keys whose unsigned order is the order of the floats, 16 bits a digit. */
function radixSort(values: NumericArray, ties?: Uint32Array): Uint32Array {
  const n = values.length;
  const floats = Float64Array.from(values);
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < n; i++) {
    const high = words[2 * i + 1];
    if (Number.isNaN(floats[i])) {
      words[2 * i] = 0xffff_ffff;
      words[2 * i + 1] = 0xffff_ffff;
    } else if (high >>> 31 && floats[i] !== 0) {
      words[2 * i] = ~words[2 * i];
      words[2 * i + 1] = ~high;
    } else {
      // Minus zero equals zero, so both take the key of plus zero.
      words[2 * i + 1] = (high | 0x8000_0000) >>> 0;
    }
  }
  const halves = new Uint16Array(floats.buffer);
  let order = ties ? ties.slice() : Uint32Array.from({ length: n }, (_, i) => i);
  let target = new Uint32Array(n);
  const next = new Uint32Array(65_537);
  for (let digit = 0; digit < 4; digit++) {
    next.fill(0);
    for (let i = 0; i < n; i++) next[halves[4 * i + digit] + 1]++;
    if (n > 0 && next[halves[digit] + 1] === n) continue;
    for (let i = 1; i < next.length; i++) next[i] += next[i - 1];
    for (let i = 0; i < n; i++) {
      const item = order[i];
      target[next[halves[4 * item + digit]]++] = item;
    }
    [order, target] = [target, order];
  }
  return order;
}

/**
 * Ranks 1 … n in ascending order, all different: equal values are ranked in the order of `ties` (a permutation of
 * 0 … n − 1), or as they stand. With the values as they stand it is pandas' and R's `rank(method='first')`.
 */
export function ranksFirst(values: NumericArray, ties?: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(values.length);
  const span = ties ? undefined : wholeSpan(values);
  if (span) {
    const next = startsByValue(values, span.minimum, span.size);
    for (let i = 0; i < ranks.length; i++) ranks[i] = ++next[values[i] - span.minimum];
    return ranks;
  }
  const order = sortedIndices(values, ties);
  for (let i = 0; i < order.length; i++) ranks[order[i]] = i + 1;
  return ranks;
}

/** Ranks 1 … n in ascending order where equal values share the mean of their places (mid-ranks). */
export function ranksAverage(values: NumericArray): Float64Array {
  const order = sortedIndices(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    const shared = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) ranks[order[i]] = shared;
    start = end;
  }
  return ranks;
}
