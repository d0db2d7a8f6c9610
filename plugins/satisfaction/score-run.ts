import type { Estimate, Tally } from './estimate.ts';
import type { Measure } from './measure.ts';
import type { ScoreTallies } from './tally-scores.ts';

/** Below this many responses an estimate is labelled as resting on little. */
export const SMALL_SAMPLE = 30;

/** What every part of the report needs of the run. */
export interface ScoreRun {
  readonly measure: Measure;
  readonly confidence: number;
  readonly tallies: ScoreTallies;
  /** Rows of customers who answered again later, where only the latest counts. */
  readonly superseded: number;
  readonly estimate: (tally: Tally) => Estimate;
}

/** A period's responses. */
export interface PeriodTally {
  readonly period: number;
  readonly tally: Tally;
}
