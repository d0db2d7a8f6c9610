import { digamma, logAddExp, logBeta, logGamma, trigamma } from '@patron/sdk';
import { negativeBinomial } from './negative-binomial.ts';
import { baseRates, type PurchaseModel, type PurchasePrediction } from './purchase-model.ts';
import { betaRule, type Rule } from './quadrature.ts';
import type { RowsPart, WeightedRows } from './weighted-rows.ts';

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
    timePowers: [0, 1, 0, 0],
    logLikelihood: (parameters, frequency, recency, T) => logLikelihood(parameters, extra, frequency, recency, T),
    sums: (part, parameters, second) => sums(part, parameters, extra, second),
    alive: (part, parameters, alive, slopes) => aliveRows(part, parameters, extra, alive, slopes),
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

/** The log-likelihood over the rows of a part, its slopes and, if `second`, its second derivatives, in the parameters. */
function sums(part: RowsPart, parameters: ArrayLike<number>, extra: number, second: boolean): Float64Array {
  const { recency, T, weight, levels } = part;
  const [r, alpha, a, b] = Array.from(parameters);
  const logAlpha = Math.log(alpha);
  const gammaR = logGamma(r);
  const psiR = digamma(r);
  const chances = logGamma(a + b) - logGamma(b);
  const psiAB = digamma(a + b);
  const psiB = digamma(b);
  const found = new Float64Array(second ? 15 : 5);
  for (const { frequency: x, start, end } of levels) {
    const shape = r + x;
    const mayStop = x + extra > 0;
    const others = b + x - 1 + extra;
    const odds = mayStop ? Math.log(a / others) : 0;
    let weights = 0;
    let likelihood = 0;
    let logs = 0;
    let inverses = 0;
    let squares = 0;
    let stopped = 0;
    let stoppedLogs = 0;
    let stoppedInverses = 0;
    let stoppedSquares = 0;
    let both = 0;
    let bothLogs = 0;
    let bothInverses = 0;
    let bothLogsLogs = 0;
    let bothLogsInverses = 0;
    let bothInversesInverses = 0;
    for (let i = start; i < end; i++) {
      const w = weight[i];
      const whole = alpha + T[i];
      const logT = Math.log(whole);
      const inverse = 1 / whole;
      weights += w;
      logs += w * logT;
      inverses += w * inverse;
      squares += w * inverse * inverse;
      if (!mayStop) continue;
      const part = alpha + recency[i];
      const gap = logT - Math.log(part);
      const y = odds + shape * gap;
      const e = Math.exp(y > 0 ? -y : y);
      likelihood += w * (Math.max(y, 0) + Math.log(1 + e));
      const share = (w * (y > 0 ? 1 : e)) / (1 + e);
      const inversePart = 1 / part;
      const change = inverse - inversePart;
      stopped += share;
      stoppedLogs += share * gap;
      stoppedInverses += share * change;
      if (!second) continue;
      const spread = (share * (y > 0 ? e : 1)) / (1 + e);
      stoppedSquares += share * (inversePart * inversePart - inverse * inverse);
      both += spread;
      bothLogs += spread * gap;
      bothInverses += spread * change;
      bothLogsLogs += spread * gap * gap;
      bothLogsInverses += spread * gap * change;
      bothInversesInverses += spread * change * change;
    }
    const tail = a + b + x + extra;
    const psiTail = digamma(tail);
    const psiOthers = digamma(b + x + extra);
    found[0] +=
      likelihood -
      shape * logs +
      weights * (logGamma(shape) - gammaR + r * logAlpha + chances + logGamma(b + x + extra) - logGamma(tail));
    found[1] += weights * (digamma(shape) - psiR + logAlpha) - logs + stoppedLogs;
    found[2] += (weights * r) / alpha - shape * inverses + shape * stoppedInverses;
    found[3] += weights * (psiAB - psiTail) + (mayStop ? stopped / a : 0);
    found[4] += weights * (psiAB + psiOthers - psiB - psiTail) - (mayStop ? stopped / others : 0);
    if (!second) continue;
    const psi1Tail = trigamma(tail);
    const psi1AB = trigamma(a + b);
    found[5] += weights * (trigamma(shape) - trigamma(r)) + bothLogsLogs;
    found[6] += weights / alpha - inverses + stoppedInverses + shape * bothLogsInverses;
    found[9] +=
      shape * squares - (weights * r) / (alpha * alpha) + shape * (shape * bothInversesInverses + stoppedSquares);
    found[12] += weights * (psi1AB - psi1Tail);
    found[13] += weights * (psi1AB - psi1Tail);
    found[14] += weights * (psi1AB + trigamma(b + x + extra) - trigamma(b) - psi1Tail);
    if (!mayStop) continue;
    found[7] += bothLogs / a;
    found[8] -= bothLogs / others;
    found[10] += (shape * bothInverses) / a;
    found[11] -= (shape * bothInverses) / others;
    found[12] += (both - stopped) / (a * a);
    found[13] -= both / (a * others);
    found[14] += (both + stopped) / (others * others);
  }
  return found;
}

/** Fader, Hardie & Lee's note "Computing P(alive) using the BG/NBD model" (2008), with the slopes of its logarithm. */
function aliveRows(
  part: RowsPart,
  parameters: ArrayLike<number>,
  extra: number,
  alive: Float64Array,
  slopes?: Float64Array,
): void {
  const [r, alpha, a, b] = Array.from(parameters);
  let at = 0;
  for (const { frequency: x, start, end } of part.levels) {
    if (x + extra === 0) {
      alive.fill(1, start, end);
      slopes?.fill(0, at, at + 4 * (end - start));
      at += 4 * (end - start);
      continue;
    }
    const shape = r + x;
    const others = b + x - 1 + extra;
    const odds = Math.log(a / others);
    for (let i = start; i < end; i++) {
      const whole = alpha + part.T[i];
      const last = alpha + part.recency[i];
      const gap = Math.log(whole / last);
      const share = 1 / (1 + Math.exp(odds + shape * gap));
      alive[i] = share;
      if (!slopes) continue;
      const stopped = share - 1;
      slopes[at++] = stopped * gap * r;
      slopes[at++] = stopped * shape * (1 / whole - 1 / last) * alpha;
      slopes[at++] = stopped;
      slopes[at++] = (-stopped / others) * b;
    }
  }
}

/** Heterogeneous, near-Poisson and quick-to-stop bases, each at the mean rate of the data. */
function starts(rows: WeightedRows): number[][] {
  const { rate } = baseRates(rows);
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
    alike: false,
    pAlive: (x, recency, T) =>
      x + extra === 0
        ? 1
        : 1 / (1 + (a / (b + x - 1 + extra)) * Math.exp((r + x) * Math.log((alpha + T) / (alpha + recency)))),
    activeTime: (x, T, time) => (whileAlive(r + x, alpha + T, b + x + extra, time) * (alpha + T)) / (r + x),
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
