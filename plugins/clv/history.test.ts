import { dateColumn, numberColumn, type PluginManifest, stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json';

const clv = { manifest: manifest as unknown as PluginManifest, code: plugin };

describe('clv.history', () => {
  it('sums what customers brought and cost, worked out by hand', async () => {
    const result = await runAnalysis(clv, 'clv.history', {
      inputs: {
        transactions: {
          fields: {
            customer: stringColumn(['a', 'a', 'b', 'c']),
            time: dateColumn(
              ['2020-01-10', '2020-02-10', '2020-01-20', '2020-02-01'].map((day) => Date.parse(day) / 86_400_000),
            ),
            amount: numberColumn([100, 60, 30, 10]),
          },
        },
      },
      parameters: { margin: 0.5, acquisitionCost: 20, serviceCost: 5, model: 'none', lifetime: 10, unit: 'month' },
    });
    const value = (name: string) => result.metrics[name].value;
    expect(value('revenue')).toBe(200);
    expect(value('orders')).toBe(4);
    expect(value('grossProfit')).toBe(100);
    expect(value('serviceCost')).toBe(20);
    expect(value('acquisitionCost')).toBe(60);
    // (100 − 80) / 80.
    expect(value('roi')).toBeCloseTo(0.25, 12);
    expect(value('averageOrderValue')).toBe(50);
    expect(value('historicClv')).toBeCloseTo(80 / 3, 12);
    expect(value('ltvToCac')).toBeCloseTo(80 / 3 / 20, 12);
    // In the first month: (100/2 − 5 + 30/2 − 5 + 10/2 − 5) / 3 = 55 / 3 < 20; a month on, for a and b: + 25 / 2.
    expect(value('payback')).toBe(1);
    // Orders over days watched: a 32, b 22, c 10 to 2020-02-10, in months.
    const frequency = 4 / (64 / 30.4375);
    expect(value('purchaseFrequency')).toBeCloseTo(frequency, 12);
    expect(value('simpleClv')).toBeCloseTo(50 * frequency * 10 * 0.5, 9);
  });

  it('tells return and payback of each channel at its own cost of acquisition, and of each cohort', async () => {
    const result = await runAnalysis(clv, 'clv.history', {
      inputs: {
        transactions: {
          fields: {
            customer: stringColumn(['a', 'a', 'b', 'c']),
            time: dateColumn(
              ['2020-01-10', '2020-02-10', '2020-01-20', '2020-02-01'].map((day) => Date.parse(day) / 86_400_000),
            ),
            amount: numberColumn([100, 60, 30, 10]),
            channel: stringColumn(['ads', 'shop', 'ads', 'shop']),
          },
        },
      },
      parameters: {
        margin: 0.5,
        acquisitionCost: 20,
        serviceCost: 5,
        channelCosts: { ads: 30 },
        model: 'none',
        unit: 'month',
      },
    });
    expect(result.metrics.acquisitionCost.value).toBe(80);
    const [ads, shop] = recordsOf(result.tables.channels);
    // Two customers brought 190 × 0.5 − 3 × 5 = 80 and cost 60; (95 − 60 − 15) / 75.
    expect(ads).toMatchObject({ channel: 'ads', customers: 2, acquisitionCost: 30, valuePerCustomer: 40 });
    expect(ads.ltvToCac).toBeCloseTo(80 / 60, 12);
    expect(ads.roi).toBeCloseTo(20 / 75, 12);
    // (45 + 10) / 2 = 27.5 in the first month, 40 by the second.
    expect(ads.payback).toBe(1);
    expect(shop).toMatchObject({
      channel: 'shop',
      customers: 1,
      acquisitionCost: 20,
      valuePerCustomer: 0,
      payback: null,
    });
    expect(shop.roi).toBeCloseTo(-0.8, 12);
    const cohorts = recordsOf(result.tables.cohortReturns);
    expect(cohorts.map(({ cohort, payback }) => [cohort, payback])).toEqual([
      ['2020-01', 1],
      ['2020-02', null],
    ]);
  });

  it('refuses costs of channels that are no numbers, in plain words', async () => {
    const run = runAnalysis(clv, 'clv.history', {
      inputs: {
        transactions: {
          fields: { customer: stringColumn(['a']), time: dateColumn([18_000]), amount: numberColumn([1]) },
        },
      },
      parameters: { channelCosts: { ads: 'much' }, model: 'none' },
    });
    await expect(run).rejects.toThrow("'channelCosts' gives the cost of a customer by channel");
  });
});
