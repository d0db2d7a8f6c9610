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
}

/** Rows, and for each customer the row that it belongs to. */
export interface GroupedRows extends WeightedRows {
  readonly rowOf: Uint32Array;
}

/** Groups customers by equal (frequency, recency, T), by hashing the three numbers; `weight` counts each customer once unless given. */
export function groupRows(
  frequency: Float64Array,
  recency: Float64Array,
  T: Float64Array,
  weight?: Float64Array,
): GroupedRows {
  const count = frequency.length;
  const slots = 1 << Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
  const table = new Int32Array(slots).fill(-1);
  const first = new Uint32Array(count);
  const weights = new Float64Array(count);
  const rowOf = new Uint32Array(count);
  const key = new Float64Array(3);
  const bits = new Int32Array(key.buffer);
  let size = 0;
  for (let i = 0; i < count; i++) {
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
    weights[row] += weight ? weight[i] : 1;
    rowOf[i] = row;
  }
  return order(frequency, recency, T, first.subarray(0, size), weights.subarray(0, size), rowOf);
}

function order(
  frequency: Float64Array,
  recency: Float64Array,
  T: Float64Array,
  first: Uint32Array,
  weights: Float64Array,
  rowOf: Uint32Array,
): GroupedRows {
  const size = first.length;
  const countOf = new Map<number, number>();
  for (const i of first) countOf.set(frequency[i], (countOf.get(frequency[i]) ?? 0) + 1);
  const levels: FrequencyLevel[] = [];
  const next = new Map<number, number>();
  let end = 0;
  for (const level of [...countOf.keys()].sort((a, b) => a - b)) {
    const start = end;
    end += countOf.get(level) as number;
    levels.push({ frequency: level, start, end });
    next.set(level, start);
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
  for (let row = 0; row < size; row++) {
    const i = first[row];
    const to = next.get(frequency[i]) as number;
    next.set(frequency[i], to + 1);
    place[row] = to;
    rows.frequency[to] = frequency[i];
    rows.recency[to] = recency[i];
    rows.T[to] = T[i];
    rows.weight[to] = weights[row];
    total += weights[row];
  }
  for (let i = 0; i < rowOf.length; i++) rowOf[i] = place[rowOf[i]];
  return { ...rows, total, rowOf };
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
  return { size, frequency, recency: pick(rows.recency), T: pick(rows.T), weight, total, levels };
}
