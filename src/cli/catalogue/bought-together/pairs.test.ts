import { stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import { independence } from './pairs.ts';
import manifest from './plugin.json' with { type: 'json' };

/** Each order as its products. */
const run = (baskets: readonly (readonly string[])[], parameters = {}) =>
  runAnalysis({ manifest: manifest as never, code }, 'bought-together.pairs', {
    inputs: {
      lines: {
        fields: {
          order: stringColumn(baskets.flatMap((products, i) => products.map(() => `o${i}`))),
          product: stringColumn(baskets.flat()),
        },
      },
    },
    parameters,
  });
const times = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);

describe('what is bought together', () => {
  it('has the support, confidence and lift worked out by hand', async () => {
    // 100 orders: tea in 40, cups in 30, both in 24. Confidence of cups → tea 24/30, lift 24 · 100 / (40 · 30) = 2.
    const baskets = [
      ...times(24, ['tea', 'cups', 'tea']),
      ...times(16, ['tea']),
      ...times(6, ['cups']),
      ...times(54, ['bread']),
    ];
    const { metrics, tables } = await run(baskets);
    expect(metrics.orders.value).toBe(100);
    const [pair, ...others] = recordsOf(tables.pairs);
    expect(others).toEqual([]);
    expect(pair).toMatchObject({ product: 'cups', other: 'tea', orders: 24, support: 0.24, confidence: 0.8 });
    expect(pair.lift).toBeCloseTo(2, 12);
    expect(pair.p).toBeLessThan(1e-6);
  });

  it('leaves out pairs that chance explains, and says so', async () => {
    // Half of the orders hold a, half hold b, a quarter both: just what independence gives.
    const baskets = [...times(25, ['a', 'b']), ...times(25, ['a']), ...times(25, ['b']), ...times(25, ['c'])];
    const { headline, tables } = await run(baskets);
    expect(recordsOf(tables.pairs)).toEqual([]);
    expect(headline).toEqual({ key: 'headline.none' });
  });

  it('is refused where no two products meet often enough', async () => {
    await expect(run([['a', 'b']], { minimumOrders: 2 })).rejects.toThrow('in 2 orders together');
    await expect(run([['a'], ['a']])).rejects.toThrow('fewer than two products');
  });
});

describe('the test of independence', () => {
  it('gives G² of the two-by-two table of Dunning (1993): 110, 2442, 111 and 29114 give 270.72', () => {
    // χ² with one degree of freedom: P(X > 270.72) ≈ 8.2e-61.
    const p = independence(110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29_114);
    expect(Math.log10(p)).toBeCloseTo(-60.1, 0);
    expect(independence(25, 50, 50, 100)).toBeCloseTo(1, 12);
  });
});
