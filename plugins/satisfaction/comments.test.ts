import { booleanColumn, dateColumn, numberColumn, type PluginManifest, seededRandom, stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };
import { relativeWeights } from './relative-weights.ts';
import { sentimentOf } from './sentiment.ts';
import { wordCutter } from './words.ts';

const satisfaction = { manifest: manifest as unknown as PluginManifest, code: plugin };

describe('relativeWeights', () => {
  it('are squared correlations where the predictors are not correlated', () => {
    const weights = relativeWeights(Float64Array.of(1, 0, 0, 1), [0.6, 0.3]);
    expect(weights[0]).toBeCloseTo(0.36, 12);
    expect(weights[1]).toBeCloseTo(0.09, 12);
  });

  it('add up to R² and are shared evenly by twins', () => {
    // r = 0.5 with each of two predictors correlated 0.6: R² = 2 · 0.25 · (1 − 0.6) / (1 − 0.36) = 0.3125.
    const weights = relativeWeights(Float64Array.of(1, 0.6, 0.6, 1), [0.5, 0.5]);
    expect(weights[0] + weights[1]).toBeCloseTo(0.3125, 12);
    expect(weights[0]).toBeCloseTo(weights[1], 12);
  });
});

describe('satisfaction.drivers', () => {
  const random = seededRandom(3);
  const n = 800;
  const service = Float64Array.from({ length: n }, () => 1 + random.integer(5));
  const price = Float64Array.from({ length: n }, () => 1 + random.integer(5));
  const colour = Float64Array.from({ length: n }, () => 1 + random.integer(5));
  const score = service.map((value, i) =>
    Math.round(Math.min(10, Math.max(0, 1.2 * value + 0.5 * price[i] + random.normal()))),
  );
  const run = (attributes: string[]) =>
    runAnalysis(satisfaction, 'satisfaction.drivers', {
      inputs: {
        responses: {
          fields: { score: numberColumn(score) },
          properties: {
            service: numberColumn(service),
            price: numberColumn(price),
            colour: numberColumn(colour),
            name: stringColumn(Array.from({ length: n }, () => 'x')),
          },
        },
      },
      parameters: { attributes },
    });

  it('ranks what was made to matter and gives no weight to what was not', async () => {
    const { tables, metrics } = await run(['colour', 'price', 'service']);
    const rows = recordsOf(tables.drivers);
    expect(rows.map((row) => row.attribute)).toEqual(['service', 'price', 'colour']);
    expect(rows.map((row) => row.significant)).toEqual([true, true, false]);
    expect(rows[2].importance).toBe(0);
    expect(Number(rows[0].importance) + Number(rows[1].importance)).toBeGreaterThan(0.99);
    // Variances 1.2² · 2 and 0.5² · 2 of about 4.38 in all (noise 1, rounding 1/12).
    expect(Number(metrics.rSquared.value)).toBeGreaterThan(0.7);
    expect(Number(rows[0].importanceLow)).toBeLessThan(Number(rows[0].importance));
  });

  it('refuses text and too few attributes in plain words', async () => {
    await expect(run(['service', 'name'])).rejects.toThrow("Attribute 'name' is no column of numbers");
    await expect(run(['service'])).rejects.toThrow('Choose at least two columns');
  });
});

describe('sentiment', () => {
  const cut = wordCutter();
  it.each([
    ['The delivery was fast and the staff friendly', 1],
    ['Slow delivery, broken box', -1],
    ['not good', -1],
    ['物流很快，客服态度热情', 1],
    ['质量太差，非常失望', -1],
    ['不满意', -1],
    ['The parcel came on Monday', undefined],
  ])('of "%s" is %s', (text, mood) => {
    expect(sentimentOf(cut(text))).toBe(mood);
  });
});

describe('satisfaction.topics', () => {
  it('finds topics in both languages with their leave-one-out impact', async () => {
    const comments = [
      ...Array.from({ length: 10 }, () => 'Delivery was late again'),
      ...Array.from({ length: 10 }, () => 'Friendly staff, I love it'),
      ...Array.from({ length: 10 }, () => '物流太慢了'),
      ...Array.from({ length: 10 }, () => null),
    ];
    const scores = comments.map((_, i) => (i < 10 ? 2 : i < 20 ? 10 : i < 30 ? 5 : 8));
    const { tables, metrics } = await runAnalysis(satisfaction, 'satisfaction.topics', {
      inputs: { responses: { fields: { score: numberColumn(scores), comment: stringColumn(comments) } } },
    });
    const rows = recordsOf(tables.topics);
    const delivery = rows.find((row) => String(row.topic).includes('delivery'));
    expect(metrics.comments.value).toBe(30);
    // NPS of all is (10 − 20) / 40 = −25; without the ten it is (10 − 10) / 30 = 0.
    expect(delivery).toMatchObject({ mentions: 10, nps: -100, impact: -25, sentiment: -1 });
    expect(rows.some((row) => String(row.topic).includes('物流'))).toBe(true);
  });

  it("takes the user's own topics", async () => {
    const { tables } = await runAnalysis(satisfaction, 'satisfaction.topics', {
      inputs: {
        responses: {
          fields: {
            score: numberColumn([1, 9, 9]),
            comment: stringColumn(['late parcel', 'nice', 'the courier called']),
          },
        },
      },
      parameters: { topics: [{ name: 'Delivery', words: ['parcel', 'courier'] }] },
    });
    expect(recordsOf(tables.topics)).toMatchObject([{ topic: 'Delivery', mentions: 2 }]);
  });
});

describe('satisfaction.follow-up', () => {
  it('lists the latest unhappy answers, lowest score and highest value first, with a day to call by', async () => {
    const { tables, metrics } = await runAnalysis(satisfaction, 'satisfaction.follow-up', {
      inputs: {
        responses: {
          fields: {
            customer: stringColumn(['a', 'b', 'a', 'c', 'd']),
            score: numberColumn([0, 3, 10, 3, 6]),
            time: dateColumn(Int32Array.of(19_723, 19_724, 19_725, 19_726, 19_727)),
            value: numberColumn([5, 10, 5, 99, 1]),
          },
        },
      },
    });
    expect(metrics.toCall.value).toBe(3);
    expect(recordsOf(tables.tasks)).toMatchObject([
      { priority: 1, customer: 'c', score: 3, value: 99, due: '2024-01-06', status: 'open', owner: null },
      { priority: 2, customer: 'b', score: 3, due: '2024-01-04' },
      { priority: 3, customer: 'd', score: 6 },
    ]);
  });
});

describe('satisfaction.outcome', () => {
  it('gives value and churn of each class and tests whether churn differs', async () => {
    const scores = [...new Array<number>(50).fill(10), ...new Array<number>(50).fill(2)];
    const { tables, metrics } = await runAnalysis(satisfaction, 'satisfaction.outcome', {
      inputs: {
        responses: {
          fields: {
            customer: stringColumn(scores.map((_, i) => `c${i}`)),
            score: numberColumn(scores),
            value: numberColumn(scores.map((score) => score * 10)),
            churned: booleanColumn(scores.map((_, i) => i < 5 || i >= 80)),
          },
        },
      },
    });
    expect(recordsOf(tables.classes)).toMatchObject([
      { class: 'detractors', customers: 50, meanValue: 20, churnRate: 0.4 },
      { class: 'passives', customers: 0, meanValue: null, churnRate: null },
      { class: 'promoters', customers: 50, meanValue: 100, churnRate: 0.1 },
    ]);
    // χ² of 20/50 against 5/50: 100 (20 · 45 − 5 · 30)² / (50 · 50 · 25 · 75) = 12, one degree of freedom.
    expect(metrics.churnP.value).toBeCloseTo(0.000532, 6);
  });
});
