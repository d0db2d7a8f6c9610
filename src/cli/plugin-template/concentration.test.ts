import { numberColumn, stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const run = (customer: string[], amount: number[], parameters = {}) =>
  runAnalysis({ manifest: manifest as never, code }, 'my-model.concentration', {
    inputs: { transactions: { fields: { customer: stringColumn(customer), amount: numberColumn(amount) } } },
    parameters,
  });

it('finds no concentration where all customers bring the same', async () => {
  const { metrics } = await run(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'], [1, 2, 3, 4, 4, 3, 2, 1]);
  expect(metrics.gini.value).toBeCloseTo(0, 12);
  expect(metrics.customers.value).toBe(4);
});

it('gives the Gini coefficient and the share of the top worked out by hand', async () => {
  // 1, 2, 7 in ascending order: 2 · (1 + 4 + 21) / (3 · 10) − 4 / 3 = 0.4; the top third brings 7 of 10.
  const { metrics, tables } = await run(['a', 'b', 'c'], [1, 7, 2], { top: 0.33 });
  expect(metrics.gini.value).toBeCloseTo(0.4, 12);
  expect(metrics.topShare.value).toBeCloseTo(0.7, 12);
  expect(recordsOf(tables.deciles)).toHaveLength(10);
});

it('says so where there is no revenue', async () => {
  await expect(run(['a'], [0])).rejects.toThrow('No customer has revenue.');
});
