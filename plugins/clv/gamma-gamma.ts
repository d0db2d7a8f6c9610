import { digamma, logGamma, shared, trigamma } from '@patron/sdk';
import { alone, type Crew, type PartKernel, partBounds, runParts, worthSharing } from './crew.ts';
import { addUp, evaluationOf, type Fit, fitLikelihood, objectiveOf } from './likelihood-fit.ts';

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

/** Above this many customers the search begins on a sample of about that many. */
const SAMPLE = 5_000;

/** Customers by their frequency, each with the sum of the repeat purchases: frequency times the mean amount. */
interface SpendBase {
  readonly frequency: Float64Array;
  readonly spent: Float64Array;
  readonly weight: Float64Array;
}

interface SpendPart extends SpendBase {
  readonly start: number;
  readonly end: number;
  readonly parameters: Float64Array;
  readonly second: boolean;
}

export const spendSums: PartKernel<SpendPart, Float64Array> = { name: 'spendSums', run: sumsOf };

/** Fits in units of the mean amount, so that the currency does not matter, and gives v in that of the amounts. */
export async function fitSpend(rows: SpendRows, crew: Crew = alone): Promise<Fit> {
  const size = rows.weight.length;
  let total = 0;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    total += rows.weight[i];
    sum += rows.weight[i] * rows.monetary[i];
  }
  const mean = sum / total;
  const ordered = byFrequency(rows, mean);
  const everywhere = worthSharing(crew, size);
  const base = everywhere
    ? { frequency: shared(ordered.frequency), spent: shared(ordered.spent), weight: shared(ordered.weight) }
    : ordered;
  const starts = [
    [4, 3],
    [1.5, 2],
    [12, 6],
  ].map(([p, q]) => [p, q, (q - 1) / p].map(Math.log));
  const stride = Math.floor(size / SAMPLE);
  const sample = stride > 1 ? everyNth(base, stride) : base;
  let sampleTotal = 0;
  for (const weight of sample.weight) sampleTotal += weight;
  const whole = { ...sample, start: 0, end: sample.weight.length, second: false };
  const likelihood = {
    names: SPEND_PARAMETERS,
    observations: total,
    starts,
    search: objectiveOf((parameters) => sumsOf({ ...whole, parameters }), sampleTotal),
    sampled: stride > 1,
    evaluations: [
      async (point: Float64Array) => {
        const parameters = point.map(Math.exp);
        const parts = partBounds(size).map(([start, end]) => ({ ...base, start, end, parameters, second: true }));
        return evaluationOf(addUp(await runParts(crew, spendSums, parts, everywhere)), parameters, total, 3);
      },
    ],
  };
  const fit = await fitLikelihood(likelihood, () => crew.checkpoint());
  const inCurrency = (values: Float64Array): Float64Array => values.map((value, i) => (i === 2 ? value * mean : value));
  return {
    ...fit,
    estimates: inCurrency(fit.estimates),
    standardErrors: fit.standardErrors && inCurrency(fit.standardErrors),
    logLikelihood: fit.logLikelihood - total * Math.log(mean),
  };
}

function byFrequency({ frequency, monetary, weight }: SpendRows, mean: number): SpendBase {
  const size = weight.length;
  const counts = new Map<number, number>();
  for (let i = 0; i < size; i++) counts.set(frequency[i], (counts.get(frequency[i]) ?? 0) + 1);
  const next = new Map<number, number>();
  let start = 0;
  for (const level of [...counts.keys()].sort((a, b) => a - b)) {
    next.set(level, start);
    start += counts.get(level) ?? 0;
  }
  const base = {
    frequency: new Float64Array(size),
    spent: new Float64Array(size),
    weight: new Float64Array(size),
  };
  for (let i = 0; i < size; i++) {
    const at = next.get(frequency[i]) ?? 0;
    next.set(frequency[i], at + 1);
    base.frequency[at] = frequency[i];
    base.spent[at] = frequency[i] * (monetary[i] / mean);
    base.weight[at] = weight[i];
  }
  return base;
}

function everyNth({ frequency, spent, weight }: SpendBase, stride: number): SpendBase {
  const pick = (values: Float64Array): Float64Array => values.filter((_, i) => i % stride === 0);
  return { frequency: pick(frequency), spent: pick(spent), weight: pick(weight) };
}

/** The log-likelihood over the customers of a part, its slopes and, if `second`, its second derivatives, in the parameters. */
function sumsOf({ frequency, spent, weight, start, end, parameters, second }: SpendPart): Float64Array {
  const [p, q, v] = parameters;
  const gammaQ = logGamma(q);
  const psiQ = digamma(q);
  const logV = Math.log(v);
  const sums = new Float64Array(second ? 10 : 4);
  for (let i = start; i < end; ) {
    const x = frequency[i];
    const shape = p * x;
    let weighed = 0;
    let logs = 0;
    let tails = 0;
    let inverses = 0;
    let squares = 0;
    for (; i < end && frequency[i] === x; i++) {
      const w = weight[i];
      const tail = spent[i] + v;
      weighed += w;
      logs += w * Math.log(spent[i]);
      tails += w * Math.log(tail);
      inverses += w / tail;
      squares += w / (tail * tail);
    }
    const logsOfMeans = logs - weighed * Math.log(x);
    sums[0] +=
      weighed * (logGamma(shape + q) - logGamma(shape) - gammaQ + q * logV) +
      shape * logs -
      logsOfMeans -
      (shape + q) * tails;
    const psi = digamma(shape + q);
    sums[1] += x * (weighed * (psi - digamma(shape)) + logs - tails);
    sums[2] += weighed * (psi - psiQ + logV) - tails;
    sums[3] += (weighed * q) / v - (shape + q) * inverses;
    if (!second) continue;
    const psi1 = trigamma(shape + q);
    sums[4] += weighed * x * x * (psi1 - trigamma(shape));
    sums[5] += weighed * x * psi1;
    sums[6] -= x * inverses;
    sums[7] += weighed * (psi1 - trigamma(q));
    sums[8] += weighed / v - inverses;
    sums[9] += (shape + q) * squares - (weighed * q) / (v * v);
  }
  return sums;
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
