import { prelude } from 'virtual:patron-sandbox-prelude';
import { type AnalysisResult, numberColumn, type RoleInput } from '@patron/sdk';
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

/** The same code in a plain worker of the page and in the sandbox: results as text, and times. */
async function compare(bundle: string, rows: number): Promise<{ first: string; sandbox: string; times: number[][] }> {
  const moduleWorker = () => {
    const source = `${prelude}\n${bundle}\n`;
    return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  };
  const columns = (): Record<string, RoleInput> => {
    const column = (step: number) => {
      const values = new Float64Array(rows);
      for (let i = 0; i < rows; i++) values[i] = (i * step) % 1000;
      return { ...numberColumn([]), length: rows, values, validity: undefined };
    };
    return { numbers: { rows, fields: { a: column(7), b: column(11), value: column(13) }, properties: {} } };
  };
  const hosts = [workerTransport(moduleWorker), sandboxed(bundle)].map((transport) => {
    const compared = new PluginHost();
    const source = 'file';
    compared.install({ manifest: manifestOf('test.compared', 'compared.run'), catalogues: {}, source, transport });
    return compared;
  });
  const times: number[][] = [[], []];
  const results = ['', ''];
  // In turn, so that what else the machine does meets both.
  for (let i = 0; i < 6; i++)
    for (const [which, compared] of hosts.entries()) {
      const inputs = columns();
      const begin = performance.now();
      const result = await compared.runAnalysis('compared.run', { ...run, inputs, seed: 7 });
      // The first run starts the worker.
      if (i > 0) times[which].push(performance.now() - begin);
      results[which] = JSON.stringify(result, (_key, value: unknown) =>
        ArrayBuffer.isView(value) ? [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] : value,
      );
    }
  for (const compared of hosts) compared.dispose();
  return { first: results[0], sandbox: results[1], times };
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

export interface Harness {
  attack(attack: Attack): Promise<Outcome>;
  blockPage(milliseconds: number): Promise<number>;
  startAndStop(times: number): Promise<{ frames: number; commands: number; milliseconds: number }>;
  compare(bundle: string, rows: number): Promise<{ first: string; sandbox: string; times: number[][] }>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = { attack, blockPage, startAndStop, compare };
