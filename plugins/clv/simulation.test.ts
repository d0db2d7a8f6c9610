import { normalCritical, seededRandom } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { fitOpportunities } from './beta-geometric-beta-binomial.ts';
import { fitContracts } from './contract-model.ts';
import { fitSpend } from './gamma-gamma.ts';
import type { Fit } from './likelihood-fit.ts';
import { fitPurchases } from './purchase-fit.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import { simulatePurchases, simulateSpend } from './simulate.ts';
import { groupRows } from './weighted-rows.ts';

const SIMULATIONS = 100;

/**
 * Fits 100 seeded simulations. All parameters lie within three standard errors in at least 95 of them, and intervals of
 * nominal 95 % hold the truth in 90 to 98 %, over all parameters of the model.
 */
async function recover(truth: readonly number[], fitOf: (seed: number) => Promise<Fit>): Promise<void> {
  const order = truth.length;
  const reach = normalCritical(0.95);
  let recovered = 0;
  let covered = 0;
  for (let seed = 1; seed <= SIMULATIONS; seed++) {
    const { estimates, logCovariance } = await fitOf(seed);
    if (!logCovariance) continue;
    const scores = truth.map(
      (value, i) => Math.abs(Math.log(estimates[i] / value)) / Math.sqrt(logCovariance[i * order + i]),
    );
    if (scores.every((score) => score <= 3)) recovered++;
    covered += scores.filter((score) => score <= reach).length / order;
  }
  expect(recovered).toBeGreaterThanOrEqual(95);
  expect(covered / SIMULATIONS).toBeGreaterThanOrEqual(0.9);
  expect(covered / SIMULATIONS).toBeLessThanOrEqual(0.98);
}

describe('simulated customers', () => {
  it.each([
    ['bg-nbd', [0.243, 4.414, 0.793, 2.426], 3000],
    ['mbg-nbd', [0.525, 6.183, 0.891, 1.614], 3000],
    ['pareto-nbd', [0.553, 10.578, 0.606, 11.669], 1200],
    ['ggompertz-nbd', [0.9, 4, 0.08, 0.8, 8], 600],
  ] as const)('let %s recover its parameters', (model, truth, customers) => {
    return recover(truth, (seed) => {
      const base = simulatePurchases(model, truth, customers, [50, 104], seededRandom(seed));
      return fitPurchases(PURCHASE_MODELS[model], groupRows(base.frequency, base.recency, base.T));
    });
  });

  it('let Gamma-Gamma recover its parameters', () => {
    const truth = [6.25, 3.74, 15.44];
    return recover(truth, (seed) => {
      const random = seededRandom(seed);
      const frequency = Float64Array.from({ length: 1000 }, () => 1 + Math.floor(random.exponential(0.5)));
      return fitSpend(simulateSpend(truth, frequency, random));
    });
  });

  it('let BG/BB recover its parameters', () => {
    const truth = [1.2, 0.75, 0.66, 2.78];
    return recover(truth, (seed) => {
      const random = seededRandom(seed);
      const frequency = new Float64Array(2000);
      const recency = new Float64Array(2000);
      for (let i = 0; i < frequency.length; i++) {
        const p = random.beta(truth[0], truth[1]);
        const stop = random.beta(truth[2], truth[3]);
        for (let t = 1; t <= 6 && random.uniform() >= stop; t++) {
          if (random.uniform() >= p) continue;
          frequency[i]++;
          recency[i] = t;
        }
      }
      const rows = groupRows(
        frequency,
        recency,
        frequency.map(() => 6),
      );
      return fitOpportunities({ ...rows, periods: rows.T });
    });
  });

  it.each([
    ['sbg', [0.7, 1.2]],
    ['bdw', [0.5, 1.2, 1.3]],
  ] as const)('let %s recover its parameters from contracts seen for ten periods', (model, truth) => {
    return recover(truth, (seed) => {
      const random = seededRandom(seed);
      const ended = new Float64Array(11);
      const open = new Float64Array(11);
      for (let i = 0; i < 2000; i++) {
        const stay = 1 - random.beta(truth[0], truth[1]);
        const luck = 1 - random.uniform();
        let t = 1;
        while (t <= 10 && stay ** (t ** (truth[2] ?? 1)) >= luck) t++;
        if (t <= 10) ended[t]++;
        else open[10]++;
      }
      return fitContracts(model, { ended, open });
    });
  });
});
