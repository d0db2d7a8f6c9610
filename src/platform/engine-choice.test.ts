import { type AnalysisResult, integerColumn, numberColumn, type PluginCode, stringColumn, valueAt } from '@patron/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcessTransport } from './in-process-transport.ts';
import { PluginHost } from './plugin-host.ts';

const hosts: PluginHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const head = (id: string) => ({ manifestVersion: 1, id, name: id, version: '1.0.0', engines: { patron: '^0.1.0' } });
const asking: PluginCode = {
  analyses: {
    'asking.rows': async ({ reduce, inputs }): Promise<AnalysisResult> => {
      const { key } = inputs.rows.fields;
      const answer = await reduce?.('rows', { key }, { label: 'x' });
      const unknown = await reduce?.('medians', { key });
      return {
        metrics: {
          rows: { value: answer ? Number(valueAt(answer.columns[0].column, 0)) : null },
          unknown: { value: String(unknown) },
          kept: { value: key.length },
        },
        tables: {},
        charts: [],
        notes: [],
      };
    },
  },
};

function hostWith(engine: NonNullable<PluginCode['engines']>[string]): PluginHost {
  const host = new PluginHost();
  hosts.push(host);
  const inputs = [{ role: 'rows', title: 'Rows', fields: [{ name: 'key', title: 'Key', kind: 'key' }] }];
  const analyses = [{ id: 'asking.rows', title: 'Rows', inputs }];
  host.installBuiltIn(
    { ...head('test.asking'), main: 'index.ts', contributes: { analyses } },
    {},
    inProcessTransport(() => asking),
  );
  const engines = [{ id: 'far.engine', title: 'Far', reductions: ['rows'] }];
  host.installBuiltIn(
    { ...head('test.far'), main: 'index.ts', contributes: { engines } },
    {},
    inProcessTransport(() => ({ engines: { 'far.engine': engine } })),
  );
  return host;
}
const counts: NonNullable<PluginCode['engines']>[string] = ({ columns: { key } }) => ({
  columns: [{ name: 'rows', column: integerColumn([key.length]) }],
});
const rows = ['a', 'b', 'a'];
const run = () => ({
  inputs: { rows: { rows: 3, fields: { key: stringColumn(rows) }, properties: {} } },
  parameters: {},
  timeZone: 'UTC',
});

describe('an engine', () => {
  it('is asked for the reductions that it knows once it is chosen, and only then', async () => {
    const host = hostWith(counts);
    const asked: string[] = [];
    const onEngine = (id: string): void => void asked.push(id);
    const alone = await host.runAnalysis('asking.rows', run(), { onEngine });
    expect(alone.metrics).toMatchObject({ rows: { value: null }, unknown: { value: 'undefined' } });
    host.engine.choose('far.engine');
    const answered = await host.runAnalysis('asking.rows', run(), { onEngine });
    expect(answered.metrics).toMatchObject({
      rows: { value: 3 },
      unknown: { value: 'undefined' },
      kept: { value: 3 },
    });
    expect(asked).toEqual(['far.engine']);
    host.disable('test.far');
    expect((await host.runAnalysis('asking.rows', run())).metrics.rows.value).toBeNull();
    host.enable('test.far');
    host.engine.choose(undefined);
    expect((await host.runAnalysis('asking.rows', run())).metrics.rows.value).toBeNull();
  });

  it('that fails, or answers with columns of unequal length, fails the run in plain words', async () => {
    const host = hostWith(({ columns: { key } }) => {
      if (key.length === 3) throw new Error('The warehouse is closed');
      return counts({ reduction: 'rows', columns: { key }, options: {} }, {} as never);
    });
    host.engine.choose('far.engine');
    await expect(host.runAnalysis('asking.rows', run())).rejects.toThrow('The warehouse is closed');
    const ragged = hostWith(() => ({
      columns: [1, 2].map((length) => ({ name: `c${length}`, column: numberColumn(new Float64Array(length)) })),
    }));
    ragged.engine.choose('far.engine');
    await expect(ragged.runAnalysis('asking.rows', run())).rejects.toThrow('table.columns[1].column');
  });
});
