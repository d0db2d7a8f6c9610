import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitCox } from '../../plugins/churn/cox.ts';
import { coxData } from '../../plugins/churn/cox-data.ts';
import { plugin as code } from '../../plugins/churn/index.ts';
import { survivalTime } from '../../plugins/churn/kaplan-meier.ts';
import { fitLogistic } from '../../plugins/churn/logistic.ts';
import { spreadSpells } from '../../plugins/churn/spells-spread.ts';
import { survivalCurve } from '../../plugins/churn/survival-curve.ts';
import {
  booleanColumn,
  integerColumn,
  type NumericColumn,
  numberColumn,
  type PluginManifest,
  seededRandom,
  shared,
  stringColumn,
  type Threads,
} from '../../src/sdk/index.ts';
import { runAnalysis, threadsOf } from '../../src/sdk/testing.ts';
import { twoThreads } from './node-threads.ts';
import type { RecordedLine } from './recorded-line.ts';
import { median } from './time.ts';

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../plugins/churn/plugin.json'), 'utf8'),
) as PluginManifest;
const plugin = { manifest, code };

interface Spells {
  readonly days: Uint16Array;
  readonly exact: Float64Array;
  readonly ended: Uint8Array;
}

/** Exponential lifetimes with uniform censoring, in days and as exact numbers. */
function makeSpells(rows: number): Spells {
  const random = seededRandom(7);
  const days = new Uint16Array(rows);
  const exact = new Float64Array(rows);
  const ended = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const life = random.exponential(1 / 400);
    const seen = random.uniform() * 1000;
    ended[i] = life <= seen ? 1 : 0;
    exact[i] = Math.min(life, seen);
    days[i] = Math.floor(exact[i]);
  }
  return { days, exact, ended };
}

function makeCustomers(rows: number, features: number): { columns: Float64Array[]; churned: Uint8Array } {
  const random = seededRandom(11);
  const columns = Array.from({ length: features }, (_, c) =>
    Float64Array.from({ length: rows }, () =>
      c < 8 ? (random.uniform() < 0.3 ? 1 : 0) : random.normal() * (c + 1) + c,
    ),
  );
  const churned = Uint8Array.from({ length: rows }, (_, i) => {
    let score = -1;
    for (let c = 0; c < features; c++) score += (c < 8 ? 0.5 : 0.3 / (c + 1)) * ((c % 3) - 1) * columns[c][i];
    return random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  });
  return { columns, churned };
}

/** Recorded on this class of machine: R survival 3.5.3, survfit on 1 million (ten times that for 10), coxph on 1 million. */
const survfit = { name: 'R survfit ×10', milliseconds: 8830, limit: 0.2 };
const coxph = { name: 'R coxph', milliseconds: 3105, limit: 0.2 };

/** Kaplan–Meier on 10 million spells, Cox and logistic fits on a million customers, and the analyses around them. */
export async function churnLines(): Promise<RecordedLine[]> {
  const one = threadsOf(code);
  const two = await twoThreads(new URL('../../plugins/churn/index.ts', import.meta.url));
  const both = async (
    line: string,
    rows: number,
    run: (threads: Threads) => Promise<unknown>,
    runs: number,
    peer?: RecordedLine['peer'],
  ): Promise<RecordedLine> => ({
    line,
    rows,
    oneThread: await median(() => run(one), runs),
    ours: await median(() => run(two), runs),
    peer,
  });
  // As the host hands columns over: shared where they are large.
  const many = makeSpells(1e7);
  const ended = shared(many.ended);
  const wholeDays = integerColumn(shared(many.days));
  const exact = numberColumn(shared(many.exact));
  const estimate = (duration: NumericColumn) => async (threads: Threads) => {
    const { groups } = await spreadSpells(threads, { duration, ended, groupCount: 1 });
    survivalTime(await survivalCurve(threads, groups[0]), { confidence: 0.95, interval: 'log' });
  };
  const hasEnded = { ...booleanColumn([]), length: ended.length, values: ended };
  const survival = (duration: NumericColumn) => (threads: Threads) =>
    runAnalysis(plugin, 'churn.survival', { inputs: { spells: { fields: { duration, ended: hasEnded } } }, threads });
  const few = makeSpells(1e6);
  const covariate = shared(Float64Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 97));
  const times = shared(Float64Array.from(few.days));
  const fewEnded = shared(few.ended);
  const customers = makeCustomers(1e6, 20);
  const columns = customers.columns.map(shared);
  const churned = shared(customers.churned);
  const properties = Object.fromEntries(columns.map((values, c) => [`feature${c}`, numberColumn(values)]));
  const customer = stringColumn(Array.from({ length: 1e6 }, (_, i) => `C${i}`));
  const fields = { customer, churned: { ...booleanColumn([]), length: churned.length, values: churned } };
  const risk = (parameters: Record<string, string>) => (threads: Threads) =>
    runAnalysis(plugin, 'churn.risk', { inputs: { customers: { fields, properties } }, parameters, threads });
  const cox = (covariates: readonly Float64Array[]) => async (threads: Threads) =>
    fitCox(await coxData(threads, times, fewEnded, covariates), 'efron', async () => undefined);
  const lines = [
    await both('Kaplan–Meier, days', 1e7, estimate(wholeDays), 5, survfit),
    await both('Kaplan–Meier, exact', 1e7, estimate(exact), 5, survfit),
    await both('churn.survival, days', 1e7, survival(wholeDays), 3, survfit),
    await both('churn.survival, exact', 1e7, survival(exact), 3, survfit),
    await both('Cox, one covariate', 1e6, cox([covariate]), 3, coxph),
    await both('Cox, 20 covariates', 1e6, cox(columns), 1),
    await both('logistic, 20 features', 1e6, (threads) => fitLogistic(threads, columns, churned), 3),
    await both('churn.risk, logistic', 1e6, risk({}), 1),
    await both('churn.risk, trees', 1e6, risk({ model: 'boosted-trees' }), 1),
  ];
  await two.stop();
  return lines;
}
