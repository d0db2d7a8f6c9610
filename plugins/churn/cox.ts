import { choleskySolve, invertSymmetric } from '@patron/sdk';
import { type CoxData, type Derivatives, linearPredictor } from './cox-data.ts';
import { exactDerivatives } from './cox-exact.ts';
import { aliasedColumns, submatrix, sureCholesky } from './standardise.ts';

export type Ties = 'efron' | 'breslow' | 'exact';

export interface CoxFit {
  readonly data: CoxData;
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

/** What one time with events adds to score and information, at the coefficients of the walk. */
export interface EventTime {
  readonly time: number;
  readonly stratum: number;
  readonly events: number;
  /** Increment of the baseline cumulative hazard, at the mean of every covariate. */
  readonly hazard: number;
  /** Sum over the events of covariates less their risk-set mean. Reused between calls. */
  readonly score: Float64Array;
  /** Sum over the events of the covariates' risk-set variance, lower triangle. Reused between calls. */
  readonly information: Float64Array;
}

/**
 * One pass over the risk sets: the partial log-likelihood (Cox 1972) at standardised `beta`, with ties by Efron (1977; also
 * where the fit is exact) or Breslow (1974); `visit` gets what each time with events adds. Cost n × width², whatever the ties.
 */
export function walkRiskSets(
  data: CoxData,
  beta: Float64Array,
  ties: Ties,
  visit?: (event: EventTime) => void,
): number {
  const { times, ended, strata, design } = data;
  const { values: x, width: p } = design;
  const s1 = new Float64Array(p);
  const s2 = new Float64Array(p * p);
  const d1 = new Float64Array(p);
  const d2 = new Float64Array(p * p);
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  const predictor = linearPredictor(data, beta);
  let logLikelihood = 0;
  for (let stratum = 0; stratum + 1 < strata.length; stratum++) {
    const end = strata[stratum + 1];
    let shift = Number.NEGATIVE_INFINITY;
    for (let i = strata[stratum]; i < end; i++) if (predictor[i] > shift) shift = predictor[i];
    let s0 = 0;
    s1.fill(0);
    s2.fill(0);
    for (let i = strata[stratum]; i < end; ) {
      const time = times[i];
      let d0 = 0;
      let events = 0;
      let predictors = 0;
      let tiedOnly = true;
      const first = i;
      for (; i < end && times[i] === time; i++) {
        const risk = Math.exp(predictor[i] - shift);
        const row = i * p;
        s0 += risk;
        for (let a = 0; a < p; a++) {
          const weighted = risk * x[row + a];
          s1[a] += weighted;
          for (let b = 0; b <= a; b++) s2[a * p + b] += weighted * x[row + b];
        }
        if (ended[i] === 0) continue;
        if (tiedOnly) {
          d1.fill(0);
          d2.fill(0);
          score.fill(0);
          tiedOnly = false;
        }
        events++;
        predictors += predictor[i] - shift;
        d0 += risk;
        for (let a = 0; a < p; a++) score[a] += x[row + a];
      }
      if (events === 0) continue;
      const efron = ties !== 'breslow' && events > 1;
      if (efron) {
        for (let k = first; k < i; k++) {
          if (ended[k] === 0) continue;
          const risk = Math.exp(predictor[k] - shift);
          const row = k * p;
          for (let a = 0; a < p; a++) {
            const weighted = risk * x[row + a];
            d1[a] += weighted;
            for (let b = 0; b <= a; b++) d2[a * p + b] += weighted * x[row + b];
          }
        }
      }
      // Sums over the tied events of 1, f, over the reduced risk (to the first and second power), f the share already gone.
      let a0 = 0;
      let a1 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      logLikelihood += predictors;
      for (let k = 0; k < events; k++) {
        const f = efron ? k / events : 0;
        const reduced = s0 - f * d0;
        logLikelihood -= Math.log(reduced);
        const inverse = 1 / reduced;
        a0 += inverse;
        a1 += f * inverse;
        b0 += inverse * inverse;
        b1 += f * inverse * inverse;
        b2 += f * f * inverse * inverse;
      }
      if (!visit) continue;
      for (let a = 0; a < p; a++) {
        score[a] -= a0 * s1[a] - a1 * d1[a];
        for (let b = 0; b <= a; b++)
          information[a * p + b] =
            a0 * s2[a * p + b] -
            a1 * d2[a * p + b] -
            (b0 * s1[a] * s1[b] - b1 * (s1[a] * d1[b] + d1[a] * s1[b]) + b2 * d1[a] * d1[b]);
      }
      visit({ time, stratum, events, hazard: a0 * Math.exp(-shift), score, information });
    }
  }
  return logLikelihood;
}

function derivatives(data: CoxData, beta: Float64Array, ties: Ties): Derivatives {
  if (ties === 'exact') return exactDerivatives(data, beta);
  const p = data.design.width;
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  const logLikelihood = walkRiskSets(data, beta, ties, (event) => {
    for (let a = 0; a < p; a++) {
      score[a] += event.score[a];
      for (let b = 0; b <= a; b++) information[a * p + b] += event.information[a * p + b];
    }
  });
  for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) information[b * p + a] = information[a * p + b];
  return { logLikelihood, score, information };
}

const MOST_ITERATIONS = 50;

/**
 * Cox's proportional hazards by Newton's method with step halving, from zero. Terms that add nothing to those before them
 * are dropped in order.
 */
export async function fitCox(data: CoxData, ties: Ties, checkpoint: () => Promise<void>): Promise<CoxFit> {
  const p = data.design.width;
  const start = derivatives(data, new Float64Array(p), ties);
  const aliased = aliasedColumns(start.information, p);
  const kept = Array.from({ length: p }, (_, i) => i).filter((i) => !aliased[i]);
  const q = kept.length;
  const scoreAt = (at: Derivatives): Float64Array => Float64Array.from(kept, (i) => at.score[i]);
  const factorAt = (at: Derivatives): Float64Array => sureCholesky(submatrix(at.information, p, kept), q);
  let beta: Float64Array = new Float64Array(p);
  let at = start;
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
    let there = derivatives(data, next, ties);
    while (!(there.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood)) && size > 1e-6) {
      size /= 2;
      next = moved(beta, kept, step, size);
      there = derivatives(data, next, ties);
    }
    const gain = there.logLikelihood - at.logLikelihood;
    if (there.logLikelihood >= at.logLikelihood) {
      beta = next;
      at = there;
    }
    // A Newton step promises half its decrement; where that is beyond the digits of the likelihood, the top is reached.
    converged = decrement < 1e-10 || Math.abs(gain) <= 1e-13 * (1 + Math.abs(at.logLikelihood));
  }
  const information = submatrix(at.information, p, kept);
  const covariance = (q === 0 ? undefined : invertSymmetric(information, q)) ?? inverseOf(factorAt(at), q);
  const standardised = Float64Array.from(kept, (i) => beta[i]);
  const scales = kept.map((i) => data.design.scales[i]);
  const before = q === 0 ? covariance : (invertSymmetric(submatrix(start.information, p, kept), q) ?? covariance);
  const infinite = kept.map((_, i) => i).filter((i) => covariance[i * q + i] > 1e4 * before[i * q + i]);
  let wald = 0;
  for (let i = 0; i < q; i++)
    for (let j = 0; j < q; j++) wald += standardised[i] * standardised[j] * information[i * q + j];
  return {
    data,
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

function moved(beta: Float64Array, kept: readonly number[], step: Float64Array, size: number): Float64Array {
  const next = beta.slice();
  kept.forEach((column, i) => {
    next[column] += size * step[i];
  });
  return next;
}

function inverseOf(lower: Float64Array, order: number): Float64Array {
  const inverse = new Float64Array(order * order);
  for (let column = 0; column < order; column++) {
    const unit = new Float64Array(order);
    unit[column] = 1;
    const solution = choleskySolve(lower, unit);
    for (let row = 0; row < order; row++) inverse[row * order + column] = solution[row];
  }
  return inverse;
}

/** The fit's coefficients on the standardised scale, zeros for dropped terms. */
export function fullBeta(fit: CoxFit): Float64Array {
  const beta = new Float64Array(fit.data.design.width);
  fit.kept.forEach((column, i) => {
    beta[column] = fit.standardised[i];
  });
  return beta;
}
