import { choleskySolve } from '@patron/sdk';
import type { CoxData, Derivatives } from './cox-data.ts';
import { exactDerivatives } from './cox-exact.ts';
import { RiskSetWalker } from './cox-risk-sets.ts';
import { aliasedColumns, moved, submatrix, sureCholesky, sureInverse } from './information.ts';

export type Ties = 'efron' | 'breslow' | 'exact';

export interface CoxFit {
  readonly walker: RiskSetWalker;
  readonly ties: Ties;
  /** The terms that could be estimated; the others add nothing to those before them. */
  readonly kept: readonly number[];
  /** Per kept term, on the standardised scale and as given. */
  readonly standardised: Float64Array;
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  /** Terms (indices into `kept`) whose estimate runs off to infinity: no event, or every event, on one side. */
  readonly infinite: readonly number[];
  /** Inverse of the information on the standardised scale, kept × kept. */
  readonly covariance: Float64Array;
  readonly logLikelihoodNull: number;
  readonly logLikelihood: number;
  readonly score: number;
  readonly wald: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const MOST_ITERATIONS = 50;

/**
 * Cox's proportional hazards by Newton's method with step halving, from zero. Terms that add nothing to those before them
 * are dropped in order.
 */
export async function fitCox(data: CoxData, ties: Ties, checkpoint: () => Promise<void>): Promise<CoxFit> {
  const p = data.rows.columns.length;
  const walker = new RiskSetWalker(data);
  const derivatives = async (beta: Float64Array): Promise<Derivatives> =>
    ties === 'exact' ? exactDerivatives(data.rows, beta) : await walker.at(beta, ties === 'efron');
  const zero = new Float64Array(p);
  const walked = await walker.at(zero, ties !== 'breslow');
  const start: Derivatives = ties === 'exact' ? exactDerivatives(data.rows, zero) : walked;
  const aliased = aliasedColumns(start.information, p, walked.magnitude);
  const kept = Array.from({ length: p }, (_, i) => i).filter((i) => !aliased[i]);
  const q = kept.length;
  const scoreAt = (at: Derivatives): Float64Array => Float64Array.from(kept, (i) => at.score[i]);
  const factorAt = (at: Derivatives): Float64Array => sureCholesky(submatrix(at.information, p, kept), q);
  let beta: Float64Array = new Float64Array(p);
  let at: Derivatives = start;
  let converged = q === 0;
  let iterations = 0;
  let scoreTest = 0;
  while (!converged && iterations < MOST_ITERATIONS) {
    await checkpoint();
    const gradient = scoreAt(at);
    const step = choleskySolve(factorAt(at), gradient);
    const decrement = gradient.reduce((sum, value, i) => sum + value * step[i], 0);
    if (iterations === 0) scoreTest = decrement;
    iterations++;
    let size = 1;
    let next = moved(beta, kept, step, size);
    let there = await derivatives(next);
    while (!(there.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood)) && size > 1e-6) {
      size /= 2;
      next = moved(beta, kept, step, size);
      there = await derivatives(next);
    }
    const gain = there.logLikelihood - at.logLikelihood;
    // A step that only the last digits of the likelihood speak against is right: it comes from the slope.
    if (there.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood)) {
      beta = next;
      at = there;
    }
    // A Newton step promises half its decrement; where that is beyond the digits of the likelihood, the top is reached.
    converged = decrement < 1e-10 || Math.abs(gain) <= 1e-13 * (1 + Math.abs(at.logLikelihood));
  }
  const information = submatrix(at.information, p, kept);
  const covariance = q === 0 ? information : sureInverse(information, q);
  const standardised = Float64Array.from(kept, (i) => beta[i]);
  const scales = kept.map((i) => data.scales[i]);
  const before = q === 0 ? covariance : sureInverse(submatrix(start.information, p, kept), q);
  const infinite = kept.map((_, i) => i).filter((i) => covariance[i * q + i] > 1e4 * before[i * q + i]);
  let wald = 0;
  for (let i = 0; i < q; i++)
    for (let j = 0; j < q; j++) wald += standardised[i] * standardised[j] * information[i * q + j];
  return {
    walker,
    ties,
    kept,
    standardised,
    coefficients: standardised.map((value, i) => value / scales[i]),
    standardErrors: standardised.map((_, i) => Math.sqrt(covariance[i * q + i]) / scales[i]),
    infinite,
    covariance,
    logLikelihoodNull: start.logLikelihood,
    logLikelihood: at.logLikelihood,
    score: scoreTest,
    wald,
    iterations,
    converged,
  };
}

/** The fit's coefficients on the standardised scale, zeros for dropped terms. */
export function fullBeta(fit: CoxFit): Float64Array {
  const beta = new Float64Array(fit.walker.data.scales.length);
  fit.kept.forEach((column, i) => {
    beta[column] = fit.standardised[i];
  });
  return beta;
}

/** The baseline's cumulative hazard in one stratum, at its times with events, the earliest first. */
export interface BaselineHazard {
  readonly times: Float64Array;
  readonly cumulative: Float64Array;
}

/** By stratum, the cumulative hazard of a customer with the mean of every covariate (Breslow 1974, or Efron 1977). */
export async function baselineHazards(fit: CoxFit): Promise<BaselineHazard[]> {
  const { times, strata } = fit.walker.data.rows;
  const { gain, shift } = await fit.walker.at(fullBeta(fit), fit.ties !== 'breslow');
  return Array.from(shift, (most, stratum) => {
    const rows = [strata[stratum], strata[stratum + 1]];
    let steps = 0;
    for (let i = rows[0]; i < rows[1]; i++) if (gain[i] > 0) steps++;
    const hazard = { times: new Float64Array(steps), cumulative: new Float64Array(steps) };
    let sum = 0;
    for (let i = rows[1] - 1, at = 0; i >= rows[0]; i--) {
      if (!(gain[i] > 0)) continue;
      sum += gain[i] * Math.exp(-most);
      hazard.times[at] = times[i];
      hazard.cumulative[at++] = sum;
    }
    return hazard;
  });
}
