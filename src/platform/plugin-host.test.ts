import { AnalysisError, type JsonObject, numberColumn, renderText } from '@patron/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { PluginDisabledError, PluginFailedError, PluginStoppedError } from './errors.ts';
import { catalogues, code, manifest } from './fixtures/small-plugin.ts';
import { inProcessTransport } from './in-process-transport.ts';
import { PluginHost } from './plugin-host.ts';
import { renderPlatformText } from './problem.ts';

const hosts: PluginHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

function hostWithPlugin(): PluginHost {
  const host = new PluginHost();
  hosts.push(host);
  host.installBuiltIn(
    manifest,
    catalogues,
    inProcessTransport(() => code),
  );
  return host;
}

const inputs = (length = 4) => {
  const value = numberColumn(Float64Array.from({ length }, (_, i) => i + 1));
  return { numbers: { rows: length, fields: { value }, properties: {} } };
};
const run = (parameters: JsonObject = {}, length = 4) => ({ inputs: inputs(length), parameters, timeZone: 'UTC' });
const thrown = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('no error'),
    (error) => error,
  );

describe('a plugin over the protocol', () => {
  it('starts with its first run, and gives the result back', async () => {
    const host = hostWithPlugin();
    expect(host.plugin('test.small').status.state).toBe('idle');
    const result = await host.runAnalysis('small.sum', run());
    expect(result.metrics.total).toEqual({ value: 10, n: 4 });
    expect(result.tables.values.columns[0].column.length).toBe(3);
    const { status } = host.plugin('test.small');
    expect(status).toMatchObject({ state: 'running', calls: 1, callsUnderWay: 0, faults: [] });
    expect(status.activationTime).toBeGreaterThan(0);
    expect(status.bytesOut).toBeGreaterThan(32);
    expect(status.bytesIn).toBeGreaterThan(24);
  });

  it('hands large inputs over, unless they are kept, and never shared memory', async () => {
    const host = hostWithPlugin();
    const given = run({}, 10_000);
    await host.runAnalysis('small.sum', given, { keepInputs: true });
    expect(given.inputs.numbers.fields.value.values.length).toBe(10_000);
    await host.runAnalysis('small.sum', given);
    expect(given.inputs.numbers.fields.value.values.length).toBe(0);
    const shared = new Float64Array(new SharedArrayBuffer(80_000)).fill(1);
    const column = { type: 'number', length: 10_000, values: shared, scale: 1 } as const;
    const result = await host.runAnalysis('small.sum', {
      ...given,
      inputs: { numbers: { rows: 10_000, fields: { value: column }, properties: {} } },
    });
    expect(result.metrics.total.value).toBe(10_000);
    expect(shared.length).toBe(10_000);
  });

  it('runs kernels one after another where there is one thread', async () => {
    const { metrics } = await hostWithPlugin().runAnalysis('small.sum', run({ mode: 'spread' }));
    expect(metrics).toMatchObject({ threads: { value: 1 }, used: { value: 1 }, order: { value: '1 2 3 4 0' } });
  });

  it('takes what is shared out of shared memory before it leaves with a result', async () => {
    const values = new Float64Array(new SharedArrayBuffer(80_000)).fill(1);
    const inputs = { numbers: { rows: 10_000, fields: { value: numberColumn(values) }, properties: {} } };
    const result = await hostWithPlugin().runAnalysis('small.sum', { ...run({ mode: 'spread' }), inputs });
    const [{ column }] = result.tables.values.columns;
    expect('values' in column && column.values.buffer instanceof ArrayBuffer).toBe(true);
    expect(values.length).toBe(10_000);
  });

  it('fills in the defaults and checks what was set', async () => {
    const host = hostWithPlugin();
    expect(host.completeParameters('small.sum', { bins: 7 })).toEqual({
      bins: 7,
      share: null,
      mode: 'plain',
      asOf: null,
      window: '14d',
      names: [],
      rules: [],
    });
    const messageOf = async (parameters: JsonObject): Promise<string> =>
      (await thrown(host.runAnalysis('small.sum', run(parameters)))).message;
    expect(await messageOf({ bins: 'five' })).toBe("parameters.bins: expected a whole number, got 'five'");
    expect(await messageOf({ bins: 1 })).toBe('parameters.bins: expected a number of at least 2, got 1');
    expect(await messageOf({ share: 1.5 })).toBe('parameters.share: expected a number of at most 1, got 1.5');
    expect(await messageOf({ mode: 'odd' })).toContain('parameters.mode: expected one of plain, fail,');
    expect(await messageOf({ asOf: '2011-02-30' })).toBe(
      "parameters.asOf: expected a day as YYYY-MM-DD, got '2011-02-30'",
    );
    expect(await messageOf({ window: '14 days' })).toContain('parameters.window: expected a time such as 14d');
    expect(await messageOf({ names: ['a', 3] })).toBe('parameters.names[1]: expected text, got 3');
    expect(await messageOf({ bin: 3 })).toBe("parameters.bin: there is no such parameter; did you mean 'bins'?");
    expect(host.completeParameters('small.sum', { mode: 'step:12' }).mode).toBe('step:12');
  });

  it('passes the refusal of an analysis on with its text and path', async () => {
    const host = hostWithPlugin();
    const error = (await thrown(host.runAnalysis('small.sum', run({ mode: 'refuse' })))) as AnalysisError;
    expect(error).toBeInstanceOf(AnalysisError);
    expect(error.path).toBe('inputs.numbers.value');
    expect(renderText(error.text, host.catalogueOf('test.small', 'zh-CN'), 'zh-CN')).toBe('数据有误');
    expect(host.plugin('test.small').status.faults).toEqual([]);
  });

  it('keeps a thrown error in the status of the plugin, and goes on', async () => {
    const host = hostWithPlugin();
    const error = (await thrown(host.runAnalysis('small.sum', run({ mode: 'fail' })))) as PluginFailedError;
    expect(error).toBeInstanceOf(PluginFailedError);
    expect(error.message).toBe("Plugin 'Small' failed in 'small.sum': Error: It went wrong");
    expect(error.details).toContain('small-plugin.ts');
    expect(host.plugin('test.small').status.faults).toHaveLength(1);
    expect((await host.runAnalysis('small.sum', run())).metrics.total.value).toBe(10);
  });

  it('refuses a result that cannot be shown, and says where', async () => {
    const host = hostWithPlugin();
    const nan = await thrown(host.runAnalysis('small.sum', run({ mode: 'nan' })));
    expect(nan.message).toContain('result.metrics.total.value: expected a finite number or nothing, got NaN');
    const ragged = (await thrown(host.runAnalysis('small.sum', run({ mode: 'ragged' })))) as PluginFailedError;
    expect(ragged.message).toContain('result.tables.odd.columns[1].column: expected 1 values, got 2');
    expect(renderPlatformText(ragged.text, 'zh-CN')).toContain('应为1 个值，实际为2');
  });

  it('seeds the run', async () => {
    const host = hostWithPlugin();
    const draw = async (seed: number) =>
      (await host.runAnalysis('small.sum', { ...run({ mode: 'seeded' }), seed })).metrics;
    const first = await draw(7);
    expect(first.seed.value).toBe(7);
    expect(await draw(7)).toEqual(first);
    expect(await draw(8)).not.toEqual(first);
  });

  it('rejects at once when cancelled, and lets progress through before', async () => {
    const host = hostWithPlugin();
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number): void => {
      seen.push(done);
      if (seen.length === 2) controller.abort(new Error('enough'));
    };
    const error = await thrown(
      host.runAnalysis('small.sum', run({ mode: 'wait' }), { signal: controller.signal, onProgress }),
    );
    expect(error.message).toBe('enough');
    expect(seen).toHaveLength(2);
    expect((await host.runAnalysis('small.sum', run())).metrics.total.value).toBe(10);
  });

  it('rejects calls under way when the plugin is stopped', async () => {
    const host = hostWithPlugin();
    const pending = thrown(
      host.runAnalysis('small.sum', run({ mode: 'wait' }), { onProgress: () => host.disable('test.small') }),
    );
    const error = (await pending) as PluginStoppedError;
    expect(error).toBeInstanceOf(PluginStoppedError);
    expect(error.reason).toBe('disable');
    expect(host.plugin('test.small').status.state).toBe('disabled');
  });

  it('takes a plugin out whole when it is switched off, and puts it back', async () => {
    const host = hostWithPlugin();
    host.disable('test.small');
    expect(host.analyses()).toEqual([]);
    expect(host.commands.get('small.greet')).toBeUndefined();
    expect(host.keybindings.all()).toEqual([]);
    expect(host.settings.sections()).toEqual([]);
    await expect(host.runCommand('test.small', 'small.greet', null)).rejects.toThrow(PluginDisabledError);
    host.enable('test.small');
    expect(host.analyses()).toHaveLength(1);
    expect((await host.runAnalysis('small.sum', run())).metrics.total.value).toBe(10);
  });

  it('runs commands with settings and language, and only what is open to plugins from them', async () => {
    const host = hostWithPlugin();
    await expect(host.commands.execute('small.greet', 'Li')).rejects.toThrow('cannot be run now');
    host.context.set('ready', true);
    host.commands.register('app.secret', { title: () => 'Secret' }, () => 'secret');
    host.commands.register('app.open', { title: () => 'Open', openToPlugins: true }, (argument) => [argument]);
    expect(await host.commands.execute('small.greet', 'Li')).toBe('Hello Li in en-US');
    host.setLocale('zh-CN');
    host.settings.set('small.greeting', '你好');
    expect(await host.commands.execute('small.greet', 'Li')).toBe('你好 Li in zh-CN');
    expect(await host.commands.execute('small.greet', 'open')).toEqual([7]);
    await expect(host.commands.execute('small.greet', 'forbidden')).rejects.toThrow('not open to plugins');
    expect(host.commands.get('small.greet')?.title('zh-CN')).toBe('问候');
  });

  it('says which role is missing and which analysis is not there', async () => {
    const host = hostWithPlugin();
    await expect(host.runAnalysis('small.sum', { ...run(), inputs: {} })).rejects.toThrow(
      "the role 'numbers' was not given",
    );
    await expect(host.runAnalysis('small.none', run())).rejects.toThrow("There is no analysis 'small.none'");
  });

  it('switches a plugin off for the session after three failed starts', async () => {
    const host = new PluginHost();
    hosts.push(host);
    const broken = inProcessTransport(() => {
      throw new Error('no such chunk');
    });
    host.installBuiltIn(manifest, catalogues, broken);
    for (let i = 0; i < 3; i++)
      await expect(host.runAnalysis('small.sum', run())).rejects.toThrow(
        "Plugin 'Small' could not start: Error: no such chunk",
      );
    expect(host.plugin('test.small').status.state).toBe('crashed');
    await expect(host.runAnalysis('small.sum', run())).rejects.toThrow(PluginDisabledError);
    host.restart('test.small');
    await expect(host.runAnalysis('small.sum', run())).rejects.toThrow('could not start');
  });

  it('shows with the plugin what it declares and does not register', async () => {
    const host = new PluginHost();
    hosts.push(host);
    const { 'small.sum': sum } = code.analyses ?? {};
    const lying = inProcessTransport(() => ({ analyses: { 'small.sum': sum, 'small.hidden': sum } }));
    host.installBuiltIn(manifest, catalogues, lying);
    await host.runAnalysis('small.sum', run());
    const texts = host.plugin('test.small').status.faults.map(({ text }) => renderPlatformText(text, 'en-US'));
    expect(texts).toContain("the code registers 'small.hidden', which plugin.json does not declare");
    expect(texts).toContain("plugin.json declares 'SMALL.ADD', but the code does not register it");
  });
});
