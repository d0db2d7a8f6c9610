import { beforeAll, describe, expect, it } from 'vitest';
import { bgNbd, mbgNbd } from '../../plugins/clv/beta-geometric.ts';
import { discountedTime, residualTime } from '../../plugins/clv/discounting.ts';
import { expectedSpend, fitSpend } from '../../plugins/clv/gamma-gamma.ts';
import { gammaGompertzNbd } from '../../plugins/clv/gamma-gompertz-nbd.ts';
import { paretoNbd } from '../../plugins/clv/pareto-nbd.ts';
import { fitPurchases } from '../../plugins/clv/purchase-fit.ts';
import { groupRows } from '../../plugins/clv/weighted-rows.ts';
import {
  type AnalysisResult,
  type CellValue,
  dateColumn,
  integerColumn,
  numberColumn,
  stringColumn,
} from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';
import { clv, dayIn, hasData, numbersIn, readLines } from './clv-data.ts';

/** Within 1e-3 relative. */
function near(actual: unknown, expected: number, relative = 1e-3): void {
  expect(Math.abs((actual as number) / expected - 1), `${actual} against ${expected}`).toBeLessThan(relative);
}

function metric(result: AnalysisResult, name: string): number {
  return result.metrics[name].value as number;
}

const SUMMARY = 'cdnow/cdnow_customers_summary.csv';
const LOG = 'cdnow/CDNOW_sample.txt';

describe.skipIf(!hasData(SUMMARY))('CDNOW, customer summary', () => {
  let results: Record<string, AnalysisResult>;
  let customers: Record<string, Record<string, CellValue>[]>;

  beforeAll(async () => {
    const lines = readLines(SUMMARY, true);
    const fields = {
      customer: stringColumn(lines.map(([id]) => id)),
      frequency: integerColumn(numbersIn(lines, 1)),
      recency: numberColumn(numbersIn(lines, 2)),
      T: numberColumn(numbersIn(lines, 3)),
    };
    results = {};
    customers = {};
    for (const model of ['bg-nbd', 'mbg-nbd', 'pareto-nbd']) {
      results[model] = await runAnalysis(clv, 'clv.forecast', {
        inputs: { summary: { fields } },
        parameters: { model, horizon: 39 },
      });
      customers[model] = recordsOf(results[model].tables.customers);
    }
  });

  it('counts customers and repeat purchases', () => {
    const result = results['bg-nbd'];
    expect(metric(result, 'customers')).toBe(2357);
    expect(metric(result, 'returningCustomers')).toBe(946);
    expect(metric(result, 'repeatTransactions')).toBe(2457);
  });

  it.each([
    ['bg-nbd', { r: 0.242592881, alpha: 4.413531107, a: 0.792886091, b: 2.425753085 }, -9582.42556057],
    ['mbg-nbd', { r: 0.524837956, alpha: 6.182990986, a: 0.891356175, b: 1.613999247 }, -9582.1326849],
    ['pareto-nbd', { r: 0.553275507, alpha: 10.577612833, s: 0.606213544, beta: 11.667911545 }, -9594.97392983],
  ])('fits %s to the published parameters and log-likelihood', (model, parameters, logLikelihood) => {
    for (const [name, value] of Object.entries(parameters)) near(metric(results[model], name), value, 1e-4);
    expect(metric(results[model], 'logLikelihood')).toBeCloseTo(logLikelihood, 5);
  });

  it('fits GGompertz/NBD to the published log-likelihood and says that it runs to the edge', async () => {
    const lines = readLines(SUMMARY, true);
    const fit = await fitPurchases(
      gammaGompertzNbd,
      groupRows(numbersIn(lines, 1), numbersIn(lines, 2), numbersIn(lines, 3)),
    );
    // Published 0.553, 10.578, 0.0002, 0.603, 0.0026 at -9594.98: on the ridge to Pareto/NBD, b towards 0.
    const [r, alpha, b, s, beta] = fit.estimates;
    near(r, 0.553);
    near(alpha, 10.578);
    near(s, 0.603, 0.01);
    near(beta / b, 11.67, 0.01);
    expect(Math.abs(fit.logLikelihood + 9594.98)).toBeLessThan(0.01);
    expect(fit.verdict).not.toBe('converged');
  });

  it('gives the published standard errors', () => {
    const errors = recordsOf(results['bg-nbd'].tables.parameters).map(({ standardError }) => standardError);
    [0.0125573, 0.3782213, 0.1857191, 0.7053455].forEach((value, i) => {
      near(errors[i], value, 1e-5);
    });
    const pareto = recordsOf(results['pareto-nbd'].tables.parameters).map(({ standardError }) => standardError);
    // CLVTools, from the raw log, whose fourth digit differs.
    [0.0476264, 0.8427222, 0.1872594, 6.2105448].forEach((value, i) => {
      near(pareto[i], value, 1e-3);
    });
  });

  it.each([
    ['bg-nbd', 1917.276, 1653.42],
    ['mbg-nbd', 1057.638, 1576.74],
    ['pareto-nbd', 1051.879, 1665.53],
  ])('sums P(alive) and 39-week expectations with %s', (model, alive, expected) => {
    near(metric(results[model], 'activeCustomers'), alive, 1e-5);
    near(metric(results[model], 'expectedTransactions'), expected, 1e-5);
  });

  it.each([
    [1, 0.72660915, 1.22591044, 0.70612624, 1.26267077, 0.86911872, 1.45511296],
    [2, 0.21222739, 0.20325063, 0.1708196, 0.18878923, 0.167872, 0.17098053],
    [3, 1, 0.19478083, 0.38971629, 0.15395364, 0.29509718, 0.1070598],
    [6, 0.64180061, 3.3372395, 0.62263874, 3.16680543, 0.74941641, 3.71174771],
    [157, 0.96913359, 20.05366496, 0.96584321, 18.95005726, 0.99612459, 19.59475693],
    [1516, 0.96891971, 20.75057011, 0.96555287, 19.44803689, 0.99791794, 20.11586708],
  ])('predicts customer %i with all three models', (id, ...expected) => {
    ['bg-nbd', 'mbg-nbd', 'pareto-nbd'].forEach((model, k) => {
      const row = customers[model][id - 1];
      expect(row.customer).toBe(String(id));
      near(row.pAlive, expected[2 * k], 1e-5);
      near(row.expectedTransactions, expected[2 * k + 1], 1e-5);
    });
  });

  it("gives lifetimes' one-week forecasts", async () => {
    const prediction = bgNbd.predict(
      recordsOf(results['bg-nbd'].tables.parameters).map(({ estimate }) => estimate as number),
    );
    const lines = readLines(SUMMARY, true);
    for (const [id, expected] of [
      [509, 0.424877],
      [841, 0.474738],
      [1981, 0.486526],
      [157, 0.662396],
      [1516, 0.710623],
    ]) {
      const [, x, recency, T] = lines[id - 1].map(Number);
      near(prediction.pAlive(x, recency, T) * prediction.expectedWhileAlive(x, T, 1), expected, 5e-6);
    }
  });
});

describe.skipIf(!hasData(LOG))('CDNOW, raw log with the calibration to 1997-09-30', () => {
  let bg: AnalysisResult;
  let pareto: AnalysisResult;
  let monetary: Map<string, { frequency: number; monetary: number | null; spend: number; clv: number }>;

  beforeAll(async () => {
    const lines = readLines(LOG, false);
    const fields = {
      customer: stringColumn(lines.map((line) => line[1])),
      time: dateColumn(Float64Array.from(lines, (line) => dayIn(line[2]))),
      amount: numberColumn(numbersIn(lines, 4)),
    };
    const run = (model: string): Promise<AnalysisResult> =>
      runAnalysis(clv, 'clv.forecast', {
        inputs: { transactions: { fields } },
        parameters: {
          model,
          calibrationEnd: '1997-09-30',
          horizon: 12 * 4.345,
          discountRate: 0.01,
          discountPeriod: 4.345,
        },
      });
    bg = await run('bg-nbd');
    pareto = await run('pareto-nbd');
    monetary = new Map(
      recordsOf(bg.tables.customers).map((row) => [
        row.customer as string,
        {
          frequency: row.frequency as number,
          monetary: row.monetary as number | null,
          spend: row.expectedSpend as number,
          clv: row.clv as number,
        },
      ]),
    );
  });

  it('fits the published parameters from exact days', () => {
    near(metric(bg, 'r'), 0.24259451, 1e-5);
    near(metric(bg, 'alpha'), 4.413601898, 1e-5);
    near(metric(bg, 'a'), 0.792921987, 1e-5);
    near(metric(bg, 'b'), 2.42590678, 1e-5);
    expect(metric(bg, 'logLikelihood')).toBeCloseTo(-9582.42920667, 5);
    near(metric(pareto, 'r'), 0.553276976, 1e-5);
    near(metric(pareto, 'alpha'), 10.577683056, 1e-5);
    near(metric(pareto, 's'), 0.60623994, 1e-5);
    near(metric(pareto, 'beta'), 11.668736275, 1e-5);
    expect(metric(pareto, 'logLikelihood')).toBeCloseTo(-9594.97617894, 5);
  });

  it('counts the holdout', () => {
    expect(metric(bg, 'customers')).toBe(2357);
    expect(metric(bg, 'returningCustomers')).toBe(946);
    expect(metric(bg, 'repeatTransactions')).toBe(2457);
    expect(metric(bg, 'holdoutLength')).toBe(39);
    expect(metric(bg, 'holdoutTransactions')).toBe(1882);
    near(metric(bg, 'holdoutExpected'), 1653.42, 1e-4);
  });

  it('tracks all purchases of the calibration and the holdout', () => {
    const tracking = recordsOf(bg.tables.tracking);
    expect(tracking).toHaveLength(78);
    expect(tracking[77].actualCumulative).toBe(2457 + 1882);
    expect(tracking[38]).toMatchObject({ period: 39, until: '1997-10-01' });
  });

  it('fits Gamma-Gamma to customers who came back', () => {
    near(metric(bg, 'p'), 6.25);
    near(metric(bg, 'q'), 3.74, 2e-3);
    near(metric(bg, 'v'), 15.44);
    expect(metric(bg, 'spendLogLikelihood')).toBeCloseTo(-4055.9177, 3);
    expect(bg.metrics.p.n).toBe(946);
    near(metric(bg, 'spendCorrelation'), 0.113884, 1e-4);
    near(metric(bg, 'meanSpend'), 35.0785518, 1e-4);
  });

  it('gives the published Gamma-Gamma fit and expectations from amounts rounded to cents', async () => {
    const rows = [...monetary.values()];
    const cents = (value: number): number => Math.round(value * 100 + 1e-9) / 100;
    const back = rows.filter(({ frequency }) => frequency > 0);
    const fit = await fitSpend({
      frequency: Float64Array.from(back, ({ frequency }) => frequency),
      monetary: Float64Array.from(back, ({ monetary }) => cents(monetary as number)),
      weight: new Float64Array(back.length).fill(1),
    });
    const [p, q, v] = fit.estimates;
    near(p, 6.24880265, 1e-4);
    near(q, 3.74458819, 1e-4);
    near(v, 15.44774642, 1e-4);
    expect(fit.logLikelihood).toBeCloseTo(-4055.9232435, 3);
    [1.1897, 0.2902, 4.16].forEach((value, i) => {
      near(fit.standardErrors?.[i], value, 1e-3);
    });
    let sum = 0;
    for (const { frequency, monetary } of rows)
      sum += expectedSpend(fit.estimates, frequency, monetary === null ? 0 : cents(monetary));
    near(sum / 2357, 35.2529588, 1e-5);
    const first = ['0001', '0002', '0003', '0006', '0007', '0009'].map((id) => {
      const row = monetary.get(id);
      return expectedSpend(fit.estimates, row?.frequency ?? 0, cents(row?.monetary ?? 0));
    });
    [24.658619, 18.911489, 35.170981, 71.462843, 18.91, 27.282408].forEach((value, i) => {
      near(first[i], value, 1e-4);
    });
  });

  it('values the first ten customers over twelve months of 4.345 weeks at 1 % a month', () => {
    const expected = [
      36.278496, 4.637466, 8.344092, 8.344092, 8.344092, 283.52358, 6.881407, 8.344092, 43.353643, 8.344092,
    ];
    expected.forEach((value, i) => {
      // The published values rest on amounts and weeks rounded to two decimals.
      near(monetary.get(String(i + 1).padStart(4, '0'))?.clv, value, 1e-3);
    });
  });
});

describe.skipIf(!hasData(LOG))('CDNOW with weeks taken for days', () => {
  it('gives the values that lifetimes publishes: 360 weeks, discounted every 30', async () => {
    const lines = readLines(LOG, false);
    const { tables } = await runAnalysis(clv, 'clv.forecast', {
      inputs: {
        transactions: {
          fields: {
            customer: stringColumn(lines.map((line) => line[1])),
            time: dateColumn(Float64Array.from(lines, (line) => dayIn(line[2]))),
            amount: numberColumn(numbersIn(lines, 4)),
          },
        },
      },
      parameters: { calibrationEnd: '1997-09-30', horizon: 360, discountRate: 0.01, discountPeriod: 30 },
    });
    const rows = recordsOf(tables.customers);
    const expected = [
      140.096211, 18.943467, 38.180574, 38.180574, 38.180574, 1003.868107, 28.109683, 38.180574, 167.418216, 38.180574,
    ];
    expected.forEach((value, i) => {
      near(rows[i].clv, value);
    });
  });
});

describe('purchase models at published parameters', () => {
  const summary = bgNbd.predict([0.242592881, 4.413531107, 0.792886091, 2.425753085]);

  it('expects purchases of a new customer', () => {
    const expected = [0.007816, 0.053185, 0.150632, 1.040494, 1.043737, 1.857972];
    [0.1429, 1, 3, 31.8571, 32, 78].forEach((time, i) => {
      expect(summary.expected(time)).toBeCloseTo(expected[i], 6);
    });
  });

  it("gives BTYD's probabilities of n purchases", () => {
    const rounded = bgNbd.predict([0.243, 4.414, 0.793, 2.426]);
    near(rounded.distribution(10, 2)[10], 1.07868964e-7, 1e-6);
    near(rounded.distribution(0, 39)[0], 0.5737863521, 1e-9);
    const expected = [
      0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913, 0.0003467171,
      0.0002769613, 0.000222226,
    ];
    const found = rounded.distribution(20, 30);
    expected.forEach((value, i) => {
      expect(found[11 + i]).toBeCloseTo(value, 9);
    });
  });

  it('gives the log-likelihood of single customers, at 200 repeats too', () => {
    const parameters = [0.25, 4, 0.8, 2.5];
    expect(bgNbd.logLikelihood(parameters, 0, 0, 40)).toBeCloseTo(-0.5994738182, 9);
    expect(bgNbd.logLikelihood(parameters, 200, 38, 40)).toBeCloseTo(100.7956931, 6);
    expect(mbgNbd.logLikelihood(parameters, 0, 0, 40)).toBeCloseTo(-0.41792826, 8);
    expect(mbgNbd.logLikelihood(parameters, 200, 38, 40)).toBeCloseTo(100.7869, 4);
  });

  it("predicts BTYD's Pareto/NBD customers", () => {
    const prediction = paretoNbd.predict([0.55339714, 10.58019854, 0.6060625, 11.65622367]);
    near(prediction.pAlive(26, 30.86, 31), 0.9979178, 1e-6);
    near(prediction.pAlive(26, 30.86, 31) * prediction.expectedWhileAlive(26, 31, 52), 25.45491, 1e-4);
    expect(prediction.pAlive(0, 0, 39)).toBeCloseTo(0.2941633349, 6);
  });

  it("gives BTYD's discounted residual transactions", () => {
    const prediction = paretoNbd.predict([0.5629966, 12.559037, 0.4081095, 10.5148048]);
    const rate = (0.5629966 + 7) / (12.559037 + 77.86);
    near(prediction.pAlive(7, 35, 77.86) * rate * residualTime(prediction, 7, 77.86, 0.0027), 1.864183, 1e-6);
  });

  it('discounts month by month from a weekly model', () => {
    // Customer 1: CLV 36.278496 over its expected spend of 24.658619.
    const rate = summary.expectedWhileAlive(2, 38.86, 1) / summary.activeTime(2, 38.86, 1);
    const discounted =
      summary.pAlive(2, 30.43, 38.86) *
      rate *
      discountedTime(summary, 2, 38.86, 12 * 4.345, { rate: 0.01, length: 4.345 });
    near(discounted, 36.278496 / 24.658619, 1e-5);
  });
});
