import { choleskySolve } from '@patron/sdk';
import { aliasedColumns, submatrix, sureCholesky } from './information.ts';
import { standardise } from './standardise.ts';

export interface WeibullFit {
  readonly kept: readonly number[];
  /** log of the characteristic time at zero covariates, and the shift of it per unit of each kept column. */
  readonly intercept: number;
  readonly interceptError: number;
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  /** Shape ρ: below 1 the hazard falls with time, above 1 it rises. With the standard error of its logarithm. */
  readonly shape: number;
  readonly logShapeError: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

interface At {
  readonly logLikelihood: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/**
 * Weibull regression of durations (accelerated failure time, Kalbfleisch & Prentice 2002, section 2.3): log t = b0 + b·x +
 * σ·W with W the least extreme value, ρ = 1/σ. Newton with step halving on (b, log σ). Durations must be above zero.
 */
export async function fitWeibull(
  times: Float64Array,
  ended: Uint8Array,
  columns: readonly Float64Array[],
  checkpoint: () => Promise<void>,
): Promise<WeibullFit> {
  const n = times.length;
  const design = standardise(columns);
  const width = design.width;
  const logs = times.map(Math.log);
  let events = 0;
  let exposure = 0;
  let longest = 0;
  for (let i = 0; i < n; i++) longest = Math.max(longest, times[i]);
  for (let i = 0; i < n; i++) {
    events += ended[i];
    exposure += times[i] / longest;
  }
  // Intercept, columns, log σ. The start is the exponential with the rate of the data.
  const order = width + 2;
  let beta: Float64Array = new Float64Array(order);
  beta[0] = Math.log(exposure / events) + Math.log(longest);
  const gram = derivatives(design.values, width, logs, ended, beta);
  const aliased = aliasedColumns(gram.information.slice(), order);
  const used = Array.from({ length: order }, (_, c) => c).filter((c) => c === 0 || c === order - 1 || !aliased[c]);
  let at = gram;
  let converged = false;
  for (let iteration = 0; iteration < 60 && !converged; iteration++) {
    await checkpoint();
    const gradient = Float64Array.from(used, (c) => at.gradient[c]);
    const step = choleskySolve(sureCholesky(submatrix(at.information, order, used), used.length), gradient);
    const decrement = gradient.reduce((sum, slope, i) => sum + slope * step[i], 0);
    if (Math.abs(decrement) < 1e-10) converged = true;
    let size = Math.min(1, 2 / Math.max(1e-12, ...Array.from(step, Math.abs)));
    let next = beta;
    let there = at;
    for (; size > 1e-8; size /= 2) {
      next = beta.slice();
      used.forEach((c, i) => {
        next[c] += size * step[i];
      });
      there = derivatives(design.values, width, logs, ended, next);
      if (there.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood)) break;
    }
    if (!(there.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood))) break;
    if (Math.abs(there.logLikelihood - at.logLikelihood) <= 1e-13 * (1 + Math.abs(at.logLikelihood))) converged = true;
    beta = next;
    at = there;
  }
  const lower = sureCholesky(submatrix(at.information, order, used), used.length);
  const varianceOf = (weights: Float64Array): number => {
    const solution = choleskySolve(lower, weights);
    return weights.reduce((sum, value, i) => sum + value * solution[i], 0);
  };
  const unit = (place: number): Float64Array =>
    Float64Array.from({ length: used.length }, (_, i) => (i === place ? 1 : 0));
  const kept = used.slice(1, -1).map((c) => c - 1);
  const slope = Float64Array.from(kept, (c) => beta[c + 1] / design.scales[c]);
  const origin = Float64Array.from(used, (c) =>
    c === 0 ? 1 : c === order - 1 ? 0 : -design.means[c - 1] / design.scales[c - 1],
  );
  return {
    kept,
    intercept: beta[0] - kept.reduce((sum, c, i) => sum + slope[i] * design.means[c], 0),
    interceptError: Math.sqrt(varianceOf(origin)),
    coefficients: slope,
    standardErrors: Float64Array.from(kept, (c, i) => Math.sqrt(varianceOf(unit(i + 1))) / design.scales[c]),
    shape: Math.exp(-beta[order - 1]),
    logShapeError: Math.sqrt(varianceOf(unit(used.length - 1))),
    logLikelihood: at.logLikelihood,
    converged,
  };
}

/** Log-likelihood with its gradient and observed information in (b, log σ). */
function derivatives(x: Float64Array, width: number, logs: Float64Array, ended: Uint8Array, beta: Float64Array): At {
  const order = width + 2;
  const last = order - 1;
  const logScale = beta[last];
  const inverse = Math.exp(-logScale);
  const gradient = new Float64Array(order);
  const information = new Float64Array(order * order);
  const row = new Float64Array(width + 1);
  row[0] = 1;
  let logLikelihood = 0;
  for (let i = 0; i < logs.length; i++) {
    let mean = beta[0];
    for (let c = 0; c < width; c++) {
      row[c + 1] = x[i * width + c];
      mean += beta[c + 1] * row[c + 1];
    }
    const w = (logs[i] - mean) * inverse;
    const e = Math.exp(w);
    const d = ended[i];
    logLikelihood += d * (w - logScale - logs[i]) - e;
    // d/dw of (d·w − e^w), and its second derivative.
    const first = d - e;
    for (let a = 0; a <= width; a++) {
      gradient[a] -= first * row[a] * inverse;
      for (let b = 0; b <= a; b++) information[a * order + b] += e * row[a] * row[b] * inverse * inverse;
      information[last * order + a] += row[a] * inverse * (e * w - first);
    }
    gradient[last] -= first * w + d;
    information[last * order + last] += e * w * w - first * w;
  }
  for (let a = 0; a < order; a++) for (let b = 0; b < a; b++) information[b * order + a] = information[a * order + b];
  return { logLikelihood, gradient, information };
}
