import type { Lifetime } from './lifetime.ts';
import { baseRates, type PurchaseModel } from './purchase-model.ts';
import { gaussLegendre, panelLength } from './quadrature.ts';
import { stoppingTimeModel } from './stopping-time.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * GGompertz/NBD: purchases as in Pareto/NBD; the rate of stopping grows with the age of the customer by e^(b t), on a scale
 * ~ Gamma(s, β). (Bemmaor & Glady 2012, "Modeling purchasing behavior with sudden death".) As b goes to 0 with β / b
 * fixed it becomes Pareto/NBD.
 */
export const gammaGompertzNbd: PurchaseModel = stoppingTimeModel(
  'ggompertz-nbd',
  ['r', 'alpha', 'b', 's', 'beta'],
  [0, 1, -1, 0, 0],
  ([, , b, s, beta]) => gammaGompertzLifetime(b, s, beta),
  starts,
);

const rule = gaussLegendre(16);

function gammaGompertzLifetime(b: number, s: number, beta: number): Lifetime {
  const logBeta = Math.log(beta);
  const logScale = Math.log(s) + Math.log(b);
  /** ln(β + e^(b t) − 1), without overflow and without the cancellation at small b t. */
  const growth = (t: number): number => {
    const less = Math.expm1(-b * t);
    return b * t + Math.log(beta * (1 + less) - less);
  };
  /** The logarithm of P(lifetime > t) and its derivatives, with the power s or s + 1 on β + e^(b t) − 1. */
  const write = (power: number, t: number, out: Float64Array, at: number): void => {
    const less = Math.expm1(-b * t);
    // β + e^(b t) − 1, relative to e^(b t).
    const relative = beta * (1 + less) - less;
    const log = b * t + Math.log(relative);
    const share = 1 / relative;
    const inverse = (1 + less) * share;
    const slope = t * share;
    out[at] = s * logBeta - power * log;
    out[at + 1] = -power * slope;
    out[at + 2] = logBeta - log;
    out[at + 3] = s / beta - power * inverse;
    // 1 less the share is (β − 1) times the inverse.
    out[at + 4] = -power * t * slope * (beta - 1) * inverse;
    out[at + 5] = -slope;
    out[at + 6] = power * slope * inverse;
    out[at + 7] = 0;
    out[at + 8] = 1 / beta - inverse;
    out[at + 9] = power * inverse * inverse - s / (beta * beta);
  };
  const shareAt = (t: number): number => {
    const less = Math.expm1(-b * t);
    return 1 / (beta * (1 + less) - less);
  };
  // The nearest points off the line of time at which β + e^(b t) − 1 is 0.
  const bend = Math.log(Math.max(Math.abs(beta - 1), 1e-300)) / b;
  const off = (beta > 1 ? Math.PI : 2 * Math.PI) / b;
  const steepness = (t: number): number => b * Math.abs(1 - (s + 1) * shareAt(t));
  // Times are mostly asked for in ascending order, so each integral goes on from the one before.
  let reached = { T: Number.NaN, time: 0, sum: 0 };
  return {
    scale: beta / b,
    writeSurvival: (t, out, at) => write(s, t, out, at),
    writeDensity: (t, out, at) => {
      write(s + 1, t, out, at);
      out[at] += logScale + b * t;
      out[at + 1] += 1 / b + t;
      out[at + 2] += 1 / s;
      out[at + 4] -= 1 / (b * b);
      out[at + 7] -= 1 / (s * s);
    },
    steepness,
    resolution: (t) => Math.min(Math.hypot(t - bend, off) / 8, 40 / (b * Math.max(1, s * shareAt(t)))),
    activeTime: (T, time) => {
      const from = reached.T === T && reached.time <= time ? reached : { T, time: 0, sum: 0 };
      const now = growth(T);
      // P(active at T + y | active at T) falls on this scale at first.
      const scale = Math.exp(now - b * T) / b;
      let { sum } = from;
      const end = Math.log(scale + time);
      let u = Math.log(scale + from.time);
      for (let panels = 0; u < end; panels++) {
        if (panels === 300) {
          sum = Number.NaN;
          break;
        }
        const start = Math.exp(u) - scale;
        const smooth = Math.hypot(T + start - bend, off) / (scale + start);
        const length = panelLength(u, Math.min(end - u, 1, smooth), (at) => {
          const whole = Math.exp(at);
          return whole * s * b * shareAt(T + whole - scale) + 1;
        });
        let added = 0;
        for (let i = 0; i < rule.points.length; i++) {
          const at = Math.exp(u + rule.points[i] * length);
          added += rule.weights[i] * length * at * Math.exp(-s * (growth(T + at - scale) - now));
        }
        sum += added;
        if (!(added >= 1e-15 * sum)) break;
        u += length;
      }
      reached = { T, time, sum };
      return sum;
    },
  };
}

/** Near Pareto/NBD, and with the rate of stopping growing slowly and fast over the time watched. */
function starts(rows: WeightedRows): number[][] {
  const { rate, watched } = baseRates(rows);
  return [
    [0.5, 0.05, 0.5, 0.4],
    [1, 1, 0.5, 1],
    [1, 4, 0.2, 4],
  ].map(([r, growth, s, lives]) => [r, r / rate, growth / watched, s, growth * lives].map(Math.log));
}
