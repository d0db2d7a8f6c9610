import { type CoxRows, stratumOf } from './cox-data.ts';

/** What each row comes to in one walk; all shared where there are several threads. */
export interface Walk {
  readonly predictor: Float64Array;
  /** exp of the predictor less the greatest of its stratum. */
  readonly risk: Float64Array;
  /** At the last row of each time: by how much the baseline's cumulative hazard grows there, times the emphasis. */
  readonly gain: Float64Array;
  /** At tied events: what of it the event itself is spared (Efron 1977), times the emphasis. */
  readonly spared: Float64Array;
}

export interface WalkPart {
  readonly rows: CoxRows;
  readonly walk: Walk;
  readonly blocks: readonly [first: number, end: number];
}

export function eachBlock<Result>(
  { blocks }: CoxRows,
  [first, last]: readonly [number, number],
  work: (start: number, end: number, block: number) => Result,
): Result[] {
  return Array.from({ length: last - first }, (_, i) => work(blocks[first + i], blocks[first + i + 1], first + i));
}

export function eachStratum(
  { strata }: CoxRows,
  start: number,
  end: number,
  visit: (stratum: number, from: number, to: number) => void,
): void {
  for (let stratum = stratumOf(strata, start); start < end; stratum++) {
    const to = Math.min(end, strata[stratum + 1]);
    if (to > start) visit(stratum, start, to);
    start = to;
  }
}
