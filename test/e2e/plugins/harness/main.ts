import { prelude } from 'virtual:patron-sandbox-prelude';
import { type AnalysisResult, type Column, type RoleInput, stringVector } from '@patron/sdk';
import { PluginHost, sandboxTransport, workerTransport } from '../../../../src/platform/index.ts';

/** What an attack is: a bundle that contributes the analysis `evil.run`. */
export interface Attack {
  readonly bundle: string;
  /** Without the platform's end: the bundle speaks the protocol itself. */
  readonly raw: boolean;
  /** Milliseconds after which the run is cancelled. */
  readonly cancelAfter: number;
}

/** What came of an attack. */
export interface Outcome {
  /** The plugin's own report, where it got to give one. */
  readonly detail: string | null;
  readonly error: string | null;
  readonly state: string;
  /** The longest task of the page, in milliseconds. */
  readonly blocked: number;
  readonly polluted: boolean;
  readonly heard: number;
  readonly innocent: boolean;
  readonly frames: number;
}

/** Object addresses that were made and not given back. */
let addresses = 0;
const makeAddress = URL.createObjectURL;
const giveBack = URL.revokeObjectURL;
URL.createObjectURL = (of) => {
  addresses++;
  return makeAddress.call(URL, of);
};
URL.revokeObjectURL = (address) => {
  addresses--;
  giveBack.call(URL, address);
};

const secret = { value: 'secret' };
let heard = 0;
new BroadcastChannel('patron').onmessage = () => heard++;
addEventListener('message', () => heard++);
const prototypeKeys = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

const makeGuard = (): Worker =>
  new Worker(new URL('../../../../workers/sandbox-guard.ts', import.meta.url), { type: 'module' });
const manifestOf = (id: string, analysis: string) => ({
  manifestVersion: 1,
  id,
  name: id,
  version: '1.0.0',
  engines: { patron: '^0.1.0' },
  main: 'main.js',
  contributes: {
    analyses: [
      {
        id: analysis,
        title: analysis,
        inputs: [
          { role: 'numbers', title: 'N', optional: true, fields: [{ name: 'value', title: 'V', kind: 'number' }] },
        ],
      },
    ],
  },
});
const sandboxed = (bundle: string, raw = false) => sandboxTransport({ prelude: raw ? '' : prelude, bundle, makeGuard });

const host = new PluginHost();
host.commands.register('app.secret', { title: () => 'Secret' }, () => secret.value);
host.commands.register('app.open', { title: () => 'Open', openToPlugins: true }, () => secret.value);
host.install({
  manifest: manifestOf('test.innocent', 'innocent.run'),
  catalogues: {},
  source: 'file',
  transport: sandboxed(`var patronPlugin = { plugin: { analyses: { 'innocent.run': async () =>
    ({ metrics: { answer: { value: 42 } }, tables: {}, charts: [], notes: [] }) } } };`),
});
const run = { inputs: {}, parameters: {}, timeZone: 'UTC' };

/** Installs the attacker, runs it, removes it, and looks at what is left. */
async function attack({ bundle, raw, cancelAfter }: Attack): Promise<Outcome> {
  let blocked = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) blocked = Math.max(blocked, duration);
  });
  observer.observe({ type: 'longtask' });
  heard = 0;
  const { plugin } = host.install({
    manifest: manifestOf('test.evil', 'evil.run'),
    catalogues: {},
    source: 'file',
    transport: sandboxed(bundle, raw),
  });
  let result: AnalysisResult | undefined;
  let error: string | null = null;
  const signal = AbortSignal.timeout(cancelAfter);
  try {
    result = await host.runAnalysis('evil.run', run, { signal });
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const state = plugin?.status.state ?? 'none';
  const answer = await host.runAnalysis('innocent.run', run).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  host.uninstall('test.evil');
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    detail: result ? String(result.metrics.detail?.value ?? null) : null,
    error,
    state,
    blocked,
    polluted: JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) !== prototypeKeys || 'polluted' in {},
    heard,
    innocent: answer?.metrics.answer.value === 42,
    frames: document.querySelectorAll('iframe').length,
  };
}

/** Starts and stops a sandboxed plugin, and counts what is still there. */
async function startAndStop(times: number): Promise<{ frames: number; commands: number; milliseconds: number }> {
  const begin = performance.now();
  for (let i = 0; i < times; i++) {
    host.install({
      manifest: manifestOf('test.brief', 'brief.run'),
      catalogues: {},
      source: 'file',
      transport: sandboxed(`var patronPlugin = { plugin: { analyses: { 'brief.run': async () =>
        ({ metrics: {}, tables: {}, charts: [], notes: [] }) } } };`),
    });
    await host.runAnalysis('brief.run', run);
    host.uninstall('test.brief');
  }
  const milliseconds = performance.now() - begin;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return { frames: document.querySelectorAll('iframe').length, commands: host.commands.all().length, milliseconds };
}

/**
 * RFM over transactions, with the same bundle in a plain worker of the page and in the sandbox: every byte of both results.
 * The columns are as the tables keep them: dictionary codes, days, hundredths of the currency.
 */
async function compare(bundle: string, plain: string, manifest: object, rows: number): Promise<Comparison> {
  const plainWorker = () =>
    new Worker(URL.createObjectURL(new Blob([`${plain}\n${bundle}\n`], { type: 'text/javascript' })));
  const customers = rows / 10;
  const names = stringVector(Array.from({ length: customers }, (_, i) => `c${i}`));
  const codes = new Uint32Array(rows);
  const days = new Int32Array(rows);
  const cents = new Int32Array(rows);
  let state = 1;
  for (let i = 0; i < rows; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    codes[i] = i < customers ? i : state % customers;
    days[i] = 14_000 + ((state >>> 8) % 730);
    cents[i] = 100 + ((state >>> 4) % 20_000);
  }
  const inputs = (): Record<string, RoleInput> => {
    const dictionary = { offsets: names.offsets.slice(), bytes: names.bytes.slice() };
    const fields: Record<string, Column> = {
      customer: { type: 'string', layout: 'dictionary', length: rows, codes: codes.slice(), dictionary },
      time: { type: 'date', length: rows, values: days.slice() },
      amount: { type: 'number', length: rows, values: cents.slice(), scale: 100 },
    };
    return { transactions: { rows, fields, properties: {} } };
  };
  const hosts = [workerTransport(plainWorker), sandboxed(bundle)].map((transport) => {
    const compared = new PluginHost();
    compared.install({ manifest, catalogues: {}, source: 'file', transport });
    return compared;
  });
  const digests: string[] = [];
  for (const compared of hosts) {
    digests.push(await digestOf(await compared.runAnalysis('rfm.segments', { ...run, inputs: inputs(), seed: 7 })));
    compared.dispose();
  }
  return { first: digests[0], sandbox: digests[1] };
}

/** Every byte of a result in one digest: the arrays as they are, the rest as JSON. */
async function digestOf(result: AnalysisResult): Promise<string> {
  const parts: BlobPart[] = [];
  const rest = JSON.stringify(result, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    parts.push(new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength));
    return `${value.constructor.name} ${value.byteLength}`;
  });
  const bytes = await new Blob([rest, ...parts]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${bytes.byteLength} bytes ${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Keeps the page busy for a while, to see that it is noticed. */
async function blockPage(milliseconds: number): Promise<number> {
  let blocked = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) blocked = Math.max(blocked, duration);
  });
  observer.observe({ type: 'longtask' });
  await new Promise((resolve) => setTimeout(resolve));
  const until = performance.now() + milliseconds;
  while (performance.now() < until) Math.random();
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  return blocked;
}

/** Digests of both results. */
export interface Comparison {
  readonly first: string;
  readonly sandbox: string;
}

export interface Harness {
  attack(attack: Attack): Promise<Outcome>;
  blockPage(milliseconds: number): Promise<number>;
  startAndStop(times: number): Promise<{ frames: number; commands: number; milliseconds: number }>;
  objectAddresses(): number;
  compare(bundle: string, plain: string, manifest: object, rows: number): Promise<Comparison>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = { attack, blockPage, startAndStop, objectAddresses: () => addresses, compare };
