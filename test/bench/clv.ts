import { bgNbd } from '../../plugins/clv/beta-geometric.ts';
import { plugin as code } from '../../plugins/clv/index.ts';
import manifest from '../../plugins/clv/plugin.json';
import { fitPurchases } from '../../plugins/clv/purchase-fit.ts';
import { type SimulatedBase, simulatePurchases } from '../../plugins/clv/simulate.ts';
import { groupRows } from '../../plugins/clv/weighted-rows.ts';
import { integerColumn, numberColumn, type PluginManifest, seededRandom } from '../../src/sdk/index.ts';
import { runAnalysis } from '../../src/sdk/testing.ts';
import type { RecordedLine } from './recorded-line.ts';
import { median } from './time.ts';

/** Customers like those of CDNOW, with continuous times: no two histories of someone who came back are alike. */
export function makeCustomers(customers: number): SimulatedBase {
  return simulatePurchases('bg-nbd', [0.243, 4.414, 0.793, 2.426], customers, [27, 39], seededRandom(5));
}

/** Milliseconds to group and fit BG/NBD with its standard errors. */
export function fitBgNbd({ frequency, recency, T }: SimulatedBase, runs = 5): Promise<number> {
  return median(() => fitPurchases(bgNbd, groupRows(frequency, recency, T)), runs);
}

/** Milliseconds of the whole analysis: fit, predictions, values and intervals of every customer, tables and charts. */
export function runForecast({ frequency, recency, T }: SimulatedBase, runs = 3): Promise<number> {
  const random = seededRandom(6);
  const fields = {
    customer: integerColumn(frequency.map((_, i) => i)),
    frequency: integerColumn(frequency),
    recency: numberColumn(recency),
    T: numberColumn(T),
    monetary: numberColumn(frequency.map((x) => (x > 0 ? random.gamma(6 * x, random.gamma(4, 15)) / x : Number.NaN))),
  };
  const clv = { manifest: manifest as unknown as PluginManifest, code };
  return median(() => runAnalysis(clv, 'clv.forecast', { inputs: { summary: { fields } } }), runs);
}

/** Recorded on this class of machine: lifetimes 0.11.3 on its CDNOW summary and on a million customers. */
const lifetimes = (milliseconds: number) => ({ name: 'lifetimes', milliseconds, limit: 0.2 });

/** BG/NBD fits with standard errors, and whole forecasts. */
export async function clvLines(): Promise<RecordedLine[]> {
  const small = makeCustomers(2357);
  const large = makeCustomers(1_000_000);
  return [
    { line: 'BG/NBD fit', rows: 2357, ours: await fitBgNbd(small, 30), peer: lifetimes(50.1) },
    { line: 'BG/NBD fit', rows: 1e6, ours: await fitBgNbd(large), peer: lifetimes(8279) },
    { line: 'clv.forecast', rows: 2357, ours: await runForecast(small) },
    { line: 'clv.forecast', rows: 1e6, ours: await runForecast(large, 1) },
  ];
}
