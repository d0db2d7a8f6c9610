import { type Random, seededRandom, spells } from '@patron/sdk';
import { threadsOf } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { fitCox } from './cox.ts';
import { coxData } from './cox-data.ts';
import { lastIndexAt, survivalBound, survivalTime } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';
import { fitLogistic } from './logistic.ts';
import { survivalCurve } from './survival-curve.ts';
import { fitWeibull } from './weibull.ts';

const SIMULATIONS = 100;
const alone = threadsOf({});
const go = async (): Promise<void> => undefined;

/** Weibull lifetimes (shape 1.5) with hazard ratio exp(b · x), censored uniformly, in whole days where `days`. */
function lifetimes(random: Random, rows: number, b: readonly number[], days: boolean) {
  const columns = b.map((_, c) =>
    Float64Array.from({ length: rows }, () => (c === 0 ? (random.uniform() < 0.4 ? 1 : 0) : random.normal())),
  );
  const times = new Float64Array(rows);
  const ended = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const score = b.reduce((sum, slope, c) => sum + slope * columns[c][i], 0);
    const life = 100 * (random.exponential(1) * Math.exp(-score)) ** (1 / 1.5);
    const seen = random.uniform() * 250;
    ended[i] = life <= seen ? 1 : 0;
    times[i] = days ? Math.floor(Math.min(life, seen)) + 1 : Math.min(life, seen);
  }
  return { columns, times, ended };
}

describe('parameter recovery over 100 seeded simulations', () => {
  it("Cox's regression finds the hazard ratios within three standard errors, with intervals of nominal coverage", async () => {
    const truth = [0.7, -0.4, 0];
    let recovered = 0;
    let covered = 0;
    for (let s = 0; s < SIMULATIONS; s++) {
      const { columns, times, ended } = lifetimes(seededRandom(1000 + s), 400, truth, false);
      const fit = await fitCox(await coxData(alone, times, ended, columns), 'efron', go);
      const misses = truth.map((b, c) => Math.abs(fit.coefficients[c] - b) / fit.standardErrors[c]);
      if (misses.every((miss) => miss < 3)) recovered++;
      covered += misses.filter((miss) => miss < 1.959964).length;
    }
    expect(recovered).toBeGreaterThanOrEqual(95);
    expect(covered / (3 * SIMULATIONS)).toBeGreaterThan(0.9);
    expect(covered / (3 * SIMULATIONS)).toBeLessThan(0.98);
  });

  it('the Weibull model finds shape and shifts', async () => {
    let recovered = 0;
    for (let s = 0; s < SIMULATIONS; s++) {
      const { columns, times, ended } = lifetimes(seededRandom(2000 + s), 400, [0.7, -0.4], false);
      const fit = await fitWeibull(times, ended, columns, go);
      // A hazard ratio exp(b) of the Weibull is a shift of −b / shape of the logarithm of time.
      const misses = [0.7, -0.4].map((b, c) => Math.abs(fit.coefficients[c] + b / 1.5) / fit.standardErrors[c]);
      misses.push(Math.abs(Math.log(fit.shape / 1.5)) / fit.logShapeError);
      if (misses.every((miss) => miss < 3)) recovered++;
    }
    expect(recovered).toBeGreaterThanOrEqual(95);
  });

  it('logistic regression finds the coefficients', async () => {
    const truth = [-1, 0.8, -0.5, 0];
    let recovered = 0;
    let covered = 0;
    for (let s = 0; s < SIMULATIONS; s++) {
      const random = seededRandom(3000 + s);
      const columns = Array.from({ length: 3 }, () => Float64Array.from({ length: 800 }, () => random.normal()));
      const outcome = Uint8Array.from({ length: 800 }, (_, i) => {
        const score = truth[0] + columns.reduce((sum, column, c) => sum + truth[c + 1] * column[i], 0);
        return random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
      });
      const fit = await fitLogistic(alone, columns, outcome);
      const estimates = [fit.intercept, ...fit.coefficients];
      const errors = [fit.interceptError, ...fit.standardErrors];
      const misses = truth.map((b, c) => Math.abs(estimates[c] - b) / errors[c]);
      if (misses.every((miss) => miss < 3)) recovered++;
      covered += misses.filter((miss) => miss < 1.959964).length;
    }
    expect(recovered).toBeGreaterThanOrEqual(95);
    expect(covered / (4 * SIMULATIONS)).toBeGreaterThan(0.9);
    expect(covered / (4 * SIMULATIONS)).toBeLessThan(0.98);
  });
});

describe('interval coverage of the Kaplan–Meier estimate', () => {
  const simulations = 400;
  const curves = Array.from({ length: simulations }, (_, s) => {
    const { times, ended } = lifetimes(seededRandom(4000 + s), 150, [], false);
    const [counts] = spells({ type: 'number', length: times.length, values: times, scale: 1 }, ended).groups;
    return counts;
  });
  const estimates = Promise.all(curves.map((counts) => survivalCurve(alone, counts)));

  it('is 90 to 98 % for the survival at three times', async () => {
    for (const time of [30, 80, 140]) {
      const truth = Math.exp(-((time / 100) ** 1.5));
      const hits = (await estimates).filter((curve) => {
        const choice = { confidence: 0.95, interval: 'log-log' } as const;
        const index = lastIndexAt(curve.times, time);
        return survivalBound(curve, choice, -1)(index) <= truth && truth <= survivalBound(curve, choice, 1)(index);
      }).length;
      expect(hits / simulations).toBeGreaterThan(0.9);
      expect(hits / simulations).toBeLessThan(0.98);
    }
  });

  it('is 90 to 98 % for the median, by either interval', async () => {
    const truth = 100 * Math.LN2 ** (1 / 1.5);
    for (const interval of ['log', 'log-log'] as const) {
      const hits = (await estimates).filter((curve) => {
        const { low, high } = survivalTime(curve, { confidence: 0.95, interval });
        return low <= truth && truth <= high;
      }).length;
      expect(hits / simulations).toBeGreaterThan(0.9);
      expect(hits / simulations).toBeLessThan(0.98);
    }
  });

  it('the log-rank test rejects alike groups about one time in twenty', () => {
    const rejected = curves.filter((counts, s) => {
      const test = logRank([counts, curves[(s + 1) % simulations]]);
      return test !== undefined && test.pValue < 0.05;
    }).length;
    expect(rejected / simulations).toBeGreaterThan(0.02);
    expect(rejected / simulations).toBeLessThan(0.08);
  });
});
