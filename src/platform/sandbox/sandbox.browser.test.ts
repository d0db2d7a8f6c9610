import { prelude } from 'virtual:patron-sandbox-prelude';
import { numberColumn } from '@patron/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { catalogues, manifest } from '../fixtures/small-plugin.ts';
import { PluginHost } from '../plugin-host.ts';
import { sandboxTransport } from './sandbox-transport.ts';

const hosts: PluginHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const makeGuard = (): Worker =>
  new Worker(new URL('../../../workers/sandbox-guard.ts', import.meta.url), { type: 'module' });

function hostWithSandbox(bundle: string, threads?: number): PluginHost {
  const host = new PluginHost({ threads });
  hosts.push(host);
  host.install({
    manifest,
    catalogues,
    transport: sandboxTransport({ prelude, bundle, makeGuard }),
    source: 'file',
  });
  return host;
}

const sum = `
  var patronPlugin = { plugin: { analyses: { 'small.sum': async ({ inputs }) => {
    const { values } = inputs.numbers.fields.value;
    let total = 0;
    for (const value of values) total += value;
    return { metrics: { total: { value: total } }, tables: {}, charts: [], notes: [] };
  } } } };`;

const spread = `
  var thread = Math.random();
  var patronPlugin = { plugin: {
    analyses: { 'small.sum': async ({ inputs, threads, spread }) => {
      const { values } = inputs.numbers.fields.value;
      const halves = [values.subarray(0, 500), values.subarray(500)];
      const parts = await spread('add', halves);
      const used = new Set(parts.map((part) => part.thread)).size;
      const total = parts[0].total + parts[1].total;
      const metrics = { total: { value: total }, threads: { value: threads }, used: { value: used } };
      return { metrics, tables: {}, charts: [], notes: [] };
    } },
    kernels: { add: (values) => ({ total: values.reduce((sum, value) => sum + value, 0), thread }) },
  } };`;

const run = (length = 4, shared = false) => {
  const values = shared ? new Float64Array(new SharedArrayBuffer(length * 8)) : new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = i + 1;
  const value = { ...numberColumn([]), values, length, validity: undefined };
  return { inputs: { numbers: { rows: length, fields: { value }, properties: {} } }, parameters: {}, timeZone: 'UTC' };
};

describe('a plugin of a stranger in the sandbox', () => {
  it('runs an analysis as a first-party plugin does', async () => {
    const host = hostWithSandbox(sum);
    const result = await host.runAnalysis('small.sum', run(100_000));
    expect(result.metrics.total.value).toBe(5_000_050_000);
    expect(host.plugin('test.small')).toMatchObject({ transportKind: 'sandbox', status: { state: 'running' } });
  });

  it('gets a copy of columns in shared memory', async ({ skip }) => {
    skip(!globalThis.crossOriginIsolated, 'The page is not cross-origin isolated, so there is no shared memory.');
    const host = hostWithSandbox(sum);
    expect((await host.runAnalysis('small.sum', run(100_000, true))).metrics.total.value).toBe(5_000_050_000);
  });

  it('spreads its kernels over further sandboxes, which get copies', async () => {
    const host = hostWithSandbox(spread, 2);
    const { metrics } = await host.runAnalysis('small.sum', run(1000));
    expect(metrics).toMatchObject({ total: { value: 500_500 }, threads: { value: 2 }, used: { value: 2 } });
    host.stop('test.small');
    expect(host.plugin('test.small').status.state).toBe('idle');
    expect(document.querySelectorAll('iframe[sandbox]').length).toBe(0);
  });

  it('says why a bundle does not start', async () => {
    await expect(hostWithSandbox('throw new Error("no luck")').runAnalysis('small.sum', run())).rejects.toThrow(
      'no luck',
    );
    await expect(hostWithSandbox('var other = 1').runAnalysis('small.sum', run())).rejects.toThrow(
      "does not export 'plugin'",
    );
    await expect(hostWithSandbox('syntax error here').runAnalysis('small.sum', run())).rejects.toThrow(
      'could not start',
    );
  });
});
