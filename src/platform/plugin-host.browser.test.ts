import { type JsonObject, numberColumn } from '@patron/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import type { PluginStoppedError } from './errors.ts';
import { catalogues, manifest } from './fixtures/small-plugin.ts';
import { PluginHost } from './plugin-host.ts';
import { workerTransport } from './worker-transport.ts';

const hosts: PluginHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

let workersMade = 0;
function hostWithWorker(threads?: number): PluginHost {
  const host = new PluginHost({ threads });
  hosts.push(host);
  const makeWorker = (): Worker => {
    workersMade++;
    return new Worker(new URL('./fixtures/small-plugin-worker.ts', import.meta.url), { type: 'module' });
  };
  host.installBuiltIn(manifest, catalogues, workerTransport(makeWorker));
  return host;
}

const run = (parameters: JsonObject = {}, length = 4) => {
  const value = numberColumn(Float64Array.from({ length }, (_, i) => i + 1));
  return { inputs: { numbers: { rows: length, fields: { value }, properties: {} } }, parameters, timeZone: 'UTC' };
};
const thrown = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('no error'),
    (error) => error,
  );
const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a first-party plugin in a worker of its own', () => {
  it('runs an analysis, with columns handed over', async () => {
    const host = hostWithWorker();
    const given = run({}, 100_000);
    expect((await host.runAnalysis('small.sum', given)).metrics.total.value).toBe(5_000_050_000);
    expect(given.inputs.numbers.fields.value.values.length).toBe(0);
    expect(host.plugin('test.small').transportKind).toBe('worker');
  });

  it('rejects a cancelled run at once, and ends a worker that does not obey within two seconds', async () => {
    const host = hostWithWorker();
    await host.runAnalysis('small.sum', run());
    const made = workersMade;
    const controller = new AbortController();
    const pending = thrown(host.runAnalysis('small.sum', run({ mode: 'spin' }), { signal: controller.signal }));
    await later(200);
    controller.abort(new Error('enough'));
    expect((await pending).message).toBe('enough');
    expect(host.plugin('test.small').status.state).toBe('running');
    await later(2200);
    expect(host.plugin('test.small').status.state).toBe('idle');
    expect((await host.runAnalysis('small.sum', run())).metrics.total.value).toBe(10);
    expect(workersMade).toBe(made + 1);
  });

  it('lets a cancelled run that obeys keep its worker', async () => {
    const host = hostWithWorker();
    await host.runAnalysis('small.sum', run());
    const made = workersMade;
    const controller = new AbortController();
    const pending = thrown(host.runAnalysis('small.sum', run({ mode: 'wait' }), { signal: controller.signal }));
    await later(200);
    controller.abort(new Error('enough'));
    await pending;
    await later(2200);
    await host.runAnalysis('small.sum', run());
    expect(workersMade).toBe(made);
  });

  it('shows a silent plugin as not responding after three seconds, and stops it on request', async () => {
    const host = hostWithWorker();
    await host.runAnalysis('small.sum', run());
    const pending = thrown(host.runAnalysis('small.sum', run({ mode: 'spin' })));
    await later(2500);
    expect(host.plugin('test.small').status.state).toBe('running');
    await later(2500);
    expect(host.plugin('test.small').status.state).toBe('notResponding');
    host.stop('test.small');
    expect(((await pending) as PluginStoppedError).reason).toBe('unresponsive');
    expect(host.plugin('test.small').status.state).toBe('idle');
  });

  it('says why a worker does not start', async () => {
    const host = new PluginHost();
    hosts.push(host);
    const source = URL.createObjectURL(new Blob(['throw new Error("no luck");'], { type: 'text/javascript' }));
    host.installBuiltIn(
      manifest,
      catalogues,
      workerTransport(() => new Worker(source, { type: 'module' })),
    );
    await expect(host.runAnalysis('small.sum', run())).rejects.toThrow("Plugin 'Small' could not start");
    URL.revokeObjectURL(source);
  });
});

describe('kernels spread over threads', () => {
  const workersDuring = async (work: () => Promise<unknown>): Promise<number> => {
    const before = workersMade;
    await work();
    return workersMade - before;
  };

  it('give the same whatever the number of threads, which start once and stay', async () => {
    const answers: unknown[] = [];
    for (const threads of [1, 2, 3]) {
      const host = hostWithWorker(threads);
      const made = await workersDuring(async () => {
        const { metrics } = await host.runAnalysis('small.sum', run({ mode: 'spread' }, 1000));
        expect(metrics.total.value).toBe(500_500);
        expect(metrics.threads.value).toBe(threads);
        expect(metrics.used.value).toBe(threads);
        answers.push(metrics.order.value);
      });
      expect(made).toBe(threads);
      expect(await workersDuring(() => host.runAnalysis('small.sum', run({ mode: 'spread' }, 1000)))).toBe(0);
    }
    expect(new Set(answers).size).toBe(1);
  });

  it.skipIf(typeof SharedArrayBuffer === 'undefined')(
    'share memory, of which none leaves with the result',
    async () => {
      const host = hostWithWorker(2);
      const values = new Float64Array(new SharedArrayBuffer(80_000)).fill(2);
      const inputs = { numbers: { rows: 10_000, fields: { value: numberColumn(values) }, properties: {} } };
      const result = await host.runAnalysis('small.sum', { ...run({ mode: 'spread' }), inputs });
      expect(result.metrics.shared.value).toBe('true');
      expect(result.metrics.total.value).toBe(20_000);
      const [{ column }] = result.tables.values.columns;
      expect(column.length).toBe(10_000);
      expect('values' in column && column.values.buffer instanceof ArrayBuffer).toBe(true);
    },
  );

  it('pass on what a kernel throws in another thread', async () => {
    const host = hostWithWorker(2);
    const error = await thrown(host.runAnalysis('small.sum', run({ mode: 'spreadFail' })));
    expect(error).toMatchObject({ name: 'AnalysisError', path: 'inputs.numbers.value' });
    expect((await host.runAnalysis('small.sum', run({ mode: 'spread' }))).metrics.total.value).toBe(10);
  });

  it('end with a cancel that they do not obey, and start anew', async () => {
    const host = hostWithWorker(2);
    await host.runAnalysis('small.sum', run({ mode: 'spread' }));
    const controller = new AbortController();
    const pending = thrown(host.runAnalysis('small.sum', run({ mode: 'spreadSpin' }), { signal: controller.signal }));
    await later(200);
    controller.abort(new Error('enough'));
    expect((await pending).message).toBe('enough');
    await later(2500);
    expect(host.plugin('test.small').status.state).toBe('running');
    const made = await workersDuring(async () => {
      expect((await host.runAnalysis('small.sum', run({ mode: 'spread' }))).metrics.total.value).toBe(10);
    });
    expect(made).toBe(1);
  });

  it('show their silence, and stop with the plugin', async () => {
    const host = hostWithWorker(2);
    const pending = thrown(host.runAnalysis('small.sum', run({ mode: 'spreadSpin' })));
    await later(6000);
    expect(host.plugin('test.small').status.state).toBe('notResponding');
    host.stop('test.small');
    expect(((await pending) as PluginStoppedError).reason).toBe('unresponsive');
    expect(host.plugin('test.small').status.state).toBe('idle');
    const made = await workersDuring(async () => {
      expect((await host.runAnalysis('small.sum', run({ mode: 'spread' }))).metrics.total.value).toBe(10);
    });
    expect(made).toBe(2);
  });
});
