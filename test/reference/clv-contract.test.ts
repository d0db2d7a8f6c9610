import { describe, expect, it } from 'vitest';
import { type AnalysisResult, integerColumn, numberColumn } from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';
import { clv, hasData, numbersIn, readLines } from './clv-data.ts';

const FILE = 'clv/sbg_fader_hardie_2007_survivors.csv';
const HIGH_END = 1;
const REGULAR = 2;

async function fitSegment(column: number, model: string, fitPeriods: number): Promise<AnalysisResult> {
  const lines = readLines(FILE, true);
  return runAnalysis(clv, 'clv.contract', {
    inputs: {
      survivors: {
        fields: { period: integerColumn(numbersIn(lines, 0)), survivors: numberColumn(numbersIn(lines, column)) },
      },
    },
    parameters: { model, fitPeriods, horizon: 5 },
  });
}

describe.skipIf(!hasData(FILE))('contracts of Fader & Hardie (2007), 1,000 a segment', () => {
  it.each([
    ['High End', HIGH_END, 'sbg', 7, [0.668088249, 3.806094048], -1611.15814739],
    ['Regular', REGULAR, 'sbg', 7, [0.704077329, 1.182043101], -1680.26518846],
    ['High End', HIGH_END, 'sbg', 4, [1.28097662, 7.79038593], -1225.1349],
    ['Regular', REGULAR, 'sbg', 4, [0.76366504, 1.29583024], -1401.5594],
    ['High End', HIGH_END, 'bdw', 7, [0.214253345, 1.426574917, 1.723564777], -1605.3142],
    ['Regular', REGULAR, 'bdw', 7, [0.455614089, 0.779325627, 1.283451059], -1679.6028],
  ] as const)('fits %s (column %i) by %s on %i years', async (_, column, model, years, parameters, logLikelihood) => {
    const { metrics } = await fitSegment(column, model, years);
    parameters.forEach((value, i) => {
      expect((metrics[['alpha', 'beta', 'c'][i]].value as number) / value).toBeCloseTo(1, 5);
    });
    expect(metrics.logLikelihood.value).toBeCloseTo(logLikelihood, 4);
    expect(metrics.contracts.value).toBe(1000);
  });

  it.each([
    [
      'High End',
      HIGH_END,
      [46.044, 43.578, 41.417, 39.506, 37.8],
      [0.8507, 0.878, 0.8968, 0.9106, 0.9212, 0.9295, 0.9362, 0.9418],
      5.922253,
    ],
    [
      'Regular',
      REGULAR,
      [22.008, 20.441, 19.119, 17.986, 17.004],
      [0.6267, 0.756, 0.8188, 0.8559, 0.8804, 0.8978, 0.9107, 0.9208],
      3.694908,
    ],
  ] as const)('projects survival, retention and lifetime of %s', async (_, column, survival, retention, lifetime) => {
    const { metrics, tables } = await fitSegment(column, 'sbg', 7);
    const rows = recordsOf(tables.survival);
    survival.forEach((percent, i) => {
      // Worked out at parameters of nine digits and printed with three decimals: 39.50553 was printed as 39.506.
      expect(Math.abs((rows[8 + i].expected as number) * 100 - percent)).toBeLessThan(0.00051);
    });
    retention.forEach((share, i) => {
      expect(rows[1 + i].retention).toBeCloseTo(share, 4);
    });
    expect(metrics.discountedLifetime.value).toBeCloseTo(lifetime, 5);
    expect(rows[0]).toMatchObject({ period: 0, actual: 1, expected: 1 });
    for (const row of rows.slice(1)) {
      expect(row.low as number).toBeLessThan(row.expected as number);
      expect(row.high as number).toBeGreaterThan(row.expected as number);
    }
  });
});
