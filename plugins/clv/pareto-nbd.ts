import { digamma, logGamma, type Objective } from '@patron/sdk';
import { negativeBinomial } from './negative-binomial.ts';
import type { PurchaseModel, PurchasePrediction } from './purchase-model.ts';
import { gaussLegendre } from './quadrature.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * Pareto/NBD: purchases come as a Poisson process with rate λ ~ Gamma(r, α); a customer stops after an exponential time
 * with rate μ ~ Gamma(s, β). (Schmittlein, Morrison & Colombo 1987, "Counting your customers".)
 *
 * The time at which the customer stopped is integrated out by quadrature rather than by ₂F₁ (Fader & Hardie 2005, "A note
 * on deriving the Pareto/NBD model", eq. 14 before the integral is solved): every term is positive, so it neither
 * overflows nor cancels, and its derivatives are integrals of the same kind.
 */
export const paretoNbd: PurchaseModel = {
  name: 'pareto-nbd',
  parameters: ['r', 'alpha', 's', 'beta'],
  logLikelihood: (parameters, frequency, recency, T) => {
    const [r, alpha, s, beta] = Array.from(parameters);
    const stopped = new StoppedBefore(r, alpha, s, beta);
    stopped.measure(frequency, recency, T);
    return (
      logGamma(r + frequency) -
      logGamma(r) +
      r * Math.log(alpha) +
      s * Math.log(beta) -
      (r + frequency) * Math.log(alpha + T) -
      s * Math.log(beta + T) +
      softplus(stopped.logOdds)
    );
  },
  loss,
  starts,
  predict,
};

/** Rules that are exact to about 1e-12 for integrands that fall by up to e⁻⁶, e⁻²⁰ and e⁻⁴⁵. */
const short = gaussLegendre(12);
const middle = gaussLegendre(16);
const long = gaussLegendre(24);

/**
 * The likelihood that the customer stopped between the last purchase and T, relative to that of being active at T:
 * s ∫ (α + y)^−(r + x) (β + y)^−(s + 1) dy over (recency, T) / ((α + T)^−(r + x) (β + T)^−s), and its derivatives.
 */
class StoppedBefore {
  /** In its logarithm, for it overflows where a busy customer has been silent for long. */
  logOdds = Number.NEGATIVE_INFINITY;
  /** Derivatives of the logarithm. */
  slopeR = 0;
  slopeAlpha = 0;
  slopeS = 0;
  slopeBeta = 0;
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
  readonly shift: number;

  constructor(r: number, alpha: number, s: number, beta: number) {
    this.r = r;
    this.alpha = alpha;
    this.s = s;
    this.beta = beta;
    this.shift = Math.min(alpha, beta);
  }

  measure(x: number, recency: number, T: number): void {
    const { r, alpha, s, beta, shift } = this;
    const shape = r + x;
    const logAlphaT = Math.log(alpha + T);
    const logBetaT = Math.log(beta + T);
    const low = shift + recency;
    // In u = ln(shift + y) the integrand falls at least as fast as it does at its start, so a far end adds nothing.
    const fall = (shape * low) / (alpha + recency) + ((s + 1) * low) / (beta + recency) - 1;
    let length = Math.log1p((T - recency) / low);
    if (fall * length > 45) length = 45 / fall;
    this.logOdds = Number.NEGATIVE_INFINITY;
    this.slopeR = this.slopeAlpha = this.slopeS = this.slopeBeta = 0;
    if (!(length > 0)) return;
    let mass = 0;
    let logsAlpha = 0;
    let inversesAlpha = 0;
    let logsBeta = 0;
    let inversesBeta = 0;
    const steepness = (shape + s + 1) * length;
    const { points, weights } = length < 3 && steepness < 6 ? short : length < 6 && steepness < 20 ? middle : long;
    const logLow = Math.log(low);
    const alphaFirst = shift === alpha;
    // Everything is relative to the integrand at the last purchase.
    const firstAlpha = Math.log(alpha + recency);
    const firstBeta = Math.log(beta + recency);
    for (let i = 0; i < points.length; i++) {
      const along = points[i] * length;
      const at = low * Math.exp(along);
      const y = at - shift;
      // ln(shift + y) is known, and the shift is one of alpha and beta.
      const logAlpha = alphaFirst ? logLow + along : Math.log(alpha + y);
      const logBeta = alphaFirst ? Math.log(beta + y) : logLow + along;
      const density = weights[i] * Math.exp(along - shape * (logAlpha - firstAlpha) - (s + 1) * (logBeta - firstBeta));
      mass += density;
      logsAlpha += density * logAlpha;
      inversesAlpha += density / (alpha + y);
      logsBeta += density * logBeta;
      inversesBeta += density / (beta + y);
    }
    this.logOdds =
      Math.log(s * length * mass) + logLow + shape * (logAlphaT - firstAlpha) + s * logBetaT - (s + 1) * firstBeta;
    this.slopeR = logAlphaT - logsAlpha / mass;
    this.slopeAlpha = shape * (1 / (alpha + T) - inversesAlpha / mass);
    this.slopeS = 1 / s + logBetaT - logsBeta / mass;
    this.slopeBeta = s / (beta + T) - ((s + 1) * inversesBeta) / mass;
  }
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function loss(rows: WeightedRows): Objective {
  const { recency, T, weight, levels, total } = rows;
  return (point, gradient) => {
    const [r, alpha, s, beta] = point.map(Math.exp);
    const stopped = new StoppedBefore(r, alpha, s, beta);
    const gammaR = logGamma(r);
    const psiR = digamma(r);
    let sum = 0;
    let slopeR = 0;
    let slopeAlpha = 0;
    let slopeS = 0;
    let slopeBeta = 0;
    for (const { frequency: x, start, end } of levels) {
      const shape = r + x;
      const constant = logGamma(shape) - gammaR + r * point[1] + s * point[3];
      const constantR = digamma(shape) - psiR + point[1];
      for (let i = start; i < end; i++) {
        const w = weight[i];
        stopped.measure(x, recency[i], T[i]);
        const logAlphaT = Math.log(alpha + T[i]);
        const logBetaT = Math.log(beta + T[i]);
        const share = 1 / (1 + Math.exp(-stopped.logOdds));
        sum += w * (constant - shape * logAlphaT - s * logBetaT + softplus(stopped.logOdds));
        slopeR += w * (constantR - logAlphaT + stopped.slopeR * share);
        slopeAlpha += w * (r / alpha - shape / (alpha + T[i]) + stopped.slopeAlpha * share);
        slopeS += w * (point[3] - logBetaT + stopped.slopeS * share);
        slopeBeta += w * (s / beta - s / (beta + T[i]) + stopped.slopeBeta * share);
      }
    }
    gradient[0] = (-slopeR * r) / total;
    gradient[1] = (-slopeAlpha * alpha) / total;
    gradient[2] = (-slopeS * s) / total;
    gradient[3] = (-slopeBeta * beta) / total;
    return -sum / total;
  };
}

/** Heterogeneous, near-Poisson and quick-to-stop bases, each at the mean rate and the mean time of the data. */
function starts(rows: WeightedRows): number[][] {
  let purchases = 0;
  let time = 0;
  let whole = 0;
  for (let i = 0; i < rows.size; i++) {
    purchases += rows.weight[i] * rows.frequency[i];
    time += rows.weight[i] * Math.max(rows.recency[i], rows.T[i] / 4);
    whole += rows.weight[i] * rows.T[i];
  }
  const rate = purchases / time;
  const watched = whole / rows.total;
  return [
    [0.5, 0.5, 0.4],
    [1, 1, 2],
    [3, 1, 0.5],
  ].map(([r, s, lives]) => [r, r / rate, s, s * lives * watched].map(Math.log));
}

function predict(parameters: ArrayLike<number>): PurchasePrediction {
  const [r, alpha, s, beta] = Array.from(parameters);
  const stopped = new StoppedBefore(r, alpha, s, beta);
  /** ∫ ((β + T) / (β + T + y))^s dy over (0, time). */
  const activeTime = (from: number, time: number): number => {
    const log = Math.log1p(time / from);
    return s === 1 ? from * log : (from * -Math.expm1(-(s - 1) * log)) / (s - 1);
  };
  return {
    pace: Math.min(alpha, beta),
    pAlive: (x, recency, T) => {
      stopped.measure(x, recency, T);
      return 1 / (1 + Math.exp(stopped.logOdds));
    },
    // Fader & Hardie 2005, eq. 22, without P(alive).
    expectedWhileAlive: (x, T, time) => ((r + x) / (alpha + T)) * activeTime(beta + T, time),
    // Schmittlein et al. 1987, eq. 17.
    expected: (time) => (r / alpha) * activeTime(beta, time),
    distribution: (highest, time) => {
      // Fader & Hardie 2005, eq. 16, over the time at which the customer stopped.
      const result = negativeBinomial(r, time / alpha, highest).map((value) => value * (beta / (beta + time)) ** s);
      const { points, weights } = fineRule;
      const shift = Math.min(alpha, beta);
      const length = Math.log1p(time / shift);
      for (let i = 0; i < points.length; i++) {
        const at = shift * Math.exp(points[i] * length);
        const y = at - shift;
        const density = weights[i] * length * at * (s / (beta + y)) * (beta / (beta + y)) ** s;
        const counts = negativeBinomial(r, y / alpha, highest);
        for (let x = 0; x <= highest; x++) result[x] += density * counts[x];
      }
      return result;
    },
  };
}

const fineRule = gaussLegendre(64);
