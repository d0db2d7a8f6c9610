import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitCox } from '../../plugins/churn/cox.ts';
import { coxData } from '../../plugins/churn/cox-data.ts';
import { plugin as code } from '../../plugins/churn/index.ts';
import { survivalCurve, survivalTime } from '../../plugins/churn/kaplan-meier.ts';
import { fitLogistic } from '../../plugins/churn/logistic.ts';
import {
  booleanColumn,
  type Column,
  integerColumn,
  numberColumn,
  type PluginManifest,
  seededRandom,
  spells,
  stringColumn,
} from '../../src/sdk/index.ts';
import { runAnalysis } from '../../src/sdk/testing.ts';
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
  const many = makeSpells(1e7);
  const wholeDays = integerColumn(many.days);
  const exact = numberColumn(many.exact);
  const estimate = (duration: Column): void => {
    if (duration.type === 'string') return;
    const [counts] = spells(duration, many.ended).groups;
    survivalTime(survivalCurve(counts), { confidence: 0.95, interval: 'log' });
  };
  const survival = (duration: Column) => () =>
    runAnalysis(plugin, 'churn.survival', {
      inputs: { spells: { fields: { duration, ended: booleanColumn(many.ended) } } },
    });
  const few = makeSpells(1e6);
  const covariate = Float64Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 97);
  const times = Float64Array.from(few.days);
  const { columns, churned } = makeCustomers(1e6, 20);
  const properties = Object.fromEntries(columns.map((values, c) => [`feature${c}`, numberColumn(values)]));
  const customer = stringColumn(Array.from({ length: 1e6 }, (_, i) => `C${i}`));
  const fields = { customer, churned: booleanColumn(churned) };
  const risk = (parameters: Record<string, string>) => () =>
    runAnalysis(plugin, 'churn.risk', { inputs: { customers: { fields, properties } }, parameters });
  const cox = () => fitCox(coxData(times, few.ended, [covariate]), 'efron', async () => undefined);
  return [
    { line: 'Kaplan–Meier, days', rows: 1e7, ours: await median(() => estimate(wholeDays)), peer: survfit },
    { line: 'Kaplan–Meier, exact', rows: 1e7, ours: await median(() => estimate(exact)), peer: survfit },
    { line: 'churn.survival, days', rows: 1e7, ours: await median(survival(wholeDays), 3), peer: survfit },
    { line: 'Cox, one covariate', rows: 1e6, ours: await median(cox, 3), peer: coxph },
    { line: 'logistic, 20 features', rows: 1e6, ours: await median(() => fitLogistic(columns, churned), 3) },
    { line: 'churn.risk, logistic', rows: 1e6, ours: await median(risk({}), 1) },
    { line: 'churn.risk, trees', rows: 1e6, ours: await median(risk({ model: 'boosted-trees' }), 1) },
  ];
}
