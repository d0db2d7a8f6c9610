import { sortedIndices, type Threads } from '@patron/sdk';
import { type CoxRows, linearPredictor } from './cox-data.ts';
import { spreading } from './spreading.ts';

export interface Concordance {
  /** Share of comparable pairs in which the one predicted to end first did; ties count half. */
  readonly value: number;
  /** Infinitesimal jackknife. */
  readonly standardError: number;
  readonly pairs: number;
}

/** By row: how many of the pairs that it makes agree with the prediction, and how many can be compared at all. */
interface Pairs {
  readonly agreeing: Float64Array;
  readonly comparable: Float64Array;
}

interface SidePart {
  readonly rows: CoxRows;
  /** By row: its prediction's rank within the stratum, from 0; and by stratum, how many ranks there are. */
  readonly rank: Uint32Array;
  readonly ranks: Uint32Array;
  readonly side: 'later' | 'earlier';
  /** Shared: where the pairs are counted. */
  readonly pairs: Pairs;
}

export const concordanceKernels = {
  /** Counts each row's pairs with those that lasted longer, or with those that ended before it. */
  concordancePairs({ rows, rank, ranks, side, pairs }: SidePart): void {
    const count = side === 'later' ? countLater : countEarlier;
    for (let s = 0; s + 1 < rows.strata.length; s++)
      count(rows, rank, new Fenwick(ranks[s]), rows.strata[s], rows.strata[s + 1], pairs);
  },
};

/**
 * Harrell's concordance of predictions and durations within strata (Therneau & Watson 2015), in n log n by a Fenwick tree
 * over the ranks of the predictions. Undefined where no pair can be compared.
 */
export async function concordance(
  threads: Threads,
  rows: CoxRows,
  beta: Float64Array,
): Promise<Concordance | undefined> {
  const n = rows.times.length;
  // Every row is looked up in a tree a few times.
  const crew = spreading(threads, n * 4);
  const { rank, ranks } = ranksOf(rows, linearPredictor(rows, beta), crew.room(new Uint32Array(0), n));
  const room = (): Pairs => ({ agreeing: crew.room(rows.times, n), comparable: crew.room(rows.times, n) });
  const sides = (['later', 'earlier'] as const).map((side): SidePart => ({ rows, rank, ranks, side, pairs: room() }));
  await crew.run(concordanceKernels, 'concordancePairs', sides);
  const [later, earlier] = sides.map(({ pairs }) => pairs);
  let agreed = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    agreed += later.agreeing[i];
    pairs += later.comparable[i];
  }
  if (!(pairs > 0)) return undefined;
  const value = agreed / pairs;
  let variance = 0;
  for (let i = 0; i < n; i++) {
    const agreeing = later.agreeing[i] + earlier.agreeing[i];
    const comparable = later.comparable[i] + earlier.comparable[i];
    variance += ((agreeing - value * comparable) / pairs) ** 2;
  }
  return { value, standardError: Math.sqrt(variance), pairs };
}

/** Strata of fewer rows are sorted by comparing. */
const MANY_ROWS = 4096;

function ranksOf(
  { strata }: CoxRows,
  predictor: Float64Array,
  rank: Uint32Array,
): { rank: Uint32Array; ranks: Uint32Array } {
  const ranks = new Uint32Array(strata.length - 1);
  for (let s = 0; s < ranks.length; s++) {
    const own = predictor.subarray(strata[s], strata[s + 1]);
    const order =
      own.length < MANY_ROWS ? Uint32Array.from(own, (_, i) => i).sort((a, b) => own[a] - own[b]) : sortedIndices(own);
    let count = 0;
    for (let i = 0; i < order.length; i++) {
      if (i > 0 && own[order[i]] !== own[order[i - 1]]) count++;
      rank[strata[s] + order[i]] = count;
    }
    ranks[s] = count + 1;
  }
  return { rank, ranks };
}

/** Each event against all that lasted longer: rows are ordered from the longest down. */
function countLater(
  { times, ended }: CoxRows,
  rank: Uint32Array,
  longer: Fenwick,
  start: number,
  end: number,
  { agreeing, comparable }: Pairs,
): void {
  for (let i = start; i < end; ) {
    const first = i;
    while (i < end && times[i] === times[first]) i++;
    for (let k = first; k < i; k++) if (ended[k] === 0) longer.add(rank[k]);
    for (let k = first; k < i; k++) {
      if (ended[k] === 0) continue;
      const below = longer.below(rank[k]);
      agreeing[k] = below + (longer.below(rank[k] + 1) - below) / 2;
      comparable[k] = longer.total;
    }
    for (let k = first; k < i; k++) if (ended[k] === 1) longer.add(rank[k]);
  }
}

/** Each row against the events before it. */
function countEarlier(
  { times, ended }: CoxRows,
  rank: Uint32Array,
  events: Fenwick,
  start: number,
  end: number,
  { agreeing, comparable }: Pairs,
): void {
  const meet = (k: number): void => {
    const upTo = events.below(rank[k] + 1);
    agreeing[k] = events.total - upTo + (upTo - events.below(rank[k])) / 2;
    comparable[k] = events.total;
  };
  for (let i = end - 1; i >= start; ) {
    const last = i;
    while (i >= start && times[i] === times[last]) i--;
    for (let k = last; k > i; k--) if (ended[k] === 1) meet(k);
    for (let k = last; k > i; k--) if (ended[k] === 1) events.add(rank[k]);
    for (let k = last; k > i; k--) if (ended[k] === 0) meet(k);
  }
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
