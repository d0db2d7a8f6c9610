import {
  dateColumn,
  integerColumn,
  type JsonObject,
  type Message,
  numberColumn,
  type PluginManifest,
  seededRandom,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json';
import { simulatePurchases } from './simulate.ts';

const clv = { manifest: manifest as unknown as PluginManifest, code: plugin };
const base = simulatePurchases('bg-nbd', [0.5, 5, 0.8, 2.5], 800, [20, 60], seededRandom(3));
const random = seededRandom(4);
const amounts = base.frequency.map((x) => (x > 0 ? random.gamma(6 * x, random.gamma(4, 15)) / x : Number.NaN));

function forecast(parameters: JsonObject = {}) {
  const fields = {
    customer: integerColumn(base.frequency.map((_, i) => i)),
    frequency: integerColumn(base.frequency),
    recency: numberColumn(base.recency),
    T: numberColumn(base.T),
    monetary: numberColumn(amounts),
  };
  return runAnalysis(clv, 'clv.forecast', { inputs: { summary: { fields } }, parameters });
}

const keysOf = ({ notes }: { notes: readonly { text: unknown }[] }) => notes.map(({ text }) => (text as Message).key);

describe('clv.forecast', () => {
  it('gives the time by which half of the customers who are still active will have bought again', async () => {
    const { metrics, tables } = await forecast();
    const [r, alpha] = [metrics.r.value as number, metrics.alpha.value as number];
    for (const row of recordsOf(tables.customers).slice(0, 50)) {
      const [x, T, wait] = [row.frequency as number, row.T as number, row.timeToNext as number];
      expect(((alpha + T) / (alpha + T + wait)) ** (r + x)).toBeCloseTo(0.5, 10);
      if (x > 0) expect(row.averageGap).toBeCloseTo((row.recency as number) / x, 12);
      else expect(row.averageGap).toBeNull();
    }
  });

  it('dates the next purchase from the end of the calibration', async () => {
    const day = (i: number) => 18_000 + i;
    // Thirty customers who buy every 4 to 8 days, and some of them stop.
    const customer: number[] = [];
    const time: number[] = [];
    for (let i = 0; i < 30; i++) {
      for (let at = i % 7; at < (i % 3 === 0 ? 40 : 119); at += 4 + (i % 5)) {
        customer.push(i);
        time.push(day(at));
      }
    }
    const { tables, settled } = await runAnalysis(clv, 'clv.forecast', {
      inputs: {
        transactions: {
          fields: {
            customer: integerColumn(customer),
            time: dateColumn(time),
            amount: numberColumn(time.map((at, i) => 10 + ((at * 7 + i) % 13))),
          },
        },
      },
      parameters: { unit: 'day' },
    });
    const end = Date.parse(settled?.calibrationEnd as string) / 86_400_000;
    for (const row of recordsOf(tables.customers)) {
      const next = Date.parse(row.nextPurchase as string) / 86_400_000;
      expect(next).toBe(end + Math.ceil(row.timeToNext as number));
    }
  });

  it('draws intervals of customers that come close to those of the delta method', async () => {
    const drawn = await forecast({ draws: 2000 });
    const delta = await forecast({ draws: 0 });
    expect(keysOf(drawn)).toContain('note.intervals.drawn');
    expect(keysOf(delta)).toContain('note.intervals.delta');
    const byDelta = recordsOf(delta.tables.customers);
    recordsOf(drawn.tables.customers).forEach((row, i) => {
      for (const [low, high] of [
        ['expectedTransactionsLow', 'expectedTransactionsHigh'],
        ['clvLow', 'clvHigh'],
      ]) {
        const width = Math.log((byDelta[i][high] as number) / (byDelta[i][low] as number));
        for (const end of [low, high]) {
          expect(Math.abs(Math.log((row[end] as number) / (byDelta[i][end] as number)))).toBeLessThan(0.15 * width);
        }
      }
    });
  });

  it('fits the other models beside it where they are to be compared, the best first', async () => {
    const { tables, metrics, notes } = await forecast({ compare: true, model: 'pareto-nbd', draws: 0 });
    const models = recordsOf(tables.models);
    expect(new Set(models.map(({ model }) => model))).toEqual(
      new Set(['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'ggompertz-nbd']),
    );
    const own = models.find(({ model }) => model === 'pareto-nbd');
    expect(own?.logLikelihood).toBe(metrics.logLikelihood.value);
    expect(own?.aic).toBeCloseTo(8 - 2 * (metrics.logLikelihood.value as number), 9);
    expect(models.map(({ behind }) => behind)).toEqual(
      models.map(({ behind }) => behind as number).sort((a, b) => a - b),
    );
    expect(models.reduce((sum, { weight }) => sum + (weight as number), 0)).toBeCloseTo(1, 12);
    // The customers were drawn from BG/NBD.
    expect(models[0].model).toBe('bg-nbd');
    expect(keysOf({ notes }).some((key) => key.startsWith('note.models.'))).toBe(true);
  });

  it('tells what a new customer will bring, without the first purchase', async () => {
    const { metrics } = await forecast({ horizon: 26, discountRate: 0, margin: 0.5 });
    const [p, q, v] = ['p', 'q', 'v'].map((name) => metrics[name].value as number);
    const repeats = metrics.newcomerTransactions.value as number;
    expect(metrics.newcomerClv.value).toBeCloseTo((repeats * 0.5 * p * v) / (q - 1), 9);
    const [low, high] = metrics.newcomerTransactions.interval as [number, number];
    expect(low).toBeLessThan(repeats);
    expect(high).toBeGreaterThan(repeats);
  });
});
