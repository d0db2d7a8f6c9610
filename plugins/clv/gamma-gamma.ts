import { digamma, logGamma, type Objective } from '@patron/sdk';
import { type Fit, fitLikelihood, type Pause } from './likelihood-fit.ts';

/** The customers of a spend model: how many repeat purchases, their mean amount (> 0), and how many customers share them. */
export interface SpendRows {
  readonly frequency: Float64Array;
  readonly monetary: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Gamma-Gamma: the amounts of a customer are Gamma(p) with a rate ~ Gamma(q) of scale v, independent of how often the
 * customer buys. (Fader & Hardie 2013, "The Gamma-Gamma model of monetary value", eq. 1a; v is their γ.)
 */
const SPEND_PARAMETERS = ['p', 'q', 'v'] as const;

/** The log-likelihood of one customer with `frequency` repeat purchases of the mean amount `monetary`. */
export function spendLogLikelihood([p, q, v]: readonly number[], frequency: number, monetary: number): number {
  const shape = p * frequency;
  return (
    logGamma(shape + q) -
    logGamma(shape) -
    logGamma(q) +
    q * Math.log(v) +
    (shape - 1) * Math.log(monetary) +
    shape * Math.log(frequency) -
    (shape + q) * Math.log(frequency * monetary + v)
  );
}

/** Fits in units of the mean amount, so that the currency does not matter, and gives v in that of the amounts. */
export async function fitSpend(rows: SpendRows, pause?: Pause): Promise<Fit> {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < rows.weight.length; i++) {
    total += rows.weight[i];
    sum += rows.weight[i] * rows.monetary[i];
  }
  const mean = sum / total;
  const scaled = { ...rows, monetary: rows.monetary.map((amount) => amount / mean) };
  const starts = [
    [4, 3],
    [1.5, 2],
    [12, 6],
  ].map(([p, q]) => [p, q, (q - 1) / p].map(Math.log));
  const stride = Math.floor(rows.weight.length / 10_000);
  const likelihood = {
    names: SPEND_PARAMETERS,
    loss: spendLoss(scaled),
    observations: total,
    starts,
    sample: stride > 1 ? spendLoss(everyNth(scaled, stride)) : undefined,
  };
  const fit = await fitLikelihood(likelihood, pause);
  const inCurrency = (values: Float64Array): Float64Array => values.map((value, i) => (i === 2 ? value * mean : value));
  return {
    ...fit,
    estimates: inCurrency(fit.estimates),
    standardErrors: fit.standardErrors && inCurrency(fit.standardErrors),
    logLikelihood: fit.logLikelihood - total * Math.log(mean),
  };
}

function everyNth(rows: SpendRows, stride: number): SpendRows {
  const pick = (values: Float64Array): Float64Array => values.filter((_, i) => i % stride === 0);
  return { frequency: pick(rows.frequency), monetary: pick(rows.monetary), weight: pick(rows.weight) };
}

function spendLoss({ frequency, monetary, weight }: SpendRows): Objective {
  // Customers by their frequency, so that the gamma functions are taken once for each.
  const byLevel = new Map<number, number[]>();
  let total = 0;
  for (let i = 0; i < weight.length; i++) {
    const level = byLevel.get(frequency[i]);
    if (level) level.push(i);
    else byLevel.set(frequency[i], [i]);
    total += weight[i];
  }
  const levels = [...byLevel].map(([x, members]) => {
    const amounts = Float64Array.from(members, (i) => x * monetary[i]);
    const weights = Float64Array.from(members, (i) => weight[i]);
    let weighed = 0;
    let logs = 0;
    amounts.forEach((amount, i) => {
      weighed += weights[i];
      logs += weights[i] * Math.log(amount);
    });
    return { x, amounts, weights, weighed, logs, logsOfMeans: logs - weighed * Math.log(x) };
  });
  return (point, gradient) => {
    const [p, q, v] = point.map(Math.exp);
    const gammaQ = logGamma(q);
    const psiQ = digamma(q);
    let sum = 0;
    let slopeP = 0;
    let slopeQ = 0;
    let slopeV = 0;
    for (const { x, amounts, weights, weighed, logs, logsOfMeans } of levels) {
      const shape = p * x;
      let tails = 0;
      let inverses = 0;
      for (let i = 0; i < amounts.length; i++) {
        tails += weights[i] * Math.log(amounts[i] + v);
        inverses += weights[i] / (amounts[i] + v);
      }
      sum +=
        weighed * (logGamma(shape + q) - logGamma(shape) - gammaQ + q * point[2]) +
        shape * logs -
        logsOfMeans -
        (shape + q) * tails;
      const psi = digamma(shape + q);
      slopeP += x * (weighed * (psi - digamma(shape)) + logs - tails);
      slopeQ += weighed * (psi - psiQ + point[2]) - tails;
      slopeV += (weighed * q) / v - (shape + q) * inverses;
    }
    gradient[0] = (-slopeP * p) / total;
    gradient[1] = (-slopeQ * q) / total;
    gradient[2] = (-slopeV * v) / total;
    return -sum / total;
  };
}

/**
 * The expected amount of a purchase of a customer with `frequency` repeat purchases of the mean amount `monetary` (Fader &
 * Hardie 2013, eq. 5): a weighted mean of what is usual and what the customer spent. Not a number where it is infinite
 * (no purchases and q ≤ 1).
 */
export function expectedSpend(parameters: ArrayLike<number>, frequency: number, monetary: number): number {
  const [p, q, v] = [parameters[0], parameters[1], parameters[2]];
  const weight = p * frequency + q - 1;
  return weight > 0 ? (p * (v + (frequency > 0 ? frequency * monetary : 0))) / weight : Number.NaN;
}
