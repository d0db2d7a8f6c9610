import { describe, expect, it } from 'vitest';
import { simulatePurchases } from '../../plugins/clv/simulate.ts';
import { integerColumn, numberColumn, seededRandom } from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';
import { clv } from './clv-data.ts';

/**
 * 600 customers drawn from each model, watched for 60 to 400 days, with times in whole days. The expected values were computed
 * apart from this code, in Python: the likelihood by scipy (Pareto/NBD by Gauss–Legendre over the time of stopping),
 * maximised by Nelder–Mead and BFGS from the true parameters; P(alive) from the likelihoods; expected purchases within 180
 * days by adaptive quadrature over the probability, or the time, of stopping.
 */
const cases = [
  {
    model: 'bg-nbd' as const,
    truth: [0.6, 40, 0.9, 2.2],
    seed: 41,
    parameters: { r: 0.552814255, alpha: 33.2812229, a: 1.01645071, b: 2.66765422 },
    logLikelihood: -6069.370092,
    customers: [
      [395, 37, 352, 354, 0.96905931, 13.97341957],
      [1, 0, 0, 343, 1, 0.24124506],
      [10, 1, 103, 359, 0.33696621, 0.21436264],
      [8, 3, 197, 340, 0.45220166, 0.66927427],
    ],
    totals: [378.079094, 472.002535],
  },
  {
    model: 'mbg-nbd' as const,
    truth: [0.7, 45, 0.8, 2.4],
    seed: 42,
    parameters: { r: 0.662597013, alpha: 44.8326249, a: 1.82807179, b: 5.7022265 },
    logLikelihood: -4667.854266,
    customers: [
      [163, 23, 360, 368, 0.90810143, 7.16029953],
      [4, 0, 0, 273, 0.46004534, 0.15741094],
      [0, 1, 4, 75, 0.45181726, 0.83269962],
      [11, 3, 102, 249, 0.27279486, 0.50165863],
    ],
    totals: [305.113455, 383.819411],
  },
  {
    model: 'pareto-nbd' as const,
    truth: [0.8, 60, 0.7, 90],
    seed: 43,
    parameters: { r: 0.78649258, alpha: 58.5662974, s: 1.28330727, beta: 187.028417 },
    logLikelihood: -5581.277336,
    customers: [
      [523, 35, 322, 333, 0.95380626, 12.922516],
      [1, 0, 0, 79, 0.5517152, 0.40339147],
      [22, 1, 2, 286, 0.05770838, 0.04361647],
      [16, 3, 25, 234, 0.02670837, 0.04927622],
    ],
    totals: [233.594729, 445.992962],
  },
];

describe.each(cases)('customers drawn from $model, in days', (expected) => {
  it('have the parameters, P(alive) and expectations that were computed elsewhere', async () => {
    const { model, truth, seed } = expected;
    const { frequency, recency, T } = simulatePurchases(model, truth, 600, [60, 400], seededRandom(seed));
    const fields = {
      customer: integerColumn(frequency.map((_, i) => i)),
      frequency: integerColumn(frequency),
      recency: numberColumn(recency.map((time, i) => (frequency[i] > 0 ? Math.max(1, Math.floor(time)) : 0))),
      T: numberColumn(T.map(Math.ceil)),
    };
    const { metrics, tables } = await runAnalysis(clv, 'clv.forecast', {
      inputs: { summary: { fields } },
      parameters: { model, unit: 'day', horizon: 180, draws: 0 },
    });
    const near = (actual: unknown, value: number, relative: number) =>
      expect(Math.abs((actual as number) / value - 1), `${actual} for ${value}`).toBeLessThan(relative);
    for (const [name, value] of Object.entries(expected.parameters)) near(metrics[name].value, value, 1e-5);
    expect(metrics.logLikelihood.value).toBeCloseTo(expected.logLikelihood, 5);
    near(metrics.activeCustomers.value, expected.totals[0], 1e-6);
    near(metrics.expectedTransactions.value, expected.totals[1], 1e-6);
    const customers = recordsOf(tables.customers);
    for (const [id, x, last, watched, alive, purchases] of expected.customers) {
      const row = customers[id];
      expect([row.frequency, row.recency, row.T]).toEqual([x, last, watched]);
      near(row.pAlive, alive, 1e-6);
      near(row.expectedTransactions, purchases, 1e-6);
    }
  });
});
