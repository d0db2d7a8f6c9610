import { type Lifetime, smoothLength } from './lifetime.ts';
import { negativeBinomial } from './negative-binomial.ts';
import type { PurchaseModel, PurchaseModelName, PurchasePrediction } from './purchase-model.ts';
import { gaussLegendre, panelLength } from './quadrature.ts';
import { Histories } from './stopping-histories.ts';
import { triangleSize } from './triangle.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * A model in which purchases come as a Poisson process with rate λ ~ Gamma(r, α) until the customer stops, at a time of its
 * own distribution.
 *
 * The time at which the customer stopped is integrated out by quadrature rather than in closed form (Fader & Hardie 2005, "A
 * note on deriving the Pareto/NBD model", eq. 14 before the integral is solved): every term is positive, so it neither
 * overflows nor cancels, and its derivatives are integrals of the same kind.
 */
export function stoppingTimeModel(
  name: PurchaseModelName,
  parameters: readonly string[],
  timePowers: readonly number[],
  lifetimeOf: (parameters: Float64Array) => Lifetime,
  starts: (rows: WeightedRows) => number[][],
): PurchaseModel {
  const historiesOf = (at: ArrayLike<number>, second: boolean): Histories => {
    const values = Float64Array.from(at);
    return new Histories(values, lifetimeOf(values), second);
  };
  return {
    name,
    parameters,
    timePowers,
    logLikelihood: (at, frequency, recency, T) => historiesOf(at, false).logLikelihood(frequency, recency, T),
    sums: (part, at, second) => historiesOf(at, second).sums(part),
    alive: (part, at, alive, slopes) => historiesOf(at, false).alive(part, alive, slopes),
    starts,
    predict: (at) => predict(historiesOf(at, false)),
  };
}

const walkRule = gaussLegendre(16);

function predict(histories: Histories): PurchasePrediction {
  const { parameters, lifetime, pace } = histories;
  const [r, alpha] = parameters;
  return {
    pace,
    alike: true,
    pAlive: (x, recency, T) => histories.pAlive(x, recency, T),
    // Fader & Hardie 2005, eq. 22, without P(alive).
    activeTime: (_, T, time) => lifetime.activeTime(T, time),
    expectedWhileAlive: (x, T, time) => ((r + x) / (alpha + T)) * lifetime.activeTime(T, time),
    // Schmittlein et al. 1987, eq. 17.
    expected: (time) => (r / alpha) * lifetime.activeTime(0, time),
    distribution: (highest, time) => distribution(histories, highest, time),
  };
}

/** The probabilities of 0 … `highest` repeats of a new customer within `time`. (Fader & Hardie 2005, eq. 16, over the time of stopping.) */
function distribution({ parameters, lifetime, pace }: Histories, highest: number, time: number): Float64Array {
  const [r, alpha] = parameters;
  const own = new Float64Array(parameters.length - 1 + triangleSize(parameters.length - 2));
  lifetime.writeSurvival(time, own, 0);
  const active = Math.exp(own[0]);
  const result = negativeBinomial(r, time / alpha, highest).map((value) => value * active);
  const end = Math.log(pace + time);
  let stopped = 0;
  for (let u = Math.log(pace), panels = 0; u < end && panels < 2000; panels++) {
    const before = stopped;
    const length = panelLength(u, smoothLength(lifetime, pace, u, Math.min(end - u, 1)), (at) => {
      const t = Math.exp(at) - pace;
      return (pace + t) * lifetime.steepness(t) + 1 + highest / 2;
    });
    for (let i = 0; i < walkRule.points.length; i++) {
      const at = Math.exp(u + walkRule.points[i] * length);
      lifetime.writeDensity(at - pace, own, 0);
      const density = walkRule.weights[i] * length * at * Math.exp(own[0]);
      stopped += density;
      const counts = negativeBinomial(r, (at - pace) / alpha, highest);
      for (let x = 0; x <= highest; x++) result[x] += density * counts[x];
    }
    // All who stop have stopped.
    if (!(stopped - before >= 1e-16 * stopped)) break;
    u += length;
  }
  return result;
}
