import { integerColumn, numberColumn, type PluginManifest, seededRandom } from '@patron/sdk';
import { runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json';
import { simulatePurchases } from './simulate.ts';

const clv = { manifest: manifest as unknown as PluginManifest, code: plugin };

describe('a base that is worth several threads', () => {
  const { frequency, recency, T } = simulatePurchases(
    'pareto-nbd',
    [0.553, 10.578, 0.606, 11.669],
    110_000,
    [27, 39],
    seededRandom(5),
  );
  const random = seededRandom(6);
  const fields = {
    customer: integerColumn(frequency.map((_, i) => i)),
    frequency: integerColumn(frequency),
    recency: numberColumn(recency),
    T: numberColumn(T),
    monetary: numberColumn(frequency.map((x) => (x > 0 ? random.gamma(6 * x, random.gamma(4, 15)) / x : Number.NaN))),
  };

  it.each(['bg-nbd', 'pareto-nbd'])(
    'has the same forecast by %s to the last bit on one, two and three',
    async (model) => {
      const spread: string[] = [];
      const kernels = Object.fromEntries(
        Object.entries(plugin.kernels ?? {}).map(([name, run]) => [
          name,
          (input: unknown) => {
            spread.push(name);
            return run(input);
          },
        ]),
      );
      const run = (threads: number) =>
        runAnalysis({ ...clv, code: { ...plugin, kernels } }, 'clv.forecast', {
          inputs: { summary: { fields } },
          parameters: { model, draws: 20 },
          threads,
        });
      const one = await run(1);
      expect(spread).toEqual([]);
      for (const threads of [2, 3]) {
        const several = await run(threads);
        expect(several.metrics).toEqual(one.metrics);
        several.tables.customers.columns.forEach(({ name, column }, i) => {
          const alone = one.tables.customers.columns[i].column;
          if (!('values' in column && 'values' in alone)) throw new Error(`'${name}' holds no numbers.`);
          expect(Buffer.from(column.values.buffer).equals(Buffer.from(alone.values.buffer)), name).toBe(true);
        });
      }
      expect(new Set(spread)).toEqual(new Set(['purchaseSums', 'timeCurves', 'customerValues', 'drawTotals']));
    },
  );
});
