import { type Column, isPresent, type StringVector, stringCount, stringsOf } from '@patron/sdk';

/** One key of an order. Rows without a value come last either way. */
export interface RowSort {
  readonly column: string;
  readonly descending?: boolean;
}

/** Up to so many distinct texts are put in the reader's alphabetical order; more are ordered by code point. */
const MOST_COLLATED = 50_000;
const DIGIT = 1 << 16;

/**
 * Orders `index`, a list of rows, by a column, keeping rows of equal values as they were (a radix sort by 16 bits at a
 * time). Awaits `pause` between passes.
 */
export async function sortIndex(
  index: Uint32Array<ArrayBuffer>,
  column: Column,
  descending: boolean,
  locale: string,
  pause: () => Promise<void>,
): Promise<Uint32Array<ArrayBuffer>> {
  const { present, missing } = splitMissing(index, column);
  const { low, high, bits } = sortKeys(present, column, locale);
  await pause();
  if (bits <= 16) {
    const rows = new Uint32Array(index.length);
    scatter(present, low, descending, rows);
    rows.set(missing, present.length);
    return rows;
  }
  const order = new Uint32Array(present.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let sorted = order;
  for (let shift = 0; shift < bits; shift += 16) {
    sorted = radixPass(sorted, shift < 32 ? low : (high as Uint32Array), shift & 31, descending);
    await pause();
  }
  const rows = new Uint32Array(index.length);
  for (let i = 0; i < sorted.length; i++) rows[i] = present[sorted[i]];
  rows.set(missing, sorted.length);
  return rows;
}

function splitMissing(index: Uint32Array<ArrayBuffer>, column: Column) {
  if (!column.validity) return { present: index, missing: new Uint32Array(0) };
  const present = new Uint32Array(index.length);
  const missing = new Uint32Array(index.length);
  let there = 0;
  let gone = 0;
  for (const row of index) {
    if (isPresent(column, row)) present[there++] = row;
    else missing[gone++] = row;
  }
  return { present: present.subarray(0, there), missing: missing.subarray(0, gone) };
}

/** Keys whose order as unsigned numbers is the order of the values: the lower 32 bits, and the upper where needed. */
function sortKeys(
  rows: Uint32Array,
  column: Column,
  locale: string,
): { low: Uint32Array; high?: Uint32Array; bits: number } {
  const low = new Uint32Array(rows.length);
  if (column.type === 'string') {
    const isDictionary = column.layout === 'dictionary';
    const ranks = knownRanks(isDictionary ? column.dictionary : column.text, locale);
    if (isDictionary) for (let i = 0; i < low.length; i++) low[i] = ranks[column.codes[rows[i]]];
    else for (let i = 0; i < low.length; i++) low[i] = ranks[rows[i]];
    return { low, bits: bitsFor(ranks.length) };
  }
  const { values } = column;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let whole = true;
  // Straight through the column is faster than along the rows, and a range that is too wide does no harm.
  const straight =
    !(values instanceof Float64Array || values instanceof Float32Array) && rows.length > values.length / 8;
  for (let i = 0; i < (straight ? values.length : rows.length); i++) {
    const value = straight ? values[i] : values[rows[i]];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (values instanceof Float64Array || values instanceof Float32Array) {
    for (let i = 0; whole && i < rows.length; i++) whole = Number.isInteger(values[rows[i]]);
  }
  if (rows.length === 0) return { low, bits: 0 };
  if (whole && maximum - minimum < 2 ** 32) {
    for (let i = 0; i < low.length; i++) low[i] = values[rows[i]] - minimum;
    return { low, bits: bitsFor(maximum - minimum + 1) };
  }
  // The bits of a double order as its value does once negatives are turned over and the sign is flipped.
  const high = new Uint32Array(rows.length);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (let i = 0; i < low.length; i++) {
    double[0] = values[rows[i]] + 0;
    const negative = words[1] >>> 31 === 1;
    low[i] = negative ? ~words[0] : words[0];
    high[i] = negative ? ~words[1] : words[1] | 0x80000000;
  }
  return { low, high, bits: 64 };
}

function bitsFor(count: number): number {
  return count <= 1 ? 0 : count <= DIGIT ? 16 : 32;
}

function radixPass(
  order: Uint32Array<ArrayBuffer>,
  keys: Uint32Array,
  shift: number,
  descending: boolean,
): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(DIGIT + 1);
  const flip = descending ? DIGIT - 1 : 0;
  for (let i = 0; i < order.length; i++) starts[(((keys[i] >>> shift) & (DIGIT - 1)) ^ flip) + 1]++;
  for (let digit = 0; digit < DIGIT; digit++) starts[digit + 1] += starts[digit];
  const next = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const at = order[i];
    next[starts[((keys[at] >>> shift) & (DIGIT - 1)) ^ flip]++] = at;
  }
  return next;
}

/** Puts rows into `target` in the order of their keys, which fit into one digit, in a single pass. */
function scatter(rows: Uint32Array, keys: Uint32Array, descending: boolean, target: Uint32Array): void {
  const starts = new Uint32Array(DIGIT + 1);
  const flip = descending ? DIGIT - 1 : 0;
  for (let i = 0; i < keys.length; i++) starts[(keys[i] ^ flip) + 1]++;
  for (let digit = 0; digit < DIGIT; digit++) starts[digit + 1] += starts[digit];
  for (let i = 0; i < rows.length; i++) target[starts[keys[i] ^ flip]++] = rows[i];
}

const known = new WeakMap<StringVector, { locale: string; ranks: Uint32Array }>();

/** Ranks are kept as long as their vector: a sheet is often ordered by the same column again. */
function knownRanks(vector: StringVector, locale: string): Uint32Array {
  const before = known.get(vector);
  if (before?.locale === locale) return before.ranks;
  const ranks = textRanks(vector, locale);
  known.set(vector, { locale, ranks });
  return ranks;
}

/** The place of each entry in the order of the texts; equal texts have equal places. */
export function textRanks(vector: StringVector, locale: string): Uint32Array {
  const count = stringCount(vector);
  const ranks = new Uint32Array(count);
  if (count <= MOST_COLLATED) {
    const texts = stringsOf(vector);
    const collator = new Intl.Collator(locale, { numeric: true });
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => collator.compare(texts[a], texts[b]));
    let rank = 0;
    for (let i = 0; i < count; i++) {
      if (i > 0 && texts[order[i]] !== texts[order[i - 1]]) rank = i;
      ranks[order[i]] = rank;
    }
    return ranks;
  }
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  orderByBytes(vector, order, 0, count, 0, ranks);
  return ranks;
}

/**
 * Orders entries `from` … `to` of `order`, which agree in their first `depth` bytes, eight bytes at a time, and gives them
 * their ranks.
 */
function orderByBytes(
  vector: StringVector,
  order: Uint32Array<ArrayBuffer>,
  from: number,
  to: number,
  depth: number,
  ranks: Uint32Array,
): void {
  const { offsets, bytes } = vector;
  const count = to - from;
  const entries = order.slice(from, to);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    high[i] = word(bytes, offsets[entries[i]] + depth, offsets[entries[i] + 1]);
    low[i] = word(bytes, offsets[entries[i]] + depth + 4, offsets[entries[i] + 1]);
  }
  let sorted: Uint32Array<ArrayBuffer> = new Uint32Array(count);
  for (let i = 0; i < count; i++) sorted[i] = i;
  if (count > 2048) {
    sorted = radixPass(sorted, low, 0, false);
    sorted = radixPass(sorted, low, 16, false);
    sorted = radixPass(sorted, high, 0, false);
    sorted = radixPass(sorted, high, 16, false);
  } else sorted.sort((a, b) => high[a] - high[b] || low[a] - low[b]);
  for (let i = 0; i < count; i++) order[from + i] = entries[sorted[i]];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && high[sorted[end]] === high[sorted[start]] && low[sorted[end]] === low[sorted[start]]) end++;
    const longer = end - start > 1 && hasMore(vector, order, from + start, from + end, depth + 8);
    if (longer) orderByBytes(vector, order, from + start, from + end, depth + 8, ranks);
    else for (let i = start; i < end; i++) ranks[order[from + i]] = from + start;
    start = end;
  }
}

function hasMore({ offsets }: StringVector, order: Uint32Array, from: number, to: number, depth: number): boolean {
  for (let i = from; i < to; i++) if (offsets[order[i] + 1] - offsets[order[i]] > depth) return true;
  return false;
}

/** Four bytes as a number that orders as they do; zeros behind the end. */
function word(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < start + 4; i++) value = (value << 8) | (i < end ? bytes[i] : 0);
  return value >>> 0;
}
