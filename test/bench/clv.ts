import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, type Crew, shareRows, worthSharing } from '../../plugins/clv/crew.ts';
import { plugin as code } from '../../plugins/clv/index.ts';
import { fitPurchases } from '../../plugins/clv/purchase-fit.ts';
import type { PurchaseModelName } from '../../plugins/clv/purchase-model.ts';
import { PURCHASE_MODELS } from '../../plugins/clv/purchase-models.ts';
import { type SimulatedBase, simulatePurchases } from '../../plugins/clv/simulate.ts';
import { groupRows } from '../../plugins/clv/weighted-rows.ts';
import { integerColumn, numberColumn, type PluginManifest, seededRandom, type Threads } from '../../src/sdk/index.ts';
import { runAnalysis, threadsOf } from '../../src/sdk/testing.ts';
import { twoThreads } from './node-threads.ts';
import type { RecordedLine } from './recorded-line.ts';
import { median } from './time.ts';

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../plugins/clv/plugin.json'), 'utf8'),
) as PluginManifest;

/** Customers like those of CDNOW, with continuous times: no two histories of someone who came back are alike. */
export function makeCustomers(customers: number): SimulatedBase {
  return simulatePurchases('bg-nbd', [0.243, 4.414, 0.793, 2.426], customers, [27, 39], seededRandom(5));
}

/** Milliseconds to group and fit a purchase model with its standard errors. */
export function fitModel(
  model: PurchaseModelName,
  { frequency, recency, T }: SimulatedBase,
  threads: Threads,
  runs: number,
): Promise<number> {
  const crew: Crew = { ...alone, ...threads };
  return median(() => {
    const rows = groupRows(frequency, recency, T);
    return fitPurchases(PURCHASE_MODELS[model], worthSharing(crew, rows.size) ? shareRows(rows) : rows, crew);
  }, runs);
}

/** Milliseconds of the whole analysis: fit, predictions, values and intervals of every customer, tables and charts. */
export function runForecast(
  model: PurchaseModelName,
  { frequency, recency, T }: SimulatedBase,
  threads: Threads,
  runs: number,
): Promise<number> {
  const random = seededRandom(6);
  const fields = {
    customer: integerColumn(frequency.map((_, i) => i)),
    frequency: integerColumn(frequency),
    recency: numberColumn(recency),
    T: numberColumn(T),
    monetary: numberColumn(frequency.map((x) => (x > 0 ? random.gamma(6 * x, random.gamma(4, 15)) / x : Number.NaN))),
  };
  const run = { inputs: { summary: { fields } }, parameters: { model }, threads };
  return median(() => runAnalysis({ manifest, code }, 'clv.forecast', run), runs);
}

/** Recorded on this class of machine: lifetimes 0.11.3 on its CDNOW summary and on a million customers. */
const lifetimes = (milliseconds: number) => ({ name: 'lifetimes', milliseconds, limit: 0.2 });

/** Fits of BG/NBD and Pareto/NBD with standard errors, and whole forecasts by them. */
export async function clvLines(): Promise<RecordedLine[]> {
  const small = makeCustomers(2357);
  const large = makeCustomers(1_000_000);
  const one = threadsOf(code);
  const two = await twoThreads(new URL('../../plugins/clv/index.ts', import.meta.url));
  const both = async (
    line: string,
    run: (threads: Threads) => Promise<number>,
    peer?: RecordedLine['peer'],
  ): Promise<RecordedLine> => ({ line, rows: 1e6, oneThread: await run(one), ours: await run(two), peer });
  const lines: RecordedLine[] = [
    { line: 'BG/NBD fit', rows: 2357, ours: await fitModel('bg-nbd', small, one, 30), peer: lifetimes(50.1) },
    await both('BG/NBD fit', (threads) => fitModel('bg-nbd', large, threads, 5), lifetimes(8279)),
    await both('Pareto/NBD fit', (threads) => fitModel('pareto-nbd', large, threads, 3)),
    { line: 'clv.forecast', rows: 2357, ours: await runForecast('bg-nbd', small, one, 3) },
    await both('clv.forecast', (threads) => runForecast('bg-nbd', large, threads, 3)),
    await both('clv.forecast, Pareto', (threads) => runForecast('pareto-nbd', large, threads, 1)),
  ];
  await two.stop();
  return lines;
}
