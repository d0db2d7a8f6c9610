import { beforeAll, describe, expect, it } from 'vitest';
import { type AnalysisResult, integerColumn } from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';
import { clv, hasData, numbersIn, readLines } from './clv-data.ts';

describe.skipIf(!hasData('clv/donations.csv'))('BG/BB on the donations of Fader, Hardie & Shang (2010)', () => {
  let result: AnalysisResult;

  beforeAll(async () => {
    const lines = readLines('clv/donations.csv', true);
    const column = (index: number) => integerColumn(numbersIn(lines, index));
    result = await runAnalysis(clv, 'clv.discrete', {
      inputs: {
        summary: { fields: { frequency: column(0), recency: column(1), periods: column(2), weight: column(3) } },
      },
      parameters: { horizon: 5 },
    });
  });

  it('fits the published parameters', () => {
    const expected = { alpha: 1.203522352, beta: 0.74971627, gamma: 0.656718171, delta: 2.783442065 };
    for (const [name, value] of Object.entries(expected)) {
      expect((result.metrics[name].value as number) / value).toBeCloseTo(1, 5);
    }
    expect(result.metrics.logLikelihood.value).toBeCloseTo(-33225.5812743, 5);
    expect(result.metrics.customers.value).toBe(11104);
  });

  it('gives the published probabilities of being active in 2002', () => {
    const rows = recordsOf(result.tables.customers);
    const alive = (x: number, recency: number) =>
      rows.find((row) => row.frequency === x && row.recency === recency)?.pAlive;
    expect(alive(0, 0)).toBeCloseTo(0.10813, 5);
    expect(alive(2, 4)).toBeCloseTo(0.58966, 5);
    expect(alive(6, 6)).toBeCloseTo(0.93043, 5);
  });

  it('expects the published donations of the next five years', () => {
    expect(result.metrics.expectedTransactions.value).toBeCloseTo(12884.157, 2);
    const [low, high] = result.metrics.expectedTransactions.interval as readonly [number, number];
    expect(low).toBeLessThan(12884);
    expect(high).toBeGreaterThan(12884);
    const rows = recordsOf(result.tables.customers);
    for (const [x, recency, expected] of [
      [0, 0, 0.07286],
      [1, 1, 0.0857],
      [1, 6, 1.14788],
      [2, 4, 1.0576],
      [6, 6, 3.75254],
    ]) {
      const row = rows.find((row) => row.frequency === x && row.recency === recency);
      expect(row?.expectedTransactions).toBeCloseTo(expected, 5);
    }
  });

  it('expects the published number of donors with no and with six repeats', () => {
    const repeats = recordsOf(result.tables.repeats);
    expect(repeats[0].expected).toBeCloseTo(3454.9, 1);
    expect(repeats[6].expected).toBeCloseTo(1253.1, 1);
  });
});
