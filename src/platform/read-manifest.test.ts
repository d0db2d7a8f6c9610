import type {
  AnalysisContribution,
  ChartContribution,
  CommandContribution,
  ConfigurationContribution,
  EngineContribution,
  ExporterContribution,
  FunctionContribution,
  ImporterContribution,
  KeybindingContribution,
  MenuContribution,
  PluginManifest,
  TemplateContribution,
} from '@patron/sdk';
import fc from 'fast-check';
import type { GenericSchema, InferOutput } from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { contributionPoints } from './contribution-points.ts';
import { ContributionRegistry } from './contribution-registry.ts';
import { manifest } from './fixtures/small-plugin.ts';
import { manifestJsonSchema } from './manifest-json-schema.ts';
import { problemText, renderPlatformText } from './problem.ts';
import { readManifest } from './read-manifest.ts';

const read = (change: Record<string, unknown>) => readManifest({ ...manifest, ...change });
const linesOf = ({ problems }: ReturnType<typeof readManifest>, locale = 'en-US'): string[] =>
  problems.map((problem) => renderPlatformText(problemText(problem), locale));
const analysis = manifest.contributes.analyses[0];
const withAnalysis = (change: Record<string, unknown>) =>
  read({
    contributes: {
      analyses: [
        { ...analysis, ...change },
        { ...analysis, id: 'small.other' },
      ],
    },
  });

describe('reading a manifest', () => {
  it('accepts a good one as it is', () => {
    const { manifest: good, problems } = readManifest(manifest);
    expect(problems).toEqual([]);
    expect(good).toEqual(manifest);
  });

  it('refuses a bad head, with the path of each fault', () => {
    const bad = read({ id: 'Small', version: '1', engines: {}, name: 3, colour: 'red' });
    expect(bad.manifest).toBeUndefined();
    expect(linesOf(bad)).toEqual([
      "id: expected an id of the form publisher.name in lower case, got 'Small'",
      'name: expected text, got 3',
      "version: expected a version such as 1.0.0, got '1'",
      'engines.patron: is missing',
      'colour: is not known here; remove it or check its spelling',
    ]);
    expect(linesOf(bad, 'zh-CN')[1]).toBe('name：应为文本，实际为3');
  });

  it('takes no more of a point than a menu or a palette can show', () => {
    const command = manifest.contributes.commands[0];
    const commands = Array.from({ length: 300 }, (_, i) => ({ ...command, id: `small.c${i}` }));
    const menus = Array.from({ length: 31 }, () => manifest.contributes.menus[0]);
    const { manifest: kept, problems } = read({ contributes: { commands, menus } });
    expect([kept?.contributes?.commands?.length, kept?.contributes?.menus?.length]).toEqual([200, 30]);
    expect(problems.map(({ path }) => path)).toEqual(['contributes.commands', 'contributes.menus']);
  });

  it('refuses a plugin made for another Patron', () => {
    expect(linesOf(read({ engines: { patron: '^2.0.0' } }))).toEqual([
      'engines.patron: needs Patron ^2.0.0, and this is Patron 0.1.0; install a version of the plugin made for it',
    ]);
    expect(read({ engines: { patron: '*' } }).manifest).toBeUndefined();
    expect(read({ engines: { patron: '>=0.1.0 <0.3.0' } }).manifest).toBeDefined();
  });

  it('skips a bad contribution, and keeps the rest', () => {
    const bad = withAnalysis({ inputs: [{ role: 'numbers', title: 'N', fields: [{ name: 'v', kind: 'numeric' }] }] });
    expect(bad.manifest?.contributes?.analyses?.map(({ id }) => id)).toEqual(['small.other']);
    expect(bad.problems.map(({ pluginId, point }) => [pluginId, point])).toContainEqual(['test.small', 'analyses']);
    const lines = linesOf(bad);
    expect(lines).toContain('contributes.analyses[0].inputs[0].fields[0].title: is missing');
    expect(lines).toContain(
      "contributes.analyses[0].inputs[0].fields[0].kind: expected one of key | number | time | boolean | text | any, got 'numeric'",
    );
  });

  it('names an unknown point, a bad id, a bad reference, a bad default, a bad clause, a bad key', () => {
    const parameters = [
      { name: 'a', title: 'A', type: 'value', role: 'nobody', field: 'x', default: null },
      { name: 'b', title: 'B', type: 'integer', default: 1.5 },
      { name: 'b', title: 'B', type: 'boolean', default: true },
    ];
    expect(linesOf(withAnalysis({ parameters }))).toEqual([
      "contributes.analyses[0].parameters[2].name: 'b' occurs twice",
      "contributes.analyses[0].parameters[0].role: there is no role 'nobody' among the inputs",
      'contributes.analyses[0].parameters[1].default: the default does not fit: expected a whole number, got 1.5',
    ]);
    expect(linesOf(withAnalysis({ id: 'Sum' }))).toEqual([
      "contributes.analyses[0].id: expected an id such as subject.name in lower case, got 'Sum'",
    ]);
    const contributes = {
      panels: [],
      menus: [{ location: 'table', command: 'x.y', when: 'a && && b' }],
      keybindings: [{ command: 'x.y', key: 'mod+banana' }],
      functions: 'SUM',
    };
    expect(linesOf(read({ contributes }))).toEqual([
      "contributes.panels: there is no contribution point 'panels'",
      "contributes.menus[0].when: the when-clause does not read: expected a word, got '&&'",
      "contributes.keybindings[0].key: 'mod+banana' is not a key such as mod+shift+r",
      "contributes.functions: expected a list, got 'SUM'",
    ]);
  });

  it('does not run a pattern that could take for ever', () => {
    const choice = { name: 'c', title: 'C', type: 'choice', choices: [{ value: 'x', title: 'X' }] };
    const parameters = [{ ...choice, accepts: '(a+)+b', default: 'a'.repeat(60) }];
    expect(linesOf(withAnalysis({ parameters }))[0]).toContain('the default does not fit');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true }), (value) => {
        expect(readManifest(value).manifest).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(contributionPoints)), fc.array(fc.anything()), (point, items) => {
        expect(read({ contributes: { [point]: items } }).manifest?.contributes).toBeDefined();
      }),
    );
  });

  it('has schemas that agree with the types of the SDK', () => {
    type Of<Name extends keyof typeof contributionPoints> = (typeof contributionPoints)[Name]['schema'];
    type Output<Schema> = Schema extends GenericSchema ? InferOutput<Schema> : never;
    expectTypeOf<Output<Of<'analyses'>>>().toEqualTypeOf<AnalysisContribution>();
    expectTypeOf<Output<Of<'functions'>>>().toEqualTypeOf<FunctionContribution>();
    expectTypeOf<Output<Of<'commands'>>>().toEqualTypeOf<CommandContribution>();
    expectTypeOf<Output<Of<'menus'>>>().toEqualTypeOf<MenuContribution>();
    expectTypeOf<Output<Of<'keybindings'>>>().toEqualTypeOf<KeybindingContribution>();
    expectTypeOf<Output<Of<'configuration'>>>().toEqualTypeOf<ConfigurationContribution>();
    expectTypeOf<Output<Of<'importers'>>>().toEqualTypeOf<ImporterContribution>();
    expectTypeOf<Output<Of<'exporters'>>>().toEqualTypeOf<ExporterContribution>();
    expectTypeOf<Output<Of<'charts'>>>().toEqualTypeOf<ChartContribution>();
    expectTypeOf<Output<Of<'templates'>>>().toEqualTypeOf<TemplateContribution>();
    expectTypeOf<Output<Of<'engines'>>>().toEqualTypeOf<EngineContribution>();
    expectTypeOf<typeof manifest>().toExtend<PluginManifest>();
  });

  it('gives editors a JSON Schema of every point', () => {
    const schema = manifestJsonSchema() as { properties: { contributes: { properties: object } }; required: string[] };
    expect(schema.required).toEqual(['manifestVersion', 'id', 'name', 'version', 'engines']);
    expect(Object.keys(schema.properties.contributes.properties)).toEqual(Object.keys(contributionPoints));
    expect(JSON.stringify(schema)).toContain('"const":"choice"');
  });
});

describe('contributions of several plugins', () => {
  it('belong to the first plugin that claims an id', () => {
    const registry = new ContributionRegistry();
    const first = registry.add(manifest);
    const second = registry.add({ ...manifest, id: 'test.other' });
    expect(first.problems).toEqual([]);
    const lines = second.problems.map((problem) => renderPlatformText(problemText(problem), 'en-US'));
    expect(lines[0]).toBe(
      "contributes.analyses[0]: 'small.sum' is already contributed by plugin 'test.small'; choose another id",
    );
    expect(registry.all('analyses').map(({ pluginId }) => pluginId)).toEqual(['test.small']);
    first.registration.dispose();
    expect(registry.all('analyses')).toEqual([]);
    expect(registry.add({ ...manifest, id: 'test.third' }).problems).toEqual([]);
  });

  it('are told to handlers as all, added and removed', () => {
    const registry = new ContributionRegistry();
    const told: [number, number, number][] = [];
    registry.add(manifest);
    const listening = registry.handle('analyses', (all, { added, removed }) => {
      told.push([all.length, added.length, removed.length]);
    });
    const other = { ...manifest, id: 'test.other', contributes: { analyses: [{ ...analysis, id: 'other.sum' }] } };
    const { registration } = registry.add(other);
    registration.dispose();
    registration.dispose();
    listening.dispose();
    registry.add(other);
    expect(told).toEqual([
      [1, 1, 0],
      [2, 1, 0],
      [1, 0, 1],
    ]);
  });
});
