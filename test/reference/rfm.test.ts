import { existsSync } from 'node:fs';
import type { JsonObject, PluginManifest } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { plugin } from '../../plugins/rfm/index.ts';
import manifest from '../../plugins/rfm/plugin.json' with { type: 'json' };
import { ONLINE_RETAIL, type OnlineRetail, onlineRetail } from './online-retail.ts';

const present = existsSync(ONLINE_RETAIL);
if (!present) console.warn(`Skipped: the RFM numbers need ${ONLINE_RETAIL}, which is absent.`);

/**
 * Published in two public notebooks and recomputed in R: quintiles, recency to 2011-12-11, frequency ranked with ties by
 * customer. [customers, mean recency, mean frequency, mean monetary value]
 */
const PUBLISHED: Record<string, readonly [number, number, number, number]> = {
  champions: [633, 6.361769, 12.413902, 6857.935482],
  loyal_customers: [819, 33.608059, 6.479853, 2864.247791],
  potential_loyalists: [484, 17.39876, 2.010331, 1041.222004],
  new_customers: [42, 7.428571, 1, 388.212857],
  promising: [94, 23.510638, 1, 294.007979],
  need_attention: [187, 52.427807, 2.326203, 897.627861],
  about_to_sleep: [352, 53.3125, 1.161932, 471.994375],
  at_risk: [593, 153.785835, 2.876897, 1084.535297],
  cant_loose: [63, 132.968254, 8.380952, 2796.155873],
  hibernating: [1071, 217.605042, 1.101774, 488.643307],
};

describe.skipIf(!present)('RFM of Online Retail', () => {
  let data: OnlineRetail;
  beforeAll(async () => {
    data = await onlineRetail();
  });

  const run = (parameters: JsonObject) => {
    const { customer, order, time, amount } = data;
    return runAnalysis({ manifest: manifest as unknown as PluginManifest, code: plugin }, 'rfm.segments', {
      inputs: { transactions: { fields: { customer, order, time, amount } } },
      parameters,
    });
  };

  test('finds the published customers, orders, revenue, sizes and means', async () => {
    expect([data.read, data.used]).toEqual([541_909, 397_884]);
    const result = await run({ asOf: '2011-12-11' });
    expect(result.metrics).toMatchObject({
      customers: { value: 4338 },
      orders: { value: 18_532 },
      revenue: { value: 8_911_407.904 },
    });
    const lines = recordsOf(result.tables.segments);
    expect(lines.map((line) => line.segment)).toEqual(Object.keys(PUBLISHED));
    for (const line of lines) {
      const [customers, recency, frequency, monetary] = PUBLISHED[line.segment as string];
      expect(line.customers).toBe(customers);
      expect(line.meanRecency).toBeCloseTo(recency, 6);
      expect(line.meanFrequency).toBeCloseTo(frequency, 6);
      expect(Math.abs(Number(line.meanMonetary) - monetary)).toBeLessThan(1.0001e-6);
    }
  });

  test('finds the published scores and customers', async () => {
    const result = await run({ asOf: '2011-12-11' });
    const sizes = (measure: string): unknown[] =>
      recordsOf(result.tables.scores)
        .filter((line) => line.measure === measure)
        .map((line) => line.customers);
    // From score 5 to score 1.
    expect(sizes('recency')).toEqual([868, 880, 863, 866, 861]);
    expect(sizes('frequency')).toEqual([868, 867, 868, 867, 868]);
    const lines = new Map(recordsOf(result.tables.customers).map((line) => [String(line.customer), line]));
    const facts = (customer: string): unknown[] => {
      const line = lines.get(customer);
      return [line?.recency, line?.frequency, line?.monetary];
    };
    expect(facts('12346')).toEqual([326, 1, 77183.6]);
    expect(facts('12347')).toEqual([3, 7, 4310]);
    expect(facts('12348')).toEqual([76, 4, 1797.24]);
    expect(facts('12349')).toEqual([19, 1, 1757.55]);
    expect(facts('12350')).toEqual([311, 1, 334.4]);
  });

  test('finds the sizes of the other convention, the last time plus one day', async () => {
    const result = await run({ snapshot: 'last-time' });
    expect(result.settled?.asOf).toBe('2011-12-10');
    const sizes = Object.fromEntries(recordsOf(result.tables.segments).map((line) => [line.segment, line.customers]));
    expect(sizes).toEqual({
      about_to_sleep: 351,
      at_risk: 580,
      cant_loose: 63,
      champions: 633,
      hibernating: 1065,
      loyal_customers: 827,
      need_attention: 186,
      new_customers: 42,
      potential_loyalists: 492,
      promising: 99,
    });
  });

  test('puts every customer into one segment in every scheme, and adds the same revenue', async () => {
    const schemes: JsonObject[] = [
      { scheme: 'segments11' },
      { scheme: 'zh8' },
      { scheme: 'zh8', threshold: 'median', thresholdOf: 'scores' },
      { bins: 3 },
      { bins: 10, frequencyTies: 'average' },
      { cut: 'jenks', bins: 4 },
      { cutPoints: { recency: [30, 90, 180, 365], frequency: [1, 2, 4, 10], monetary: [100, 500, 1000, 5000] } },
    ];
    for (const parameters of schemes) {
      const lines = recordsOf((await run(parameters)).tables.segments);
      expect(lines.reduce((sum, line) => sum + Number(line.customers), 0)).toBe(4338);
      expect(lines.reduce((sum, line) => sum + Math.round(Number(line.revenue) * 1000), 0)).toBe(8_911_407_904);
    }
  });
});
