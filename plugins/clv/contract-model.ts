import { digamma, hypergeometric2F1, logBeta, type Objective } from '@patron/sdk';
import { evaluateByDifferences, type Fit, fitLikelihood } from './likelihood-fit.ts';

export type ContractModelName = 'sbg' | 'bdw';

/** Contracts by period: entry t of `ended` left at the t-th renewal (t ≥ 1); entry t of `open` were last seen after t renewals. */
export interface ContractCounts {
  readonly ended: Float64Array;
  readonly open: Float64Array;
}

/**
 * Shifted beta-geometric (sBG): a contract is not renewed with a probability θ ~ Beta(α, β), the same at every renewal.
 * (Fader & Hardie 2007, "How to project customer retention".) Beta-discrete-Weibull (BdW): the chance to leave also moves
 * with the age of the contract by the power c; c = 1 is sBG. (Fader, Hardie, Liu, Davin & Steenburgh 2018.)
 */
export function fitContracts(model: ContractModelName, counts: ContractCounts): Promise<Fit> {
  const names = model === 'sbg' ? ['alpha', 'beta'] : ['alpha', 'beta', 'c'];
  let observations = 0;
  let left = 0;
  let renewals = 0;
  counts.ended.forEach((count, t) => {
    observations += count;
    left += count;
    renewals += count * t;
  });
  counts.open.forEach((count, t) => {
    observations += count;
    renewals += count * t;
  });
  const share = left / renewals;
  const starts = [1, 4, 0.4].flatMap((size) =>
    (model === 'sbg' ? [1] : [1, 1.6]).map((c) =>
      [size * Math.sqrt(share), (size * (1 - share)) / Math.sqrt(share), c].slice(0, names.length).map(Math.log),
    ),
  );
  const search = contractLoss(counts, names.length);
  return fitLikelihood({
    names,
    observations,
    starts,
    search,
    sampled: false,
    evaluations: [evaluateByDifferences(search)],
  });
}

/** S(t) = B(α, β + t^c) / B(α, β): the share of contracts that outlives t renewals. */
export function contractSurvival(parameters: ArrayLike<number>, t: number): number {
  const alpha = parameters[0];
  const beta = parameters[1];
  return Math.exp(logBeta(alpha, beta + t ** (parameters[2] ?? 1)) - logBeta(alpha, beta));
}

function contractLoss({ ended, open }: ContractCounts, size: number): Objective {
  const last = Math.max(ended.length, open.length) - 1;
  let total = 0;
  for (let t = 0; t <= last; t++) total += (ended[t] ?? 0) + (open[t] ?? 0);
  return (point, gradient) => {
    const parameters = point.map(Math.exp);
    const [alpha, beta] = parameters;
    const c = size > 2 ? parameters[2] : 1;
    const psiSum = digamma(alpha + beta);
    const psiBeta = digamma(beta);
    let sum = 0;
    const slopes = new Float64Array(3);
    const before = new Float64Array(4);
    const after = new Float64Array(4);
    before[0] = 1;
    for (let t = 1; t <= last; t++) {
      const power = t ** c;
      const psi = digamma(alpha + beta + power);
      const psiOwn = digamma(beta + power);
      after[0] = contractSurvival(parameters, t);
      after[1] = psiSum - psi;
      after[2] = psiOwn - psi - psiBeta + psiSum;
      after[3] = power * Math.log(t) * (psiOwn - psi);
      const stays = open[t] ?? 0;
      const leaves = ended[t] ?? 0;
      const share = before[0] - after[0];
      if (stays > 0) sum += stays * Math.log(after[0]);
      if (leaves > 0) sum += leaves * Math.log(share);
      for (let k = 0; k < 3; k++) {
        if (stays > 0) slopes[k] += stays * after[k + 1];
        if (leaves > 0) slopes[k] += (leaves * (before[0] * before[k + 1] - after[0] * after[k + 1])) / share;
      }
      before.set(after);
    }
    for (let k = 0; k < size; k++) gradient[k] = (-slopes[k] * parameters[k]) / total;
    return -sum / total;
  };
}

/**
 * Discounted expected lifetime of a new contract, Σ S(t) / (1 + rate)^t over t ≥ 0, in periods; infinite where nothing is
 * discounted and the sum does not end. (Fader & Hardie 2010, "Customer-base valuation in a contractual setting", eq. 6.)
 */
export function discountedLifetime(parameters: ArrayLike<number>, rate: number): number {
  const [alpha, beta, c = 1] = Array.from(parameters);
  if (c === 1) {
    if (rate === 0) return alpha > 1 ? (alpha + beta - 1) / (alpha - 1) : Number.POSITIVE_INFINITY;
    return hypergeometric2F1(1, beta, alpha + beta, 1 / (1 + rate));
  }
  return discountedResidual(parameters, 0, rate);
}

/** Discounted expected lifetime left to a contract that is about to see its n-th renewal: Σ S(t) / S(n − 1) / (1 + rate)^(t − n). */
export function discountedResidual(parameters: ArrayLike<number>, n: number, rate: number): number {
  if (rate === 0) return Number.POSITIVE_INFINITY;
  const reached = n === 0 ? 1 : contractSurvival(parameters, n - 1);
  let sum = 0;
  for (let t = n; t < n + 100_000; t++) {
    const term = contractSurvival(parameters, t) / reached / (1 + rate) ** (t - n);
    sum += term;
    // The rest is at most that of a contract that never ends.
    if (term / rate < 1e-10 * sum) break;
  }
  return sum;
}
