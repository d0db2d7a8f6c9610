import { sortedIndices } from '@patron/sdk';
import { type Standardised, standardise } from './standardise.ts';

/** Spells in the order that the fit walks them: stratum by stratum, the longest first. */
export interface CoxData {
  readonly order: Uint32Array;
  readonly times: Float64Array;
  readonly ended: Uint8Array;
  /** Where each stratum starts; one more entry marks the end. */
  readonly strata: Uint32Array;
  readonly design: Standardised;
}

/** Orders spells for `fitCox` and standardises their covariates. */
export function coxData(
  times: Float64Array,
  ended: Uint8Array,
  columns: readonly Float64Array[],
  stratum?: Uint32Array,
): CoxData {
  const n = times.length;
  const byTime = sortedIndices(times).reverse();
  const order = stratum ? sortedIndices(stratum, byTime) : byTime;
  const starts = [0];
  if (stratum) for (let i = 1; i < n; i++) if (stratum[order[i]] !== stratum[order[i - 1]]) starts.push(i);
  starts.push(n);
  return {
    order,
    times: Float64Array.from(order, (row) => times[row]),
    ended: Uint8Array.from(order, (row) => ended[row]),
    strata: Uint32Array.from(starts),
    design: standardise(columns, order),
  };
}

/** The linear predictor of each ordered row, on the standardised scale (0 at the mean of every covariate). */
export function linearPredictor(data: CoxData, beta: Float64Array): Float64Array {
  const { values, width } = data.design;
  const predictor = new Float64Array(data.times.length);
  for (let i = 0; i < predictor.length; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += values[i * width + c] * beta[c];
    predictor[i] = sum;
  }
  return predictor;
}

/** A log-likelihood with its slope and its curvature (negated), width and width × width. */
export interface Derivatives {
  readonly logLikelihood: number;
  readonly score: Float64Array;
  readonly information: Float64Array;
}
