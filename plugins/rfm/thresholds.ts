import { median, type NumericArray } from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import { MEASURES, type Measure, type Scores } from './scores.ts';

/** Low (1) or high (2) for each measure, and the threshold that parts them. */
export interface Halves {
  readonly r: Uint8Array;
  readonly f: Uint8Array;
  readonly m: Uint8Array;
  readonly thresholds: Readonly<Record<Measure, number>>;
}

interface HalfOptions {
  readonly threshold: 'mean' | 'median';
  /** Whether the measures themselves are compared with their threshold, or the scores with theirs. */
  readonly thresholdOf: 'values' | 'scores';
}

/**
 * Parts the customers by each measure's mean or median. At the threshold counts as high; a recency is high (good) where it
 * is at most the threshold, since less time has passed.
 */
export function halve(facts: CustomerFacts, scores: Scores, options: HalfOptions): Halves {
  const byScores = options.thresholdOf === 'scores';
  const values: Record<Measure, NumericArray> = byScores
    ? { recency: scores.r, frequency: scores.f, monetary: scores.m }
    : { recency: facts.recency, frequency: facts.frequency, monetary: facts.monetary };
  const threshold = options.threshold === 'mean' ? mean : median;
  const cuts = Object.fromEntries(MEASURES.map((measure) => [measure, threshold(values[measure])]));
  const high = (measure: Measure, reversed: boolean): Uint8Array => {
    const cut = cuts[measure];
    return Uint8Array.from(values[measure] as ArrayLike<number>, (value) =>
      (reversed ? value <= cut : value >= cut) ? 2 : 1,
    );
  };
  return {
    r: high('recency', !byScores),
    f: high('frequency', false),
    m: high('monetary', false),
    thresholds: {
      recency: cuts.recency,
      frequency: cuts.frequency,
      monetary: byScores ? cuts.monetary : cuts.monetary / facts.scale,
    },
  };
}

function mean(values: NumericArray): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}
