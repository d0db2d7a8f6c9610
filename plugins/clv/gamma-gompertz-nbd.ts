import { digamma, logGamma, type Objective } from '@patron/sdk';
import { negativeBinomial } from './negative-binomial.ts';
import type { PurchaseModel, PurchasePrediction } from './purchase-model.ts';
import { gaussLegendre } from './quadrature.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * GGompertz/NBD: purchases as in Pareto/NBD; the rate of stopping grows with the age of the customer by e^(b t), on a scale
 * ~ Gamma(s, β). (Bemmaor & Glady 2012, "Modeling purchasing behavior with sudden death".) As b goes to 0 with β / b
 * fixed it becomes Pareto/NBD. The time of stopping is integrated out by quadrature, as there.
 */
export const gammaGompertzNbd: PurchaseModel = {
  name: 'ggompertz-nbd',
  parameters: ['r', 'alpha', 'b', 's', 'beta'],
  logLikelihood: (parameters, frequency, recency, T) => {
    const one = (value: number): Float64Array => Float64Array.of(value);
    const single: WeightedRows = {
      size: 1,
      total: 1,
      frequency: one(frequency),
      recency: one(recency),
      T: one(T),
      weight: one(1),
      levels: [{ frequency, start: 0, end: 1 }],
    };
    return -loss(single)(Float64Array.from(parameters, Math.log), new Float64Array(5));
  },
  loss,
  starts,
  predict,
};

const rule = gaussLegendre(16);

/** ln(β + e^(b y) − 1), without overflow and without the cancellation at small b y. */
function logGrowth(b: number, beta: number, y: number): number {
  return b * y + Math.log(beta * Math.exp(-b * y) - Math.expm1(-b * y));
}

/**
 * Visits points of (from, to) with weights for an integral over y, in panels of ln(shift + y) that are short where the
 * integrand changes fast: `steepness` gives the rate of that in ln(shift + y). `visit` gives what the point adds. Gives the
 * sum with what was there `already`; panels that no longer add to it end the walk. Not a number where it would be too long.
 */
function walk(
  from: number,
  to: number,
  shift: number,
  steepness: (y: number) => number,
  visit: (y: number, weight: number) => number,
  already = 0,
): number {
  const end = Math.log(shift + to);
  let u = Math.log(shift + from);
  let whole = already;
  for (let panels = 0; u < end; panels++) {
    if (panels === 300) return Number.NaN;
    const length = Math.min(end - u, 1, 4 / Math.max(1, steepness(Math.exp(u) - shift)));
    let added = 0;
    for (let i = 0; i < rule.points.length; i++) {
      const at = Math.exp(u + rule.points[i] * length);
      added += visit(at - shift, rule.weights[i] * length * at);
    }
    whole += added;
    if (!(added >= 1e-15 * whole)) break;
    u += length;
  }
  return whole;
}

/**
 * How fast e^(grows b y) / (β + e^(b y) − 1)^power changes with y, relative to its size, and at its bend at e^(b y) = β,
 * which takes about 1 / b on either side.
 */
function change(b: number, beta: number, y: number, power: number, grows: 0 | 1): number {
  const share = Math.exp(b * y - logGrowth(b, beta, y));
  const bend = Math.abs(b * y - Math.log(beta)) < 8 ? Math.min(2, power + grows) * b : 0;
  return Math.max(Math.abs(power * share - grows) * b, bend);
}

function loss(rows: WeightedRows): Objective {
  const { recency, T, weight, levels, total } = rows;
  return (point, gradient) => {
    const [r, alpha, b, s, beta] = point.map(Math.exp);
    const shift = Math.min(alpha, beta / b);
    const gammaR = logGamma(r);
    const psiR = digamma(r);
    let sum = 0;
    const slopes = new Float64Array(5);
    const moments = new Float64Array(5);
    for (const { frequency: x, start, end } of levels) {
      const shape = r + x;
      const constant = logGamma(shape) - gammaR + r * point[1] + s * point[4];
      const constantR = digamma(shape) - psiR + point[1];
      for (let i = start; i < end; i++) {
        const w = weight[i];
        const last = recency[i];
        const logAlphaT = Math.log(alpha + T[i]);
        const logBetaT = logGrowth(b, beta, T[i]);
        const whole = Math.exp(b * T[i] - logBetaT);
        const inverse = Math.exp(-logBetaT);
        // Relative to the integrand at the last purchase.
        const firstAlpha = Math.log(alpha + last);
        const firstBeta = logGrowth(b, beta, last);
        moments.fill(0);
        const mass = walk(
          last,
          T[i],
          shift,
          (y) => (shift + y) * (shape / (alpha + y) + change(b, beta, y, s + 1, 1)) + 1,
          (y, step) => {
            const logAlpha = Math.log(alpha + y);
            const logBeta = logGrowth(b, beta, y);
            const density =
              step * Math.exp(b * (y - last) - shape * (logAlpha - firstAlpha) - (s + 1) * (logBeta - firstBeta));
            moments[0] += density * logAlpha;
            moments[1] += density / (alpha + y);
            moments[2] += density * y * (1 - (s + 1) * Math.exp(b * y - logBeta));
            moments[3] += density * logBeta;
            moments[4] += density * Math.exp(-logBeta);
            return density;
          },
        );
        const odds =
          mass > 0
            ? Math.log(s * b * mass) + b * last + shape * (logAlphaT - firstAlpha) + s * logBetaT - (s + 1) * firstBeta
            : mass === 0
              ? Number.NEGATIVE_INFINITY
              : Number.NaN;
        const share = mass > 0 ? 1 / (1 + Math.exp(-odds)) : 0;
        const scale = mass > 0 ? share / mass : 0;
        const active = 1 - share;
        // The likelihood is that of being active, times (1 + odds): its slopes are the mean of both cases'.
        sum +=
          w * (constant - shape * logAlphaT - s * logBetaT + Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))));
        slopes[0] += w * (constantR - active * logAlphaT - scale * moments[0]);
        slopes[1] += w * (r / alpha - shape * (active / (alpha + T[i]) + scale * moments[1]));
        slopes[2] += w * (-active * s * T[i] * whole + share / b + scale * moments[2]);
        slopes[3] += w * (point[4] - active * logBetaT + share / s - scale * moments[3]);
        slopes[4] += w * (s / beta - active * s * inverse - (s + 1) * scale * moments[4]);
      }
    }
    for (let k = 0; k < 5; k++) gradient[k] = (-slopes[k] * Math.exp(point[k])) / total;
    return -sum / total;
  };
}

/** Near Pareto/NBD, and with the rate of stopping growing slowly and fast over the time watched. */
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
    [0.5, 0.05, 0.5, 0.4],
    [1, 1, 0.5, 1],
    [1, 4, 0.2, 4],
  ].map(([r, growth, s, lives]) => [r, r / rate, growth / watched, s, growth * lives].map(Math.log));
}

function predict(parameters: ArrayLike<number>): PurchasePrediction {
  const [r, alpha, b, s, beta] = Array.from(parameters);
  // Times are mostly asked for in ascending order, so each integral goes on from the one before.
  let reached = { T: Number.NaN, time: 0, sum: 0 };
  /** ∫ P(active at T + y | active at T) dy over (0, time), averaged over customers. */
  const activeTime = (T: number, time: number): number => {
    const from = reached.T === T && reached.time <= time ? reached : { T, time: 0, sum: 0 };
    const now = logGrowth(b, beta, T);
    const scale = Math.exp(now - b * T) / b;
    const sum = walk(
      from.time,
      time,
      scale,
      (y) => (scale + y) * change(b, beta, T + y, s, 0) + 1,
      (y, step) => step * Math.exp(-s * (logGrowth(b, beta, T + y) - now)),
      from.sum,
    );
    reached = { T, time, sum };
    return reached.sum;
  };
  const model = gammaGompertzNbd;
  return {
    pace: Math.min(alpha, beta / b),
    pAlive: (x, recency, T) => {
      // The likelihood of the history with the customer active at T, over that of the history.
      const active =
        logGamma(r + x) -
        logGamma(r) +
        r * Math.log(alpha) +
        s * Math.log(beta) -
        (r + x) * Math.log(alpha + T) -
        s * logGrowth(b, beta, T);
      return Math.min(1, Math.exp(active - model.logLikelihood(parameters, x, recency, T)));
    },
    expectedWhileAlive: (x, T, time) => ((r + x) / (alpha + T)) * activeTime(T, time),
    expected: (time) => (r / alpha) * activeTime(0, time),
    distribution: (highest, time) => {
      const kept = s * (Math.log(beta) - logGrowth(b, beta, time));
      const result = negativeBinomial(r, time / alpha, highest).map((value) => value * Math.exp(kept));
      const shift = Math.min(alpha, beta / b);
      walk(
        0,
        time,
        shift,
        (y) => (shift + y) * change(b, beta, y, s + 1, 1) + 1 + highest / 2,
        (y, step) => {
          const growth = logGrowth(b, beta, y);
          const density = step * Math.exp(Math.log(s * b) + b * y + s * (Math.log(beta) - growth) - growth);
          const counts = negativeBinomial(r, y / alpha, highest);
          for (let x = 0; x <= highest; x++) result[x] += density * counts[x];
          return density;
        },
      );
      return result;
    },
  };
}
