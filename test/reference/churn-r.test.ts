import { describe, expect, it } from 'vitest';
import { plugin as code } from '../../plugins/churn/index.ts';
import manifest from '../../plugins/churn/plugin.json';
import {
  type AnalysisResult,
  booleanColumn,
  type CellValue,
  type Column,
  integerColumn,
  type Json,
  numberColumn,
  type PluginManifest,
  stringColumn,
} from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';

/**
 * Subscriptions made by whole-number arithmetic, the same in every language, and what R 4.2 gives for them: survival 3.5.3
 * (survfit, survdiff, coxph, cox.zph, survreg, basehaz) and glm.
 */
function subscriptions(rows: number) {
  const share = (modulus: number, factor: number) => (i: number) => ((i * factor) % modulus) / modulus;
  const [pace, end, older, dearer] = [share(10007, 7919), share(10009, 4639), share(10037, 6701), share(10039, 4217)];
  const columns = {
    plan: new Array<string>(rows),
    region: new Array<string>(rows),
    age: new Float64Array(rows),
    fee: new Float64Array(rows),
    exact: new Float64Array(rows),
    months: new Uint16Array(rows),
    ended: new Uint8Array(rows),
  };
  for (let i = 0; i < rows; i++) {
    columns.plan[i] = ['basic', 'plus', 'pro'][i % 3];
    columns.region[i] = ['E', 'N', 'S', 'W'][Math.floor(i / 3) % 4];
    columns.age[i] = 20 + Math.floor(50 * older(i));
    columns.fee[i] = Math.floor(1000 * dearer(i)) / 10;
    const speed = 1 + 0.5 * Number(i % 3 === 0) - 0.2 * Number(i % 3 === 2) + 0.01 * (columns.age[i] - 45);
    columns.exact[i] = (60 * pace(i) * pace(i)) / speed + 0.5;
    columns.months[i] = 1 + Math.floor(columns.exact[i]);
    columns.ended[i] = end(i) < 0.7 - 0.003 * columns.fee[i] ? 1 : 0;
  }
  return {
    ...columns,
    weight: integerColumn(Uint8Array.from({ length: rows }, (_, i) => 1 + (i % 4))),
    properties: {
      age: numberColumn(columns.age),
      fee: numberColumn(columns.fee),
      plan: stringColumn(columns.plan),
      region: stringColumn(columns.region),
    },
  };
}

const plugin = { manifest: manifest as unknown as PluginManifest, code };
const few = subscriptions(5000);
const many = subscriptions(300_000);

function spellsRun(
  id: string,
  data: typeof few,
  duration: 'months' | 'exact',
  parameters: Record<string, Json> = {},
  more: Record<string, Column> = {},
): Promise<AnalysisResult> {
  const time = duration === 'months' ? integerColumn(data.months) : numberColumn(data.exact);
  const fields = { duration: time, ended: booleanColumn(data.ended), ...more };
  // Two threads wherever there is enough to do, as in the app.
  return runAnalysis(plugin, id, {
    inputs: { spells: { fields, properties: data.properties } },
    parameters,
    threads: 2,
  });
}

function expectClose(found: CellValue | undefined, expected: number, digits = 9): void {
  expect(Math.abs(Number(found) / expected - 1), `${found} for ${expected}`).toBeLessThan(10 ** -digits);
}

/** Coefficients with their standard errors, in the order of the table. */
function expectTerms(
  result: AnalysisResult,
  expected: readonly (readonly [coef: number, se: number])[],
  digits = 8,
): void {
  const rows = recordsOf(result.tables.coefficients);
  expect(rows).toHaveLength(expected.length);
  expected.forEach(([coef, se], i) => {
    expectClose(rows[i].coef, coef, digits);
    expectClose(rows[i].se, se, 6);
  });
}

it('makes the same subscriptions as R does', () => {
  expectClose(
    few.exact.reduce((sum, value) => sum + value, 0),
    102642.0044832,
    12,
  );
  expect(few.months.reduce((sum, value, i) => sum + value * few.ended[i], 0)).toBe(58160);
  expectClose(
    many.exact.reduce((sum, value) => sum + value, 0),
    6157714.945823,
    12,
  );
  expect(many.months.reduce((sum, value, i) => sum + value * many.ended[i], 0)).toBe(3470729);
});

describe('survival of subscriptions as in R', () => {
  const at = (result: AnalysisResult, time: number) =>
    recordsOf(result.tables.survival).find((row) => row.time === time) as Record<string, CellValue>;

  it('with log-log intervals at 90 % and plain ones at 99 %', async () => {
    const logLog = await spellsRun('churn.survival', few, 'months', { confidence: 0.9 });
    for (const [time, atRisk, survival, standardError, low, high] of [
      [3, 4178, 0.8787514837099, 0.004707810940697, 0.8707741803669, 0.8862690446614],
      [12, 2839, 0.7231770332976, 0.006771029975246, 0.7118603073988, 0.734136125021],
      [30, 1431, 0.4965350218107, 0.008354731173663, 0.4827134804585, 0.5101937319696],
      [50, 506, 0.2839614622976, 0.008906744863978, 0.2693937954563, 0.2986846061518],
    ]) {
      const row = at(logLog, time);
      expect(row.atRisk).toBe(atRisk);
      expectClose(row.survival, survival);
      expectClose(row.standardError, standardError);
      expectClose(row.low, low);
      expectClose(row.high, high);
    }
    const plain = await spellsRun('churn.survival', few, 'months', { confidence: 0.99, interval: 'plain' });
    expectClose(at(plain, 30).low, 0.4750146604303);
    expectClose(at(plain, 30).high, 0.5180553831911);
  });

  it('by plan, with medians, and with weights as so many subscriptions', async () => {
    const plan = few.properties.plan;
    const { metrics } = await spellsRun('churn.survival', few, 'months', { confidence: 0.9 }, { group: plan });
    for (const [name, median, low, high] of [
      ['basic', 22, 21, 24],
      ['plus', 32, 30, 34],
      ['pro', 40, 37, 42],
    ] as const) {
      expect(metrics[`median.${name}`]).toMatchObject({ value: median, interval: [low, high] });
    }
    expectClose(metrics.logRank.value, 233.858228305);
    const group = few.properties.region;
    expectClose(
      (await spellsRun('churn.survival', few, 'exact', {}, { group })).metrics.logRank.value,
      0.2976651558788,
    );
    const weighed = await spellsRun('churn.survival', few, 'months', {}, { weight: few.weight, group });
    expectClose(weighed.metrics.logRank.value, 48.69215360028);
    const all = at(await spellsRun('churn.survival', few, 'months', {}, { weight: few.weight }), 30);
    expectClose(all.survival, 0.4937054407457);
    expectClose(all.standardError, 0.005290057841153);
  });

  it('of 300,000 with hardly a time twice, in bands', async () => {
    const { metrics } = await spellsRun('churn.survival', many, 'exact', {}, { group: many.properties.plan });
    for (const [name, median, low, high] of [
      ['basic', 21.14379662296, 20.92707526184, 21.34714540296],
      ['plus', 31.61065752755, 31.29712489201, 31.93913149141],
      ['pro', 39.55253398335, 39.17536541091, 39.96883273195],
    ] as const) {
      expectClose(metrics[`median.${name}`].value, median);
      expectClose(metrics[`median.${name}`].interval?.[0], low);
      expectClose(metrics[`median.${name}`].interval?.[1], high);
    }
    // R takes times that differ in the last digits for one.
    expectClose(metrics.logRank.value, 15351.9798549, 7);
  });

  it('by a Weibull model with a number and a class', async () => {
    const result = await spellsRun('churn.weibull', few, 'exact', { covariates: ['age', 'plan'] });
    const terms = [
      [3.69732802262035, 0.069119110674899],
      [-0.01003016123964, 0.001351639777902],
      [0.37789814546967, 0.047991918605012],
      [0.61442410201168, 0.048133111717795],
    ] as const;
    expectTerms(result, terms, 7);
    expectClose(result.metrics.logLikelihood.value, -12584.76665893);
  });
});

describe('hazard of subscriptions as in R', () => {
  const stratified = { covariates: ['age', 'fee', 'plan'], strata: ['region'] };

  it('with strata and many ties, by Efron and by Breslow', async () => {
    const efron = await spellsRun('churn.hazard', few, 'months', stratified);
    expectTerms(efron, [
      [0.01418849439552, 0.0013731375312327],
      [-0.005619333490148, 0.0006665223809269],
      [-0.445024166375008, 0.0481594182370622],
      [-0.805590885285444, 0.0513197311929993],
    ]);
    expectClose(efron.metrics.logLikelihoodNull.value, -16874.32680168);
    expectClose(efron.metrics.logLikelihood.value, -16673.46334726);
    expectClose(efron.metrics.concordance.value, 0.590389333583169);
    expectClose(efron.metrics.concordanceSe.value, 0.006393477257006);
    const tests = recordsOf(efron.tables.proportionality);
    [45.390242043987, 3.007653748559, 112.617777294114, 179.122646396807].forEach((statistic, i) => {
      expectClose(tests[i].chiSquare, statistic, 7);
    });
    const breslow = await spellsRun('churn.hazard', few, 'months', { ...stratified, ties: 'breslow' });
    expectTerms(breslow, [
      [0.013964854980776, 0.0013724332445489],
      [-0.005524337544924, 0.0006664843407096],
      [-0.43772753962794, 0.0481420049224],
      [-0.791854497511311, 0.0512515994169525],
    ]);
    expectClose(breslow.metrics.logLikelihood.value, -16720.65553499);
    expectClose(recordsOf(breslow.tables.proportionality)[2].chiSquare, 107.845769398849, 7);
  });

  it('with an interaction, and the baseline at the mean of every covariate', async () => {
    const product = await spellsRun('churn.hazard', few, 'exact', { covariates: ['age*fee', 'plan'] });
    const coefs = Object.fromEntries(recordsOf(product.tables.coefficients).map(({ term, coef }) => [term, coef]));
    expectClose(coefs.age, 1.688455380759e-2, 8);
    expectClose(coefs['age:fee'], -5.269220813703e-5, 7);
    expectClose(product.metrics.logLikelihood.value, -20435.53090401);
    const plain = await spellsRun('churn.hazard', few, 'months', { covariates: ['age', 'fee'] });
    const baseline = recordsOf(plain.tables.baseline);
    for (const [time, hazard] of [
      [12, 0.3161770008849],
      [30, 0.6890365067702],
      [50, 1.2618358409485],
    ])
      expectClose(baseline.find((row) => row.time === time)?.cumulativeHazard, hazard);
  });

  it('of 300,000, in blocks', async () => {
    const efron = await spellsRun('churn.hazard', many, 'months', stratified);
    expectTerms(efron, [
      [0.013399548188814, 1.765585953357e-4],
      [-0.005567983850269, 8.590005873032e-5],
      [-0.462854817079566, 6.21423763633e-3],
      [-0.803080904552947, 6.594533619275e-3],
    ]);
    expectClose(efron.metrics.logLikelihood.value, -1677677.878789);
    const exact = await spellsRun('churn.hazard', many, 'exact', { covariates: ['age', 'fee'] });
    expectTerms(exact, [
      [0.01290319979206, 1.761827200421e-4],
      [-0.005484423698808, 8.590312346717e-5],
    ]);
    expectClose(exact.metrics.logLikelihoodNull.value, -1916643.365376);
    expectClose(exact.metrics.logLikelihood.value, -1911906.283809);
  });

  it('leaves a covariate that is constant within every stratum without a ratio, whatever the ties', async () => {
    const choice = { covariates: ['age', 'region'], strata: ['region'] };
    const small = subscriptions(600);
    for (const [ties, data] of [
      ['efron', few],
      ['breslow', few],
      ['exact', small],
    ] as const) {
      const { tables } = await spellsRun('churn.hazard', data, 'months', { ...choice, ties });
      const status = recordsOf(tables.coefficients).map((row) => row.status);
      expect(status, ties).toEqual(['ok', 'aliased', 'aliased', 'aliased']);
    }
  });
});

describe('risk of subscriptions as in R', () => {
  const risk = (data: typeof few, properties: Record<string, Column>, parameters: Record<string, Json> = {}) =>
    runAnalysis(plugin, 'churn.risk', {
      inputs: {
        customers: {
          fields: { churned: stringColumn(Array.from(data.ended, (value) => ['here', 'gone'][value])) },
          properties,
        },
      },
      parameters: { positive: 'gone', ...parameters },
      threads: 2,
    });

  it('with classes, some of them missing, and a named outcome', async () => {
    const { age, fee, plan } = few.properties;
    const city = stringColumn(few.region.map((name, i) => (i % 7 === 0 ? null : name)));
    const result = await risk(few, { age, fee, plan, city });
    expectTerms(result, [
      [0.891532231058421, 0.133799956468149],
      [-0.001612461916102, 0.002162305472338],
      [-0.012336881455257, 0.001094128945551],
      [0.041442484966064, 0.076401214456928],
      [0.020447203620643, 0.076415111987789],
      [-0.025924018129666, 0.088166647041663],
      [-0.028624230223948, 0.088213250423839],
      [-0.015844165487747, 0.08829787227155],
    ]);
    const { customers, nullDeviance, deviance, auc, brier } = result.metrics;
    expect(customers.value).toBe(4285);
    expectClose(nullDeviance.value, 5897.249239245);
    expectClose(deviance.value, 5765.46323398);
    expectClose(auc.value, 0.6012612294622);
    expectClose(brier.value, 0.2399538205444);
  });

  it('of 300,000, in blocks', async () => {
    const { age, fee, plan, region } = many.properties;
    const { tables, metrics } = await risk(many, { age, fee, plan, region });
    const rows = recordsOf(tables.coefficients);
    expectClose(rows[0].coef, 8.248035543093e-1, 8);
    expectClose(rows[2].coef, -1.235170365015e-2, 8);
    expectClose(rows[2].se, 1.307736199833e-4, 6);
    expectClose(rows[7].coef, -2.614515340883e-4, 5);
    expectClose(metrics.deviance.value, 403680.1160786);
  });
});
