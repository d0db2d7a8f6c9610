import { evenRanges, sortedIndices, type Threads } from '@patron/sdk';
import { type Crew, spreading } from './spreading.ts';
import { spreadMoments } from './standardise.ts';

/** Spells in the order that the fit walks them: stratum by stratum, the longest first. Shared where there are several threads. */
export interface CoxRows {
  readonly times: Float64Array;
  readonly ended: Uint8Array;
  /** Where each stratum starts; one more entry marks the end. */
  readonly strata: Uint32Array;
  /** Standardised covariates: mean 0, standard deviation 1; all zeros where constant. */
  readonly columns: readonly Float64Array[];
  /** Where each block of rows that are summed together starts; no block cuts a time in two. One more entry marks the end. */
  readonly blocks: Uint32Array;
}

/** The rows with what brings coefficients back to the covariates' own units, and the threads that walk them. */
export interface CoxData {
  readonly rows: CoxRows;
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly crew: Crew;
}

/** About how many rows a block has; sums go block by block, so that their digits do not depend on the threads. */
const BLOCK = 1 << 15;

interface OrderPart {
  readonly order: Uint32Array;
  readonly given: {
    readonly times: Float64Array;
    readonly ended: Uint8Array;
    readonly columns: readonly Float64Array[];
  };
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly into: {
    readonly times: Float64Array;
    readonly ended: Uint8Array;
    readonly columns: readonly Float64Array[];
  };
  readonly range: readonly [start: number, end: number];
}

export const coxDataKernels = {
  coxOrder({ order, given, means, scales, into, range: [start, end] }: OrderPart): void {
    for (let i = start; i < end; i++) {
      into.times[i] = given.times[order[i]];
      into.ended[i] = given.ended[order[i]];
    }
    given.columns.forEach((column, c) => {
      if (scales[c] === 0) return;
      const target = into.columns[c];
      for (let i = start; i < end; i++) target[i] = (column[order[i]] - means[c]) / scales[c];
    });
  },
};

/** Orders spells for `fitCox` and standardises their covariates. */
export async function coxData(
  threads: Threads,
  times: Float64Array,
  ended: Uint8Array,
  columns: readonly Float64Array[],
  stratum?: Uint32Array,
): Promise<CoxData> {
  const n = times.length;
  const crew = spreading(threads, n * Math.max(1, columns.length));
  const byTime = sortedIndices(times).reverse();
  const order = crew.shared(stratum ? sortedIndices(stratum, byTime) : byTime);
  const given = { times: crew.shared(times), ended: crew.shared(ended), columns: columns.map(crew.shared) };
  const { means, scales } = await spreadMoments(crew, given.columns);
  const into = {
    times: crew.room(times, n),
    ended: crew.room(ended, n),
    columns: columns.map((column) => crew.room(column, n)),
  };
  await crew.run(
    coxDataKernels,
    'coxOrder',
    evenRanges(n, crew.threads).map((range): OrderPart => ({ order, given, means, scales, into, range })),
  );
  const starts = [0];
  if (stratum) for (let i = 1; i < n; i++) if (stratum[order[i]] !== stratum[order[i - 1]]) starts.push(i);
  starts.push(n);
  const strata = Uint32Array.from(starts);
  return { rows: { ...into, strata, blocks: blocksOf(into.times, strata) }, means, scales, crew };
}

function blocksOf(times: Float64Array, strata: Uint32Array): Uint32Array {
  const n = times.length;
  const starts = [0];
  let stratum = 0;
  for (let at = BLOCK; at < n; at += BLOCK) {
    let start = Math.max(at, starts[starts.length - 1]);
    while (strata[stratum + 1] < start) stratum++;
    // The first row from here on that begins a time, or a stratum.
    while (start < n && start !== strata[stratum + 1] && times[start] === times[start - 1]) start++;
    if (start < n && start > starts[starts.length - 1]) starts.push(start);
  }
  return Uint32Array.from([...starts, n]);
}

/** The stratum that row `row` belongs to. */
export function stratumOf(strata: Uint32Array, row: number): number {
  let low = 0;
  let high = strata.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (strata[middle] <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** The linear predictor of each row, on the standardised scale (0 at the mean of every covariate). */
export function linearPredictor({ times, columns }: CoxRows, beta: Float64Array): Float64Array {
  const predictor = new Float64Array(times.length);
  columns.forEach((column, c) => {
    for (let i = 0; i < predictor.length; i++) predictor[i] += beta[c] * column[i];
  });
  return predictor;
}

/** A log-likelihood with its slope and its curvature (negated), width and width × width. */
export interface Derivatives {
  readonly logLikelihood: number;
  readonly score: Float64Array;
  readonly information: Float64Array;
}
