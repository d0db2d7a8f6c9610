import { digamma, logBeta, logGamma, type Objective } from '@patron/sdk';
import { evaluateByDifferences, type Fit, fitLikelihood } from './likelihood-fit.ts';

/** Distinct histories of yes-or-no opportunities: `frequency` repeats, the last at `recency`, of `periods` opportunities. */
export interface OpportunityRows {
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly periods: Float64Array;
  readonly weight: Float64Array;
}

/**
 * BG/BB: at every opportunity an active customer buys with probability p ~ Beta(α, β), and stops before it with
 * probability θ ~ Beta(γ, δ). (Fader, Hardie & Shang 2010, "Customer-base analysis in a discrete-time noncontractual setting".)
 */
const OPPORTUNITY_PARAMETERS = ['alpha', 'beta', 'gamma', 'delta'] as const;

export function fitOpportunities(rows: OpportunityRows): Promise<Fit> {
  let total = 0;
  let repeats = 0;
  let chances = 0;
  rows.weight.forEach((weight, i) => {
    total += weight;
    repeats += weight * rows.frequency[i];
    chances += weight * Math.max(rows.recency[i], rows.periods[i] / 3);
  });
  const share = Math.min(0.95, Math.max(0.05, repeats / chances));
  const starts = [
    [1, 0.5, 3],
    [3, 1, 5],
    [0.5, 1, 20],
  ].map(([size, gamma, delta]) => [size * share * 2, size * (1 - share) * 2, gamma, delta].map(Math.log));
  const search = opportunityLoss(rows);
  return fitLikelihood({
    names: OPPORTUNITY_PARAMETERS,
    observations: total,
    starts,
    search,
    sampled: false,
    evaluations: [evaluateByDifferences(search)],
  });
}

/** Fader, Hardie & Shang 2010, eq. 5: the sum over the opportunities at which the customer may have stopped. */
function opportunityLogLikelihood(
  parameters: ArrayLike<number>,
  frequency: number,
  recency: number,
  periods: number,
): number {
  const [alpha, beta, gamma, delta] = Array.from(parameters);
  const active = logBeta(alpha + frequency, beta + periods - frequency) + logBeta(gamma, delta + periods);
  let mass = 1;
  for (let i = recency; i < periods; i++) {
    mass += Math.exp(logBeta(alpha + frequency, beta + i - frequency) + logBeta(gamma + 1, delta + i) - active);
  }
  return active + Math.log(mass) - logBeta(alpha, beta) - logBeta(gamma, delta);
}

function opportunityLoss({ frequency, recency, periods, weight }: OpportunityRows): Objective {
  let longest = 0;
  let total = 0;
  for (let i = 0; i < weight.length; i++) {
    longest = Math.max(longest, periods[i]);
    total += weight[i];
  }
  const tabulate = (f: (x: number) => number, from: number): Float64Array =>
    Float64Array.from({ length: longest + 2 }, (_, k) => f(from + k));
  return (point, gradient) => {
    const [alpha, beta, gamma, delta] = point.map(Math.exp);
    const logs = [alpha, beta, alpha + beta, delta, gamma + delta].map((from) => tabulate(logGamma, from));
    const psis = [alpha, beta, alpha + beta, delta, gamma + delta].map((from) => tabulate(digamma, from));
    const [gA, gB, gAB, gD, gGD] = logs;
    const [pA, pB, pAB, pD, pGD] = psis;
    const base = logBeta(alpha, beta) + logBeta(gamma, delta);
    const gG = logGamma(gamma);
    const psiGamma = digamma(gamma);
    let sum = 0;
    const slopes = new Float64Array(4);
    for (let row = 0; row < weight.length; row++) {
      const x = frequency[row];
      const last = recency[row];
      const n = periods[row];
      const w = weight[row];
      const active = gA[x] + gB[n - x] - gAB[n] + gG + gD[n] - gGD[n] - base;
      let mass = 1;
      let a = pA[x] - pAB[n];
      let b = pB[n - x] - pAB[n];
      let g = psiGamma - pGD[n];
      let d = pD[n] - pGD[n];
      for (let i = last; i < n; i++) {
        const ratio = Math.exp(gA[x] + gB[i - x] - gAB[i] + gG + Math.log(gamma) + gD[i] - gGD[i + 1] - base - active);
        mass += ratio;
        a += ratio * (pA[x] - pAB[i]);
        b += ratio * (pB[i - x] - pAB[i]);
        g += ratio * (psiGamma + 1 / gamma - pGD[i + 1]);
        d += ratio * (pD[i] - pGD[i + 1]);
      }
      sum += w * (active + Math.log(mass));
      slopes[0] += w * (a / mass - pA[0] + pAB[0]);
      slopes[1] += w * (b / mass - pB[0] + pAB[0]);
      slopes[2] += w * (g / mass - psiGamma + pGD[0]);
      slopes[3] += w * (d / mass - pD[0] + pGD[0]);
    }
    for (let k = 0; k < 4; k++) gradient[k] = (-slopes[k] * Math.exp(point[k])) / total;
    return -sum / total;
  };
}

/** The probability of being active at the next opportunity, n + 1. (Fader, Hardie & Shang 2010, eq. 11.) */
export function opportunityAlive(
  parameters: ArrayLike<number>,
  frequency: number,
  recency: number,
  periods: number,
): number {
  const [alpha, beta, gamma, delta] = Array.from(parameters);
  return Math.exp(
    logBeta(alpha + frequency, beta + periods - frequency) -
      logBeta(alpha, beta) +
      logBeta(gamma, delta + periods + 1) -
      logBeta(gamma, delta) -
      opportunityLogLikelihood(parameters, frequency, recency, periods),
  );
}

/**
 * The expected purchases at the next `horizon` opportunities, the k-th counting 1 / (1 + rate)^k. (Fader, Hardie & Shang
 * 2010, eq. 13, as a sum over opportunities, which holds at γ = 1 too.)
 */
export function opportunityExpectation(
  parameters: ArrayLike<number>,
  frequency: number,
  recency: number,
  periods: number,
  horizon: number,
  rate = 0,
): number {
  const [alpha, beta, gamma, delta] = Array.from(parameters);
  const scale =
    logBeta(alpha + frequency + 1, beta + periods - frequency) -
    logBeta(alpha, beta) -
    logBeta(gamma, delta) -
    opportunityLogLikelihood(parameters, frequency, recency, periods);
  let sum = 0;
  for (let k = 1; k <= horizon; k++) {
    sum += Math.exp(scale + logBeta(gamma, delta + periods + k)) / (1 + rate) ** k;
  }
  return sum;
}

/** The probabilities of 0 … n repeats in n opportunities. (Fader, Hardie & Shang 2010, eq. 7.) */
export function opportunityDistribution(parameters: ArrayLike<number>, periods: number): Float64Array {
  const [alpha, beta, gamma, delta] = Array.from(parameters);
  const base = logBeta(alpha, beta) + logBeta(gamma, delta);
  const choose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Float64Array.from({ length: periods + 1 }, (_, x) => {
    let sum = Math.exp(
      choose(periods, x) + logBeta(alpha + x, beta + periods - x) + logBeta(gamma, delta + periods) - base,
    );
    for (let i = x; i < periods; i++) {
      sum += Math.exp(choose(i, x) + logBeta(alpha + x, beta + i - x) + logBeta(gamma + 1, delta + i) - base);
    }
    return sum;
  });
}
