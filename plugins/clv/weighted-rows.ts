/** The cells of one frequency: rows `start` to `end` (exclusive) of `WeightedRows`. */
interface FrequencyLevel {
  readonly frequency: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The distinct (frequency, recency, T) of a customer base, each with the number of customers that share it, ordered by
 * frequency. All that a likelihood needs.
 */
export interface WeightedRows {
  readonly size: number;
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
  readonly weight: Float64Array;
  /** The sum of the weights. */
  readonly total: number;
  readonly levels: readonly FrequencyLevel[];
  /** The longest T. */
  readonly longest: number;
}

/** The rows of one frequency that a part holds: `start` to `end` (exclusive), of `rows` in all. */
export interface LevelPart extends FrequencyLevel {
  readonly rows: number;
}

/** Some successive rows of a base, for work that is done part by part. The arrays are those of the whole base. */
export interface RowsPart {
  readonly recency: Float64Array;
  readonly T: Float64Array;
  readonly weight: Float64Array;
  readonly longest: number;
  readonly start: number;
  readonly end: number;
  readonly levels: readonly LevelPart[];
}

/** The rows from `start` to `end` (exclusive) as a part. */
export function partOf(rows: WeightedRows, start = 0, end = rows.size): RowsPart {
  const { recency, T, weight, longest } = rows;
  const levels: LevelPart[] = [];
  for (const level of rows.levels) {
    if (level.end <= start || level.start >= end) continue;
    levels.push({
      frequency: level.frequency,
      start: Math.max(start, level.start),
      end: Math.min(end, level.end),
      rows: level.end - level.start,
    });
  }
  return { recency, T, weight, longest, start, end, levels };
}

/** Rows, and for each customer the row that it belongs to. */
export interface GroupedRows extends WeightedRows {
  readonly rowOf: Uint32Array;
}

/** The customers that are looked at to tell whether grouping would shorten a long list. */
const PROBE = 20_000;

/**
 * Groups customers by equal (frequency, recency, T), by hashing the three numbers; `weight` counts each customer once unless given.
 * A long list in which hardly any two are alike keeps a row for each customer.
 */
export function groupRows(
  frequency: Float64Array,
  recency: Float64Array,
  T: Float64Array,
  weight?: Float64Array,
): GroupedRows {
  const count = frequency.length;
  const histories = { frequency, recency, T };
  const stride = Math.floor(count / PROBE);
  if (stride > 1) {
    const probe = Uint32Array.from({ length: PROBE }, (_, i) => i * stride);
    if (sameAs(histories, probe).size > 0.99 * PROBE) {
      const each = Uint32Array.from({ length: count }, (_, i) => i);
      return order(histories, each, weight ?? new Float64Array(count).fill(1), each.slice());
    }
  }
  const { rowOf, first, size } = sameAs(histories);
  const weights = new Float64Array(size);
  for (let i = 0; i < count; i++) weights[rowOf[i]] += weight ? weight[i] : 1;
  return order(histories, first.subarray(0, size), weights, rowOf);
}

type Histories = Pick<WeightedRows, 'frequency' | 'recency' | 'T'>;

/** Numbers the distinct histories of some customers (all unless given), in the order in which they are met. */
function sameAs(
  { frequency, recency, T }: Histories,
  customers?: Uint32Array,
): { rowOf: Uint32Array; first: Uint32Array; size: number } {
  const count = customers ? customers.length : frequency.length;
  const slots = 1 << Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
  const table = new Int32Array(slots).fill(-1);
  const first = new Uint32Array(count);
  const rowOf = new Uint32Array(count);
  const key = new Float64Array(3);
  const bits = new Int32Array(key.buffer);
  let size = 0;
  for (let at = 0; at < count; at++) {
    const i = customers ? customers[at] : at;
    key[0] = frequency[i];
    key[1] = recency[i];
    key[2] = T[i];
    let hash = 0x811c9dc5;
    for (let k = 0; k < 6; k++) {
      hash = Math.imul(hash ^ bits[k], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & (slots - 1);
    let row = table[slot];
    while (row >= 0) {
      const other = first[row];
      if (frequency[other] === key[0] && recency[other] === key[1] && T[other] === key[2]) break;
      slot = (slot + 1) & (slots - 1);
      row = table[slot];
    }
    if (row < 0) {
      row = size++;
      table[slot] = row;
      first[row] = i;
    }
    rowOf[at] = row;
  }
  return { rowOf, first, size };
}

/** Puts rows in the order of their frequency. `first` is a customer of each row; `rowOf` is brought up to date. */
function order(histories: Histories, first: Uint32Array, weights: Float64Array, rowOf: Uint32Array): GroupedRows {
  const { frequency, recency, T } = histories;
  const size = first.length;
  const places = new Map<number, number>();
  const levelOf = new Uint32Array(size);
  const known = new Int32Array(1024).fill(-1);
  for (let row = 0; row < size; row++) {
    const x = frequency[first[row]];
    let level = x < 1024 ? known[x] : (places.get(x) ?? -1);
    if (level < 0) {
      level = places.size;
      places.set(x, level);
      if (x < 1024) known[x] = level;
    }
    levelOf[row] = level;
  }
  const counts = new Uint32Array(places.size);
  for (const level of levelOf) counts[level]++;
  const next = new Uint32Array(places.size);
  const levels: FrequencyLevel[] = [];
  let end = 0;
  for (const [x, level] of [...places].sort(([a], [b]) => a - b)) {
    next[level] = end;
    levels.push({ frequency: x, start: end, end: end + counts[level] });
    end += counts[level];
  }
  const place = new Uint32Array(size);
  const rows = {
    size,
    frequency: new Float64Array(size),
    recency: new Float64Array(size),
    T: new Float64Array(size),
    weight: new Float64Array(size),
    levels,
  };
  let total = 0;
  let longest = 0;
  for (let row = 0; row < size; row++) {
    const i = first[row];
    const to = next[levelOf[row]]++;
    place[row] = to;
    rows.frequency[to] = frequency[i];
    rows.recency[to] = recency[i];
    rows.T[to] = T[i];
    if (T[i] > longest) longest = T[i];
    rows.weight[to] = weights[row];
    total += weights[row];
  }
  for (let i = 0; i < rowOf.length; i++) rowOf[i] = place[rowOf[i]];
  return { ...rows, total, longest, rowOf };
}

/** Every `stride`-th row, for a first look at a large base. The rows are ordered by frequency, so all levels are met. */
export function sampleRows(rows: WeightedRows, stride: number): WeightedRows {
  const size = Math.ceil(rows.size / stride);
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, i) => values[i * stride]);
  const frequency = pick(rows.frequency);
  const weight = pick(rows.weight);
  const levels: FrequencyLevel[] = [];
  for (let start = 0; start < size; ) {
    let end = start + 1;
    while (end < size && frequency[end] === frequency[start]) end++;
    levels.push({ frequency: frequency[start], start, end });
    start = end;
  }
  let total = 0;
  for (const value of weight) total += value;
  return {
    size,
    frequency,
    recency: pick(rows.recency),
    T: pick(rows.T),
    weight,
    total,
    levels,
    longest: rows.longest,
  };
}
