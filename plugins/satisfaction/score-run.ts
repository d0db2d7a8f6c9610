import type { Estimate, Tally } from './estimate.ts';
import type { Measure } from './measure.ts';
import type { Responses } from './scale.ts';

/** Below this many responses an estimate is labelled as resting on little. */
export const SMALL_SAMPLE = 30;

/** What every part of the report needs of the run. */
export interface ScoreRun {
  readonly measure: Measure;
  readonly confidence: number;
  readonly responses: Responses;
  /** Weight of response i; 1 where there is no weight. */
  readonly weight: (index: number) => number;
  readonly estimate: (tally: Tally) => Estimate;
}

/** A period's responses. */
export interface PeriodTally {
  readonly period: number;
  readonly tally: Tally;
}
