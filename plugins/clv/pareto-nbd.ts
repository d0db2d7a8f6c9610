import type { Lifetime } from './lifetime.ts';
import { baseRates, type PurchaseModel } from './purchase-model.ts';
import { stoppingTimeModel } from './stopping-time.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * Pareto/NBD: purchases come as a Poisson process with rate λ ~ Gamma(r, α); a customer stops after an exponential time
 * with rate μ ~ Gamma(s, β), so that lifetimes are of the Pareto distribution. (Schmittlein, Morrison & Colombo 1987,
 * "Counting your customers".)
 */
export const paretoNbd: PurchaseModel = stoppingTimeModel(
  'pareto-nbd',
  ['r', 'alpha', 's', 'beta'],
  [0, 1, 0, 1],
  ([, , s, beta]) => paretoLifetime(s, beta),
  starts,
);

function paretoLifetime(s: number, beta: number): Lifetime {
  const logS = Math.log(s);
  const logBeta = Math.log(beta);
  /** The logarithm of P(lifetime > t) and its derivatives, with the power s or s + 1 on β + t. */
  const write = (power: number, t: number, out: Float64Array, at: number): void => {
    const log = Math.log(beta + t);
    const inverse = 1 / (beta + t);
    out[at] = s * logBeta - power * log;
    out[at + 1] = logBeta - log;
    out[at + 2] = s / beta - power * inverse;
    out[at + 3] = 0;
    out[at + 4] = 1 / beta - inverse;
    out[at + 5] = power * inverse * inverse - s / (beta * beta);
  };
  return {
    scale: beta,
    writeSurvival: (t, out, at) => write(s, t, out, at),
    writeDensity: (t, out, at) => {
      write(s + 1, t, out, at);
      out[at] += logS;
      out[at + 1] += 1 / s;
      out[at + 3] -= 1 / (s * s);
    },
    steepness: (t) => (s + 1) / (beta + t),
    activeTime: (T, time) => {
      const log = Math.log1p(time / (beta + T));
      return s === 1 ? (beta + T) * log : ((beta + T) * -Math.expm1(-(s - 1) * log)) / (s - 1);
    },
  };
}

/** Heterogeneous, near-Poisson and quick-to-stop bases, each at the mean rate and the mean time of the data. */
function starts(rows: WeightedRows): number[][] {
  const { rate, watched } = baseRates(rows);
  return [
    [0.5, 0.5, 0.4],
    [1, 1, 2],
    [3, 1, 0.5],
  ].map(([r, s, lives]) => [r, r / rate, s, s * lives * watched].map(Math.log));
}
