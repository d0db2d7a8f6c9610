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

/**
 * Churn on generated data: `npx tsx test/bench/churn.ts`. Recorded peers on this class of machine: R survival 3.5.3 survfit
 * 883 ms and coxph with one covariate 3105 ms, both for 1 million customers.
 */
const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../plugins/churn/plugin.json'), 'utf8'),
) as PluginManifest;
const plugin = { manifest, code };

interface Timing {
  readonly milliseconds: number;
  /** Processor time, which says more than the clock on a busy machine. */
  readonly processor: number;
}

async function median(run: () => unknown, times = 5): Promise<Timing> {
  const timings: Timing[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    const before = process.cpuUsage();
    await run();
    const used = process.cpuUsage(before);
    timings.push({ milliseconds: performance.now() - start, processor: (used.user + used.system) / 1000 });
  }
  return timings.sort((a, b) => a.milliseconds - b.milliseconds)[times >> 1];
}

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

async function main(): Promise<void> {
  const lines: ({ line: string; rows: number; peer?: number } & Timing)[] = [];
  const many = makeSpells(1e7);
  const estimate = (duration: Column): void => {
    if (duration.type === 'string') return;
    const [counts] = spells(duration, many.ended).groups;
    survivalTime(survivalCurve(counts), { confidence: 0.95, interval: 'log' });
  };
  const wholeDays = integerColumn(many.days);
  const exact = numberColumn(many.exact);
  lines.push({
    line: 'Kaplan–Meier, days',
    rows: 1e7,
    ...(await median(() => estimate(wholeDays))),
    peer: 8830,
  });
  lines.push({ line: 'Kaplan–Meier, exact', rows: 1e7, ...(await median(() => estimate(exact))), peer: 8830 });
  const analysis = (duration: Column) => () =>
    runAnalysis(plugin, 'churn.survival', {
      inputs: { spells: { fields: { duration, ended: booleanColumn(many.ended) } } },
    });
  lines.push({ line: 'churn.survival, days', rows: 1e7, ...(await median(analysis(wholeDays), 3)) });
  lines.push({ line: 'churn.survival, exact', rows: 1e7, ...(await median(analysis(exact), 3)) });

  const few = makeSpells(1e6);
  const covariate = Float64Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 97);
  const times = Float64Array.from(few.days);
  lines.push({
    line: 'Cox, one covariate',
    rows: 1e6,
    ...(await median(() => fitCox(coxData(times, few.ended, [covariate]), 'efron', async () => undefined), 3)),
    peer: 3105,
  });

  const { columns, churned } = makeCustomers(1e6, 20);
  lines.push({
    line: 'logistic fit, 20 features',
    rows: 1e6,
    ...(await median(() => fitLogistic(columns, churned), 3)),
  });
  const properties = Object.fromEntries(columns.map((values, c) => [`feature${c}`, numberColumn(values)]));
  const customer = stringColumn(Array.from({ length: 1e6 }, (_, i) => `C${i}`));
  const fields = { customer, churned: booleanColumn(churned) };
  const risk = (parameters: Record<string, string>) => () =>
    runAnalysis(plugin, 'churn.risk', { inputs: { customers: { fields, properties } }, parameters });
  lines.push({ line: 'churn.risk, logistic', rows: 1e6, ...(await median(risk({}), 3)) });
  lines.push({
    line: 'churn.risk, boosted trees',
    rows: 1e6,
    ...(await median(risk({ model: 'boosted-trees' }), 1)),
  });

  for (const { line, rows, milliseconds, processor, peer } of lines) {
    const told = peer === undefined ? '' : `   R survival ${peer} ms (${(milliseconds / peer).toFixed(3)})`;
    console.log(
      `${line.padEnd(28)}${rows.toLocaleString('en').padStart(12)}${milliseconds.toFixed(0).padStart(8)} ms${processor.toFixed(0).padStart(8)} ms processor${told}`,
    );
  }
}

await main();
