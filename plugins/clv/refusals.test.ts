import {
  AnalysisError,
  type AnalysisResult,
  type Catalogue,
  integerColumn,
  type JsonObject,
  type Message,
  numberColumn,
  type PluginManifest,
  seededRandom,
  stringColumn,
} from '@patron/sdk';
import { rowsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import english from './locales/en-US.json';
import chinese from './locales/zh-CN.json';
import manifest from './plugin.json';
import { simulatePurchases } from './simulate.ts';

const clv = { manifest: manifest as unknown as PluginManifest, code: plugin };
const catalogues: Catalogue[] = [english, chinese];
const MODELS = ['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'ggompertz-nbd'];

interface Customers {
  readonly frequency: ArrayLike<number>;
  readonly recency: ArrayLike<number>;
  readonly T: ArrayLike<number>;
  readonly monetary?: ArrayLike<number>;
}

function forecast(
  { frequency, recency, T, monetary }: Customers,
  parameters: JsonObject = {},
): Promise<AnalysisResult> {
  return runAnalysis(clv, 'clv.forecast', {
    inputs: {
      summary: {
        fields: {
          customer: stringColumn(Array.from(frequency, (_, i) => `c${i}`)),
          frequency: integerColumn(Float64Array.from(frequency)),
          recency: numberColumn(Float64Array.from(recency)),
          T: numberColumn(Float64Array.from(T)),
          ...(monetary ? { monetary: numberColumn(Float64Array.from(monetary)) } : {}),
        },
      },
    },
    parameters,
  });
}

/** Every message anywhere in a value has its key in both catalogues; every number is one. */
function checkSound(value: unknown, path: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
  if ('key' in value && typeof value.key === 'string') {
    const { key, args } = value as Message;
    for (const catalogue of catalogues) {
      expect(catalogue[key], `'${key}' in the catalogue`).toBeDefined();
      const named = [...catalogue[key].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(args ?? {}), `arguments of '${key}'`).toEqual(expect.arrayContaining(named));
    }
  }
  for (const [name, part] of Object.entries(value)) checkSound(part, `${path}.${name}`);
}

function checkResult(result: AnalysisResult): void {
  const { tables, ...rest } = result;
  checkSound(rest, 'result');
  for (const [name, table] of Object.entries(tables)) {
    checkSound({ title: table.title, columns: table.columns.map(({ title, labels }) => ({ title, labels })) }, name);
    for (const row of rowsOf(table)) for (const cell of row) expect(Number.isNaN(cell)).toBe(false);
  }
}

async function refusal(run: Promise<unknown>): Promise<AnalysisError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AnalysisError);
  checkSound((error as AnalysisError).text, 'error');
  return error as AnalysisError;
}

const some = simulatePurchases('bg-nbd', [0.5, 5, 0.8, 2.5], 300, [20, 60], seededRandom(3));
const random = seededRandom(4);
const amounts = some.frequency.map(() => random.gamma(4, 0.1));

describe.each(MODELS)('clv.forecast by %s', (model) => {
  it('gives a sound result with every text in both languages', async () => {
    const result = await forecast({ ...some, monetary: amounts }, { model });
    checkResult(result);
    expect(result.tables.customers.columns.map(({ name }) => name).slice(0, 9)).toEqual([
      'customer',
      'frequency',
      'recency',
      'T',
      'monetary',
      'pAlive',
      'expectedTransactions',
      'expectedSpend',
      'clv',
    ]);
  });

  it('refuses a base in which nobody came back, in plain words', async () => {
    const error = await refusal(
      forecast({ frequency: new Float64Array(50), recency: new Float64Array(50), T: some.T.slice(0, 50) }, { model }),
    );
    expect(error.message).toContain('No customer came back');
  });

  it('refuses one customer, and identical customers', async () => {
    const one = await refusal(forecast({ frequency: [3], recency: [10], T: [20] }, { model }));
    expect(one.message).toContain('at least 10 customers');
    const same = new Float64Array(100);
    const error = await refusal(
      forecast({ frequency: same.map(() => 3), recency: same.map(() => 10), T: same.map(() => 20) }, { model }),
    );
    expect(error.message).toContain('1 different histories');
  });

  it('fits or refuses customers who are all alike in what they do', async () => {
    // A Poisson process without dropout: every customer the same rate, nobody stops.
    const same = seededRandom(11);
    const T = Float64Array.from({ length: 400 }, () => 30 + 10 * same.uniform());
    const frequency = T.map((time) => same.poisson(0.5 * time));
    const recency = T.map((time, i) => (frequency[i] === 0 ? 0 : time * (1 - same.uniform() / (frequency[i] + 1))));
    const result = await forecast({ frequency, recency, T }, { model });
    checkResult(result);
  });

  it('stays finite at 200 repeats and times of 100,000', async () => {
    const frequency = Float64Array.from(some.frequency);
    const recency = Float64Array.from(some.recency);
    const T = Float64Array.from(some.T);
    frequency[0] = 200;
    recency[0] = T[0] - 1;
    T[1] = 1e5;
    frequency[1] = 3;
    recency[1] = 5e4;
    frequency[2] = 0;
    recency[2] = 0;
    T[2] = 1e5;
    checkResult(await forecast({ frequency, recency, T }, { model }));
  });

  it('leaves out customers whose summary cannot be, and counts them', async () => {
    const frequency = Float64Array.from(some.frequency);
    const recency = Float64Array.from(some.recency);
    frequency[0] = 1.5;
    frequency[1] = -2;
    frequency[2] = 2;
    recency[2] = 1000;
    const result = await forecast({ frequency, recency, T: some.T }, { model });
    expect(result.leftOut?.map(({ count }) => count)).toEqual([2, 1]);
    expect(result.metrics.customers.value).toBe(297);
    checkResult(result);
  });
});

describe('the spend model', () => {
  it('takes customers with amounts of 0 or below as new ones, and says so', async () => {
    const monetary = amounts.map((amount, i) => (i % 3 === 0 ? (i % 2 === 0 ? 0 : -5) : amount));
    const result = await forecast({ ...some, monetary });
    checkResult(result);
    expect(result.notes.some(({ text }) => (text as Message).key === 'note.zeroAmounts')).toBe(true);
  });

  it('does without where all spent the same or amounts are missing', async () => {
    for (const monetary of [amounts.map(() => 20), amounts.map(() => 0)]) {
      const result = await forecast({ ...some, monetary });
      checkResult(result);
      expect(result.notes.some(({ text }) => (text as Message).key === 'note.noSpend')).toBe(true);
      expect(result.metrics.p).toBeUndefined();
    }
  });

  it('warns where frequency and amount go together', async () => {
    const monetary = some.frequency.map((x, i) => 5 + 10 * x + (amounts[i] % 3));
    const result = await forecast({ ...some, monetary });
    expect(result.notes.some(({ text }) => (text as Message).key === 'note.dependent')).toBe(true);
  });
});

describe('clv.contract', () => {
  const run = (period: number[], survivors: number[], parameters: JsonObject = {}): Promise<AnalysisResult> =>
    runAnalysis(clv, 'clv.contract', {
      inputs: { survivors: { fields: { period: integerColumn(period), survivors: numberColumn(survivors) } } },
      parameters,
    });

  it('gives a sound result with every text in both languages', async () => {
    checkResult(await run([0, 1, 2, 3, 4], [1000, 700, 560, 480, 430]));
    checkResult(await run([0, 1, 2, 3, 4], [1, 0.7, 0.56, 0.48, 0.43], { model: 'bdw', discountRate: 0 }));
  });

  it('takes counts as they are and shares as of 1,000, unless told', async () => {
    expect((await run([0, 1, 2, 3], [100, 70, 56, 48])).metrics.contracts.value).toBe(100);
    expect((await run([0, 1, 2, 3], [100, 70.5, 56, 48])).metrics.contracts.value).toBe(1000);
    expect((await run([0, 1, 2, 3], [1, 0.7, 0.56, 0.48], { customers: 250 })).metrics.contracts.value).toBe(250);
  });

  it('refuses gaps, rising survivors, too few periods and no end', async () => {
    expect((await refusal(run([0, 1, 3], [100, 80, 60]))).message).toContain("'period'");
    expect((await refusal(run([0, 1, 2], [100, 80, 90]))).message).toContain('must not rise');
    expect((await refusal(run([0, 1], [100, 80]))).message).toContain('at least two periods');
    expect((await refusal(run([0, 1, 2], [100, 100, 100]))).message).toContain('No contract ended');
  });

  it('fits contracts and survivors of the same cohort alike', async () => {
    const survivors = [1000, 700, 560, 480, 430];
    const duration: number[] = [];
    const ended: number[] = [];
    const weight: number[] = [];
    for (let t = 1; t <= 4; t++) {
      duration.push(t);
      ended.push(1);
      weight.push(survivors[t - 1] - survivors[t]);
    }
    duration.push(4);
    ended.push(0);
    weight.push(survivors[4]);
    const fromSpells = await runAnalysis(clv, 'clv.contract', {
      inputs: {
        spells: {
          fields: { duration: numberColumn(duration), ended: integerColumn(ended), weight: integerColumn(weight) },
        },
      },
    });
    checkResult(fromSpells);
    const fromSurvivors = await run([0, 1, 2, 3, 4], survivors);
    expect(fromSpells.metrics.logLikelihood.value).toBeCloseTo(fromSurvivors.metrics.logLikelihood.value as number, 8);
    expect(rowsOf(fromSpells.tables.survival)[4][1]).toBeCloseTo(0.43, 12);
  });
});

describe('clv.discrete', () => {
  const run = (frequency: number[], recency: number[], periods: number[]): Promise<AnalysisResult> =>
    runAnalysis(clv, 'clv.discrete', {
      inputs: {
        summary: {
          fields: {
            frequency: integerColumn(frequency),
            recency: integerColumn(recency),
            periods: integerColumn(periods),
            customer: stringColumn(frequency.map((_, i) => `c${i}`)),
          },
        },
      },
    });

  it('refuses no repeats and identical customers', async () => {
    expect((await refusal(run([0, 0], [0, 0], [6, 6]))).message).toContain('No customer came back');
    expect((await refusal(run([2, 2, 2], [3, 3, 3], [6, 6, 6]))).message).toContain('1 different histories');
  });

  it('gives a sound result, and leaves out histories that cannot be', async () => {
    const draws = seededRandom(9);
    const frequency: number[] = [4];
    const recency: number[] = [2];
    const periods: number[] = [6];
    for (let i = 0; i < 500; i++) {
      const p = draws.beta(1.2, 0.8);
      const stop = draws.beta(0.7, 2.8);
      let x = 0;
      let last = 0;
      for (let t = 1; t <= 6 && draws.uniform() >= stop; t++) {
        if (draws.uniform() < p) {
          x++;
          last = t;
        }
      }
      frequency.push(x);
      recency.push(last);
      periods.push(6);
    }
    const result = await run(frequency, recency, periods);
    checkResult(result);
    expect(result.leftOut?.[0].count).toBe(1);
    expect(result.metrics.customers.value).toBe(500);
  });
});

describe('the catalogues', () => {
  it('have the same keys in both languages, and those of the manifest', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    for (const [, key] of JSON.stringify(manifest).matchAll(/%([\w.-]+)%/g)) expect(english).toHaveProperty([key]);
  });
});
