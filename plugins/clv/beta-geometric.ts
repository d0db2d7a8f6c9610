import { digamma, logAddExp, logBeta, logGamma, type Objective, trigamma } from '@patron/sdk';
import { negativeBinomial } from './negative-binomial.ts';
import type { PurchaseModel, PurchasePrediction } from './purchase-model.ts';
import { betaRule, type Rule } from './quadrature.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * BG/NBD: purchases come as a Poisson process with rate λ ~ Gamma(r, α); after each repeat purchase the customer stops
 * with probability p ~ Beta(a, b). (Fader, Hardie & Lee 2005, "Counting your customers the easy way".)
 */
export const bgNbd: PurchaseModel = betaGeometric('bg-nbd', 0);

/** MBG/NBD: as BG/NBD, but the customer may also stop right after the first purchase. (Batislam, Denizel & Filiztekin 2007.) */
export const mbgNbd: PurchaseModel = betaGeometric('mbg-nbd', 1);

/** `extra` counts the chances to stop beyond one a repeat purchase: 0 for BG, 1 (at the first purchase) for MBG. */
function betaGeometric(name: 'bg-nbd' | 'mbg-nbd', extra: 0 | 1): PurchaseModel {
  return {
    name,
    parameters: ['r', 'alpha', 'a', 'b'],
    logLikelihood: (parameters, frequency, recency, T) => logLikelihood(parameters, extra, frequency, recency, T),
    loss: (rows) => loss(rows, extra),
    curvature: (rows) => (point) => curvature(rows, extra, point),
    starts,
    predict: (parameters) => predict(parameters, extra),
  };
}

/** Fader, Hardie & Lee 2005, eq. 6, in the form of Fader & Hardie's note 027 that neither over- nor underflows. */
function logLikelihood(parameters: ArrayLike<number>, extra: number, x: number, recency: number, T: number): number {
  const [r, alpha, a, b] = Array.from(parameters);
  const shared =
    logGamma(r + x) -
    logGamma(r) +
    r * Math.log(alpha) +
    logGamma(a + b) +
    logGamma(b + x + extra) -
    logGamma(b) -
    logGamma(a + b + x + extra);
  const active = -(r + x) * Math.log(alpha + T);
  if (x + extra === 0) return shared + active;
  return shared + logAddExp(active, Math.log(a / (b + x - 1 + extra)) - (r + x) * Math.log(alpha + recency));
}

function loss(rows: WeightedRows, extra: number): Objective {
  const { recency, T, weight, levels, total } = rows;
  return (point, gradient) => {
    const r = Math.exp(point[0]);
    const alpha = Math.exp(point[1]);
    const a = Math.exp(point[2]);
    const b = Math.exp(point[3]);
    const logAlpha = point[1];
    const gammaR = logGamma(r);
    const psiR = digamma(r);
    const chances = logGamma(a + b) - logGamma(b);
    const psiAB = digamma(a + b);
    const psiB = digamma(b);
    let sum = 0;
    let slopeR = 0;
    let slopeAlpha = 0;
    let slopeA = 0;
    let slopeB = 0;
    for (const { frequency: x, start, end } of levels) {
      const shape = r + x;
      const mayStop = x + extra > 0;
      const others = b + x - 1 + extra;
      const odds = mayStop ? Math.log(a / others) : 0;
      let weights = 0;
      let likelihood = 0;
      let logs = 0;
      let inverses = 0;
      let stopped = 0;
      let stoppedLogs = 0;
      let stoppedInverses = 0;
      for (let i = start; i < end; i++) {
        const w = weight[i];
        const whole = alpha + T[i];
        const logT = Math.log(whole);
        weights += w;
        logs += w * logT;
        inverses += w / whole;
        if (!mayStop) continue;
        const part = alpha + recency[i];
        const gap = logT - Math.log(part);
        const y = odds + shape * gap;
        const e = Math.exp(y > 0 ? -y : y);
        likelihood += w * (Math.max(y, 0) + Math.log(1 + e));
        const share = (w * (y > 0 ? 1 : e)) / (1 + e);
        stopped += share;
        stoppedLogs += share * gap;
        stoppedInverses += share * (1 / whole - 1 / part);
      }
      const tail = a + b + x + extra;
      const psiTail = digamma(tail);
      sum +=
        likelihood -
        shape * logs +
        weights * (logGamma(shape) - gammaR + r * logAlpha + chances + logGamma(b + x + extra) - logGamma(tail));
      slopeR += weights * (digamma(shape) - psiR + logAlpha) - logs + stoppedLogs;
      slopeAlpha += (weights * r) / alpha - shape * inverses + shape * stoppedInverses;
      slopeA += weights * (psiAB - psiTail);
      slopeB += weights * (psiAB + digamma(b + x + extra) - psiB - psiTail);
      if (mayStop) {
        slopeA += stopped / a;
        slopeB -= stopped / others;
      }
    }
    gradient[0] = (-slopeR * r) / total;
    gradient[1] = (-slopeAlpha * alpha) / total;
    gradient[2] = (-slopeA * a) / total;
    gradient[3] = (-slopeB * b) / total;
    return -sum / total;
  };
}

/** The second derivatives of the loss, by the chain rule from those in the parameters themselves. */
function curvature(rows: WeightedRows, extra: number, point: ArrayLike<number>): Float64Array {
  const { recency, T, weight, levels, total } = rows;
  const parameters = [0, 1, 2, 3].map((i) => Math.exp(point[i]));
  const [r, alpha, a, b] = parameters;
  const gradient = new Float64Array(4);
  loss(rows, extra)(Float64Array.from(point), gradient);
  const psi1R = trigamma(r);
  const psi1AB = trigamma(a + b);
  const psi1B = trigamma(b);
  let rr = 0;
  let rAlpha = 0;
  let alphaAlpha = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  let rA = 0;
  let rB = 0;
  let alphaA = 0;
  let alphaB = 0;
  for (const { frequency: x, start, end } of levels) {
    const shape = r + x;
    const mayStop = x + extra > 0;
    const others = b + x - 1 + extra;
    const odds = mayStop ? Math.log(a / others) : 0;
    let weights = 0;
    let stopped = 0;
    let spread = 0;
    let spreadR = 0;
    let spreadAlpha = 0;
    for (let i = start; i < end; i++) {
      const w = weight[i];
      const whole = 1 / (alpha + T[i]);
      weights += w;
      rAlpha -= w * whole;
      alphaAlpha += w * shape * whole * whole;
      if (!mayStop) continue;
      const part = 1 / (alpha + recency[i]);
      const slopeR = Math.log(part / whole);
      const share = 1 / (1 + Math.exp(-odds - shape * slopeR));
      const change = whole - part;
      const slopeAlpha = shape * change;
      const both = w * share * (1 - share);
      stopped += w * share;
      spread += both;
      spreadR += both * slopeR;
      spreadAlpha += both * slopeAlpha;
      rr += both * slopeR * slopeR;
      rAlpha += both * slopeR * slopeAlpha + w * share * change;
      alphaAlpha += both * slopeAlpha * slopeAlpha + w * share * shape * (part * part - whole * whole);
    }
    const psi1Tail = trigamma(a + b + x + extra);
    rr += weights * (trigamma(shape) - psi1R);
    rAlpha += weights / alpha;
    alphaAlpha -= (weights * r) / (alpha * alpha);
    aa += weights * (psi1AB - psi1Tail);
    ab += weights * (psi1AB - psi1Tail);
    bb += weights * (psi1AB + trigamma(b + x + extra) - psi1B - psi1Tail);
    if (mayStop) {
      aa += (spread - stopped) / (a * a);
      bb += (spread + stopped) / (others * others);
      ab -= spread / (a * others);
      rA += spreadR / a;
      rB -= spreadR / others;
      alphaA += spreadAlpha / a;
      alphaB -= spreadAlpha / others;
    }
  }
  const natural = [rr, rAlpha, rA, rB, rAlpha, alphaAlpha, alphaA, alphaB, rA, alphaA, aa, ab, rB, alphaB, ab, bb];
  return Float64Array.from(natural, (value, k) => {
    const i = k >> 2;
    const j = k & 3;
    return (-value / total) * parameters[i] * parameters[j] + (i === j ? gradient[i] : 0);
  });
}

/** Heterogeneous, near-Poisson and quick-to-stop bases, each at the mean rate of the data. */
function starts(rows: WeightedRows): number[][] {
  let purchases = 0;
  let time = 0;
  for (let i = 0; i < rows.size; i++) {
    purchases += rows.weight[i] * rows.frequency[i];
    time += rows.weight[i] * Math.max(rows.recency[i], rows.T[i] / 4);
  }
  const rate = purchases / time;
  return [
    [0.3, 0.8, 2.5],
    [1, 1, 5],
    [4, 0.3, 1],
  ].map(([r, a, b]) => [r, r / rate, a, b].map(Math.log));
}

function predict(parameters: ArrayLike<number>, extra: number): PurchasePrediction {
  const [r, alpha, a, b] = Array.from(parameters);
  const rules = new Map<number, Rule>();
  const ruleOf = (chances: number): Rule => {
    let rule = rules.get(chances);
    if (!rule) {
      rule = betaRule(a, chances);
      rules.set(chances, rule);
    }
    return rule;
  };
  const whileAlive = (shape: number, rate: number, chances: number, time: number): number =>
    seriesSuits(shape, a, chances, time / (rate + time))
      ? expectedBySeries(shape, rate, a, chances, time)
      : expectedByRule(shape, rate, ruleOf(chances), time);
  return {
    pace: alpha,
    // Fader, Hardie & Lee's note "Computing P(alive) using the BG/NBD model" (2008).
    pAlive: (x, recency, T) =>
      x + extra === 0
        ? 1
        : 1 / (1 + (a / (b + x - 1 + extra)) * Math.exp((r + x) * Math.log((alpha + T) / (alpha + recency)))),
    expectedWhileAlive: (x, T, time) => whileAlive(r + x, alpha + T, b + x + extra, time),
    expected: (time) => (extra === 0 ? 1 : b / (a + b)) * whileAlive(r, alpha, b + extra, time),
    distribution: (highest, time) => distribution(r, alpha, a, b, extra, highest, time),
  };
}

function seriesSuits(shape: number, a: number, chances: number, z: number): boolean {
  return z < 0.97 && a < 30 && a + chances - 1 - shape > -4;
}

/**
 * The mean of (1 − (1 + p t / rate)^(−shape)) / p over p ~ Beta(a, chances): the expected purchases of an active customer.
 * Fader, Hardie & Lee 2005, eq. 10, after Euler's transformation of its ₂F₁, with the factor a − 1 divided out, so that it
 * holds at a = 1 and does not overflow.
 */
function expectedBySeries(shape: number, rate: number, a: number, chances: number, time: number): number {
  const z = time / (rate + time);
  const logKept = -Math.log1p(time / rate);
  const c = a + chances - 1;
  const first = c - shape;
  let term = first * z;
  let sum = term;
  for (let n = 1; n < 5000; n++) {
    term *= (((first + n) * (a + n - 1)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) < 1e-16 * (1 - z) * Math.abs(sum) && n > -first) break;
  }
  const lead = a === 1 ? -logKept : -Math.expm1((a - 1) * logKept) / (a - 1);
  return c * lead - Math.exp((a - 1) * logKept) * sum;
}

function expectedByRule(shape: number, rate: number, { points, weights }: Rule, time: number): number {
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    const p = points[i];
    // At p = 0 the customer never stops.
    const mean = p > 1e-200 ? -Math.expm1(-shape * Math.log1p((p * time) / rate)) / p : (shape * time) / rate;
    sum += weights[i] * mean;
  }
  return sum;
}

/** Fader, Hardie & Lee 2005, eq. 8. */
function distribution(
  r: number,
  alpha: number,
  a: number,
  b: number,
  extra: number,
  highest: number,
  time: number,
): Float64Array {
  const counts = negativeBinomial(r, time / alpha, highest);
  const result = new Float64Array(highest + 1);
  const whole = logBeta(a, b);
  let reached = 1;
  for (let x = 0; x <= highest; x++) {
    result[x] = Math.exp(logBeta(a, b + x + extra) - whole) * counts[x];
    if (x + extra > 0) result[x] += Math.exp(logBeta(a + 1, b + x - 1 + extra) - whole) * Math.max(0, reached);
    reached -= counts[x];
  }
  return result;
}
