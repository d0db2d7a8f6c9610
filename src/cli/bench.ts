import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createServer } from 'vite';
import type { RecordedLine } from '../../test/bench/recorded-line.ts';
import type { SandboxComparison, SandboxRun } from '../../test/bench/sandbox.ts';
import type { ScaleFigure } from '../../test/bench/table-scale.ts';
import { findChromium } from './find-chromium.ts';
import { buildBundle, readPluginManifest } from './plugin-bundle.ts';
import { root } from './root.ts';
import { buildPlainPrelude } from './sandbox-prelude.ts';

const folder = join(root, 'test', 'bench');

/** One measured line: our milliseconds and each peer's, on the same data in the same run. */
interface BenchLine {
  readonly line: string;
  readonly rows: number;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** The most that ours may be of a peer's, where a limit is set. */
  readonly limits?: Readonly<Record<string, number>>;
}

interface BenchPage {
  ours(
    line: string,
    rows: number,
    clustered: boolean,
    threads: number,
  ): Promise<{ milliseconds: number; answer: string }>;
  wasm(line: string, rows: number): Promise<{ milliseconds: number; answer: unknown[] }>;
  tableScale(): Promise<ScaleFigure[]>;
  sheetFigures(): Promise<ScaleFigure[]>;
  coldRfm(rows: number): Promise<number>;
  sandboxOverhead(
    given: { bundle: string; plain: string; manifest: unknown },
    rows: number,
    runs: number,
  ): Promise<SandboxComparison>;
  csvImport(): Promise<{ ours: number; stored: number; duckdb: number; papaparse: number; rows: number }>;
}

declare global {
  var bench: BenchPage;
}

/** The peers are installed here and only here, so that the app's own install stays light. */
function installPeers(): void {
  if (existsSync(join(folder, 'node_modules', '@duckdb'))) return;
  console.log('Installing the peers…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) throw new Error('The peers could not be installed.');
}

async function native(line: 'rfm' | 'rfmMatrix' | 'cohorts' | 'funnel', rows: number): Promise<number> {
  const { startDuckDbNative } = await import(join(folder, 'peers', 'duckdb-native.ts'));
  const { generateTransactions } = await import(join(folder, 'transactions.ts'));
  const { makeFunnelEvents } = await import(join(folder, 'funnel.ts'));
  const queries = await import(join(folder, 'queries.ts'));
  const { median } = await import(join(folder, 'time.ts'));
  const peer = await startDuckDbNative();
  if (line === 'funnel') {
    const { customer, seconds, step } = makeFunnelEvents(rows);
    await peer.load('events', { customer, time: seconds, step: step.map((value: number) => value + 1) });
  } else {
    await peer.load('transactions', { ...generateTransactions({ rows, customers: rows / 10, order: 'none' }) });
  }
  const milliseconds = await median(() => peer.query(queries[line]));
  peer.close();
  return milliseconds;
}

async function compare(
  page: Page,
  line: 'rfm' | 'cohorts' | 'funnel',
  rows: number,
  limits?: BenchLine['limits'],
): Promise<BenchLine> {
  const run = (clustered: boolean, threads: number) =>
    page.evaluate(([l, r, c, t]) => bench.ours(l, r, c, t), [line, rows, clustered, threads] as const);
  const two = await run(false, 2);
  const one = await run(false, 1);
  const clustered = await run(true, 2);
  if (two.answer !== one.answer) throw new Error(`'${line}' differs with the number of threads.`);
  const wasm = await page.evaluate(([l, r]) => bench.wasm(l, r), [line, rows] as const);
  return {
    line,
    rows,
    ours: two.milliseconds,
    peers: {
      'ours, one thread': one.milliseconds,
      'ours, clustered': clustered.milliseconds,
      'DuckDB-WASM': wasm.milliseconds,
      'DuckDB native': await native(line, rows),
    },
    limits,
  };
}

/** RFM first-party and in the sandbox, each in the way of the app: the run itself, and all that the user waits for. */
async function sandboxLines(page: Page, rows: number): Promise<BenchLine[]> {
  const folder = join(root, 'plugins', 'rfm');
  const manifest = readPluginManifest(folder);
  const bundle = (await buildBundle(folder, manifest)) as string;
  const given = { bundle, plain: await buildPlainPrelude(), manifest: JSON.parse(JSON.stringify(manifest)) };
  const { worker, sandbox } = await page.evaluate(([g, r]) => bench.sandboxOverhead(g, r, 5), [given, rows] as const);
  if (new Set([...worker, ...sandbox].map(({ digest }) => digest)).size > 1)
    throw new Error('The sandbox gives other bytes than the worker.');
  const middle = (runs: readonly SandboxRun[], of: 'reading' | 'running' | 'saving' | 'whole'): number =>
    runs.map((run) => run[of]).sort((a, b) => a - b)[runs.length >> 1];
  const line = (name: string, of: 'reading' | 'running' | 'saving' | 'whole', limit?: number): BenchLine => ({
    line: name,
    rows,
    ours: middle(sandbox, of),
    peers: { 'first-party': middle(worker, of) },
    limits: limit === undefined ? undefined : { 'first-party': limit },
  });
  return [
    line('sandbox', 'whole', 1.15),
    line('  reading', 'reading'),
    line('  running', 'running'),
    line('  saving', 'saving'),
  ];
}

/** Tables at scale, from a real file: a Blob of that size would not stay readable. */
async function measureTables(page: Page, rows: number): Promise<ScaleFigure[]> {
  const { salesCsv } = await import('../../test/bench/table-scale.ts');
  const path = join(mkdtempSync(join(tmpdir(), 'patron-bench-')), 'sales.csv');
  try {
    const file = openSync(path, 'w');
    for (const piece of salesCsv(rows)) writeSync(file, piece);
    closeSync(file);
    await page.setInputFiles('#file', path);
    return await page.evaluate(() => bench.tableScale());
  } finally {
    rmSync(dirname(path), { recursive: true });
  }
}

function print(lines: readonly BenchLine[]): void {
  console.log(`\n${'line'.padEnd(12)}${'rows'.padStart(12)}${'ours ms'.padStart(10)}   peer ms (ours ÷ peer)`);
  for (const { line, rows, ours, peers, limits } of lines) {
    const told = Object.entries(peers).map(([name, ms]) => {
      const limit = limits?.[name];
      const verdict = limit === undefined ? '' : ours / ms <= limit ? ` ≤ ${limit} ✓` : ` > ${limit} ✗`;
      return `${name} ${ms.toFixed(0)} (${(ours / ms).toFixed(2)}${verdict})`;
    });
    console.log(
      `${line.padEnd(12)}${rows.toLocaleString('en').padStart(12)}${ours.toFixed(0).padStart(10)}   ${told.join('  ')}`,
    );
  }
}

function printRecorded(lines: readonly RecordedLine[]): void {
  if (lines.length === 0) return;
  console.log(
    `\n${'in Node'.padEnd(24)}${'rows'.padStart(12)}${'1 thread'.padStart(10)}${'ours ms'.padStart(10)}   recorded peer ms (ours ÷ peer)`,
  );
  for (const { line, rows, ours, oneThread, peer } of lines) {
    const ratio = peer ? ours / peer.milliseconds : 0;
    const verdict = peer ? (ratio <= peer.limit ? `≤ ${peer.limit} ✓` : `> ${peer.limit} ✗`) : '';
    const told = peer ? `   ${peer.name} ${peer.milliseconds} (${ratio.toFixed(3)} ${verdict})` : '';
    const alone = (oneThread?.toFixed(0) ?? '').padStart(10);
    console.log(
      `${line.padEnd(24)}${rows.toLocaleString('en').padStart(12)}${alone}${ours.toFixed(0).padStart(10)}${told}`,
    );
  }
}

/** Lines that need no browser; the peers' times were recorded on this class of machine. */
async function recordedLines(): Promise<RecordedLine[]> {
  const { clvLines } = await import('../../test/bench/clv.ts');
  const { churnLines } = await import('../../test/bench/churn.ts');
  const { satisfactionLines } = await import('../../test/bench/satisfaction.ts');
  const groups = { clv: clvLines, churn: churnLines, nps: satisfactionLines };
  const found: RecordedLine[] = [];
  for (const [name, group] of Object.entries(groups)) if (wanted(name)) found.push(...(await group()));
  return found;
}

installPeers();
const only = process.argv.slice(2);
const wanted = (line: string): boolean => only.length === 0 || only.includes(line);
const server = await createServer({ root, logLevel: 'error', server: { port: 0, hmr: false } });
await server.listen();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const lines: BenchLine[] = [];
const scale: ScaleFigure[] = [];
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(new URL('test/bench/peers/page.html', server.resolvedUrls?.local[0]).href);
  await page.waitForFunction(() => 'bench' in globalThis, undefined, { timeout: 60_000 });
  if (wanted('csv')) {
    const { ours, stored, duckdb, papaparse, rows } = await page.evaluate(() => bench.csvImport());
    lines.push({
      line: 'csv',
      rows,
      ours,
      peers: { 'ours, stored in IndexedDB': stored, 'DuckDB-WASM': duckdb, papaparse },
      limits: { 'DuckDB-WASM': 1.2 },
    });
  }
  if (wanted('sandbox')) lines.push(...(await sandboxLines(page, 1e7)));
  if (wanted('sheet')) scale.push(...(await page.evaluate(() => bench.sheetFigures())));
  if (wanted('tables')) scale.push(...(await measureTables(page, 1e7)));
  if (wanted('rfm')) {
    const limits = { 'DuckDB-WASM': 0.3, 'DuckDB native': 0.5, 'WASM, matrix only': 0.3, 'native, matrix only': 0.5 };
    const line = await compare(page, 'rfm', 1e7, limits);
    const lighter = await page.evaluate((rows) => bench.wasm('rfmMatrix', rows), 1e7);
    const cold = await page.evaluate(() => bench.coldRfm(1e7));
    lines.push({
      ...line,
      peers: {
        ...line.peers,
        'WASM, matrix only': lighter.milliseconds,
        'native, matrix only': await native('rfmMatrix', 1e7),
        'ours, cold from IndexedDB': cold,
      },
    });
  }
  for (const line of ['funnel', 'cohorts'] as const) {
    if (!wanted(line)) continue;
    const limits = { 'DuckDB-WASM': 0.1, 'DuckDB native': line === 'funnel' ? 0.1 : 0.2 };
    for (const rows of [1e6, 3e6, 1e7]) lines.push(await compare(page, line, rows, limits));
  }
} finally {
  await browser.close();
  await server.close();
}
if (lines.length > 0) print(lines);
if (scale.length > 0) console.log('\ntables of 10,000,000 rows × 8, and a sheet of 1,000,000 rows');
for (const { what, value, unit, limit } of scale) {
  const verdict = limit === undefined ? '' : value <= limit ? `   ≤ ${limit} ✓` : `   > ${limit} ✗`;
  console.log(
    `${what.padEnd(28)}${value.toFixed(unit === 'ms' && limit === undefined ? 0 : 1).padStart(10)} ${unit}${verdict}`,
  );
}
const recorded = await recordedLines();
printRecorded(recorded);
mkdirSync(join(folder, 'results'), { recursive: true });
const machine = { cpu: cpus()[0].model, cores: cpus().length, memory: totalmem(), node: process.version };
writeFileSync(
  join(folder, 'results', 'latest.json'),
  JSON.stringify({ when: new Date().toISOString(), machine, lines, scale, recorded }, null, 2),
);
