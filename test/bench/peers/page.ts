import Papa from 'papaparse';
import { PluginHost, workerTransport } from '../../../src/platform/index.ts';
import { type CsvImportTiming, orderCsv } from '../csv-import.ts';
import { makeFunnelEvents } from '../funnel.ts';
import * as queries from '../queries.ts';
import { sandboxOverhead } from '../sandbox.ts';
import { sheetFigures } from '../sheet.ts';
import { tableScale } from '../table-scale.ts';
import { median } from '../time.ts';
import { generateTransactions } from '../transactions.ts';
import { startDuckDbWasm } from './duckdb-wasm.ts';
import { manifest } from './ours.ts';

/** One of our lines, in a plugin of its own that may use `threads` threads. */
async function ours(
  line: string,
  rows: number,
  clustered: boolean,
  threads: number,
): Promise<{ milliseconds: number; answer: string }> {
  const host = new PluginHost({ threads });
  const makeWorker = (): Worker => new Worker(new URL('./ours.worker.ts', import.meta.url), { type: 'module' });
  host.installBuiltIn(manifest, {}, workerTransport(makeWorker));
  try {
    const run = { inputs: {}, parameters: { rows, clustered }, timeZone: 'UTC' };
    const { metrics, settled } = await host.runAnalysis(`bench.${line}`, run);
    return { milliseconds: Number(metrics.milliseconds.value), answer: JSON.stringify(settled?.answer) };
  } finally {
    host.dispose();
  }
}

function inWorker<A>(worker: Worker, message: unknown): Promise<A> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event) => {
      worker.terminate();
      resolve(event.data as A);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(message);
  });
}

async function wasm(
  line: 'rfm' | 'rfmMatrix' | 'cohorts' | 'funnel',
  rows: number,
): Promise<{ milliseconds: number; answer: unknown[] }> {
  const peer = await startDuckDbWasm();
  if (line === 'funnel') {
    const { customer, seconds, step } = makeFunnelEvents(rows);
    await peer.load('events', { customer, time: seconds, step: step.map((value) => value + 1) });
  } else {
    const { customer, day, cents } = generateTransactions({ rows, customers: rows / 10, order: 'none' });
    await peer.load('transactions', { customer, day, cents });
  }
  let answer: unknown[] = [];
  const milliseconds = await median(
    async () => {
      answer = await peer.query(queries[line]);
    },
    rows > 3e6 && line === 'funnel' ? 3 : 5,
  );
  await peer.close();
  return {
    milliseconds,
    answer: JSON.parse(JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? Number(value) : value))),
  };
}

async function csvImport(): Promise<Record<string, number>> {
  const bytes = orderCsv();
  const file = new File([bytes], 'orders.csv');
  const worker = new Worker(new URL('../csv-import.worker.ts', import.meta.url), { type: 'module' });
  const timings = await inWorker<CsvImportTiming[]>(worker, { file, runs: 6 });
  const middle = (read: (timing: CsvImportTiming) => number): number =>
    timings
      .slice(1)
      .map(read)
      .sort((a, b) => a - b)[(timings.length - 1) >> 1];
  const peer = await startDuckDbWasm();
  // The same file handle as ours, not a copy in its memory.
  await peer.file('orders.csv', file);
  const duckdb = await median(async () => {
    await peer.query('DROP TABLE IF EXISTS orders');
    await peer.query("CREATE TABLE orders AS SELECT * FROM read_csv('orders.csv')");
  });
  const [row] = await peer.query('SELECT count(*) AS rows, count(DISTINCT customer) AS customers FROM orders');
  await peer.close();
  if (Number(row.rows) !== timings[0].rows || Number(row.customers) !== timings[0].distinctCustomers) {
    throw new Error('DuckDB-WASM and we disagree about the file.');
  }
  const text = new TextDecoder().decode(bytes);
  const papaparse = await median(() => Papa.parse(text, { header: true, dynamicTyping: true }), 1);
  return {
    ours: middle(({ milliseconds }) => milliseconds),
    stored: middle(({ stored = 0 }) => stored),
    duckdb,
    papaparse,
    rows: timings[0].rows,
  };
}

/** RFM with its columns read from IndexedDB first. */
function coldRfm(rows: number): Promise<number> {
  return inWorker(new Worker(new URL('../cold-rfm.worker.ts', import.meta.url), { type: 'module' }), { rows, runs: 5 });
}

/** The file that the bench has put into the page's file field. */
function scaleOfChosen(): ReturnType<typeof tableScale> {
  const [file] = document.querySelector<HTMLInputElement>('#file')?.files ?? [];
  return tableScale(file);
}

Object.assign(window, {
  bench: { ours, wasm, csvImport, coldRfm, sheetFigures, tableScale: scaleOfChosen, sandboxOverhead },
});
