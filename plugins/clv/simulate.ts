import type { Random } from '@patron/sdk';
import type { SpendRows } from './gamma-gamma.ts';
import type { PurchaseModelName } from './purchase-model.ts';

/** A customer base drawn from a model: repeats, time of the last one, time watched. */
export interface SimulatedBase {
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
}

/** Draws customers who buy and stop as the model says, watched for between `shortest` and `longest`. */
export function simulatePurchases(
  model: PurchaseModelName,
  parameters: readonly number[],
  customers: number,
  [shortest, longest]: readonly [number, number],
  random: Random,
): SimulatedBase {
  // GGompertz/NBD has the growth of the rate of stopping between the two of purchasing and the two of stopping.
  const [first, second] = parameters;
  const [third, fourth] = parameters.slice(-2);
  const frequency = new Float64Array(customers);
  const recency = new Float64Array(customers);
  const T = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    const rate = random.gamma(first, second);
    T[i] = shortest + (longest - shortest) * random.uniform();
    let until = T[i];
    let stop = 0;
    if (model === 'pareto-nbd') until = Math.min(until, random.exponential(random.gamma(third, fourth)));
    else if (model === 'ggompertz-nbd') {
      until = Math.min(until, Math.log1p(random.exponential(random.gamma(third, fourth))) / parameters[2]);
    } else stop = random.beta(third, fourth);
    if (model === 'mbg-nbd' && random.uniform() < stop) continue;
    for (let time = random.exponential(rate); time <= until; time += random.exponential(rate)) {
      frequency[i]++;
      recency[i] = time;
      if (stop > 0 && random.uniform() < stop) break;
    }
  }
  return { frequency, recency, T };
}

/** Draws mean amounts of customers with the given numbers of repeats. */
export function simulateSpend([p, q, v]: readonly number[], frequency: Float64Array, random: Random): SpendRows {
  return {
    frequency,
    monetary: frequency.map((x) => random.gamma(p * x, random.gamma(q, v)) / x),
    weight: new Float64Array(frequency.length).fill(1),
  };
}
