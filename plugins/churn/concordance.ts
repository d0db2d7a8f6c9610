import { type CoxRows, linearPredictor } from './cox-data.ts';

export interface Concordance {
  /** Share of comparable pairs in which the one predicted to end first did; ties count half. */
  readonly value: number;
  /** Infinitesimal jackknife. */
  readonly standardError: number;
  readonly pairs: number;
}

/**
 * Harrell's concordance of predictions and durations within strata (Therneau & Watson 2015), in n log n by a Fenwick tree
 * over the ranks of the predictions. Undefined where no pair can be compared.
 */
export function concordance(data: CoxRows, beta: Float64Array): Concordance | undefined {
  const predictor = linearPredictor(data, beta);
  const n = predictor.length;
  const agreeing = new Float64Array(n);
  const comparable = new Float64Array(n);
  for (let s = 0; s + 1 < data.strata.length; s++)
    countStratum(data, predictor, data.strata[s], data.strata[s + 1], agreeing, comparable);
  let agreed = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    agreed += agreeing[i];
    pairs += comparable[i];
  }
  if (!(pairs > 0)) return undefined;
  const value = agreed / pairs;
  // Each pair was counted at both its members.
  const total = pairs / 2;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += ((agreeing[i] - value * comparable[i]) / total) ** 2;
  return { value, standardError: Math.sqrt(variance), pairs: total };
}

function countStratum(
  data: CoxRows,
  predictor: Float64Array,
  start: number,
  end: number,
  agreeing: Float64Array,
  comparable: Float64Array,
): void {
  const { times, ended } = data;
  const distinct = predictor.slice(start, end).sort();
  let count = 0;
  for (let i = 0; i < distinct.length; i++)
    if (i === 0 || distinct[i] !== distinct[i - 1]) distinct[count++] = distinct[i];
  const rank = new Uint32Array(end - start);
  for (let i = start; i < end; i++) rank[i - start] = rankOf(distinct, count, predictor[i]);
  // Each event against all that lasted longer: rows are ordered from the longest down.
  const later = new Fenwick(count);
  for (let i = start; i < end; ) {
    const first = i;
    while (i < end && times[i] === times[first]) i++;
    for (let k = first; k < i; k++) if (ended[k] === 0) later.add(rank[k - start]);
    for (let k = first; k < i; k++) {
      if (ended[k] === 0) continue;
      const below = later.below(rank[k - start]);
      const equal = later.below(rank[k - start] + 1) - below;
      agreeing[k] += below + equal / 2;
      comparable[k] += later.total;
    }
    for (let k = first; k < i; k++) if (ended[k] === 1) later.add(rank[k - start]);
  }
  // Each row against the events before it.
  const earlier = new Fenwick(count);
  for (let i = end - 1; i >= start; ) {
    const last = i;
    while (i >= start && times[i] === times[last]) i--;
    const meet = (wanted: number): void => {
      for (let k = last; k > i; k--) {
        if (ended[k] !== wanted) continue;
        const upTo = earlier.below(rank[k - start] + 1);
        const equal = upTo - earlier.below(rank[k - start]);
        agreeing[k] += earlier.total - upTo + equal / 2;
        comparable[k] += earlier.total;
      }
    };
    meet(1);
    for (let k = last; k > i; k--) if (ended[k] === 1) earlier.add(rank[k - start]);
    meet(0);
  }
}

function rankOf(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts by rank with prefix sums in log time (Fenwick 1994). */
class Fenwick {
  private readonly tree: Uint32Array;
  total = 0;

  constructor(size: number) {
    this.tree = new Uint32Array(size + 1);
  }

  add(rank: number): void {
    this.total++;
    for (let i = rank + 1; i < this.tree.length; i += i & -i) this.tree[i]++;
  }

  /** How many have a rank below `rank`. */
  below(rank: number): number {
    let sum = 0;
    for (let i = rank; i > 0; i -= i & -i) sum += this.tree[i];
    return sum;
  }
}
