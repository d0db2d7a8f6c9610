import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { plugin } from '../../plugins/funnel/index.ts';
import manifest from '../../plugins/funnel/plugin.json' with { type: 'json' };
import { type Column, type Json, type PluginManifest, stringColumn, timestampColumn } from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';

/** Cases of `windowFunnel` as warehouses test and document it. */
interface WindowCase {
  readonly name: string;
  readonly config: {
    readonly window: number;
    readonly modes?: readonly string[];
    readonly conditions?: readonly (Condition | string)[];
    readonly rowsAre?: string;
  };
  readonly events: readonly Readonly<Record<string, string | number | null>>[];
  readonly expected: readonly (Levels | { readonly user: string | number; readonly level: number })[];
}

interface Condition {
  readonly op: string;
  readonly value: string | number | readonly (string | number)[];
}

/** One funnel over the rows of a case, with the level of each user. */
interface Levels {
  readonly conditions: readonly (Condition | string)[];
  readonly modes: readonly string[];
  readonly window?: number;
  readonly levels: Readonly<Record<string, number>>;
}

/** Cases whose feature is deliberately not offered, by name, with the reason. At most five. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'reentry set, 3 steps, modes strict_order,allow_reentry,strict_deduplication':
    'Records a defect that ClickHouse mended later (its issue 37177): a repeated condition gave the level of the event before it, 1 for "a b a b", and not the level reached, 2.',
  'reentry set, 4 steps, modes strict_order,allow_reentry,strict_deduplication':
    'The same defect (ClickHouse issue 37177), with a fourth condition.',
};

const path = process.env.WINDOWFUNNEL_CASES ?? '../shared/reference/windowfunnel_cases.json';
const found = existsSync(path);
const cases: readonly WindowCase[] = found ? JSON.parse(readFileSync(path, 'utf8')) : [];
const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };

if (!found) console.warn(`Skipped: windowFunnel cases are not at ${path}.`);

/** A condition as a step: on the event's name, or in words on the fields of a row ("a='a1' and b is null"). */
function stepOf(condition: Condition | string): Json {
  if (typeof condition !== 'string')
    return { event: null, filters: [{ property: 'event', op: condition.op, value: condition.value as Json }] };
  const filters = condition.split(/\s+and\s+/i).map((part) => {
    const empty = /^\s*(\w+)\s+is\s+(not\s+)?null\s*$/i.exec(part);
    if (empty) return { property: empty[1], op: empty[2] ? 'not empty' : 'empty', value: null };
    const compared = /^\s*(\w+)\s*(!=|>=|<=|=|>|<)\s*'?(.*?)'?\s*$/.exec(part);
    if (!compared) throw new Error(`Condition '${part}' cannot be read.`);
    return { property: compared[1], op: compared[2], value: compared[3] };
  });
  return { event: null, filters };
}

async function levelsOf(subject: WindowCase, wanted: Omit<Levels, 'levels'>): Promise<Record<string, number>> {
  const { events } = subject;
  const names = [...new Set(events.flatMap((event) => Object.keys(event)))].filter(
    (name) => name !== 'user' && name !== 'time',
  );
  const properties: Record<string, Column> = {};
  for (const name of names)
    properties[name] = stringColumn(
      events.map((event) => (event[name] === null || event[name] === undefined ? null : String(event[name]))),
    );
  const result = await runAnalysis(funnel, 'funnel.window', {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(events.map(({ user }) => String(user))),
          time: timestampColumn(events.map(({ time }) => Number(time) * 1000)),
          event: stringColumn(events.map(({ event }) => String(event ?? 'row'))),
        },
        properties,
      },
    },
    parameters: {
      steps: wanted.conditions.map(stepOf),
      window: `${wanted.window ?? subject.config.window}s`,
      modes: [...wanted.modes],
      unknownEvents: 'zero',
    },
  });
  return Object.fromEntries(
    recordsOf(result.tables.levels).map(({ customer, level }) => [String(customer), Number(level)]),
  );
}

/** What is known of a case; one that says more fails rather than passes by chance. */
function expectUnderstood(subject: WindowCase): void {
  const strange = (what: object, known: readonly string[]): string[] =>
    Object.keys(what).filter((key) => !known.includes(key));
  // A remark in words changes nothing.
  const rest = Object.fromEntries(Object.entries(subject).filter(([, value]) => typeof value !== 'string'));
  expect(strange(rest, ['checkedByIndependentScript', 'config', 'events', 'expected'])).toEqual([]);
  expect(strange(subject.config, ['window', 'modes', 'conditions', 'rowsAre'])).toEqual([]);
  for (const entry of subject.expected)
    expect(strange(entry, 'levels' in entry ? ['conditions', 'modes', 'window', 'levels'] : ['user', 'level'])).toEqual(
      [],
    );
  for (const condition of [
    ...(subject.config.conditions ?? []),
    ...subject.expected.flatMap((entry) => ('levels' in entry ? entry.conditions : [])),
  ])
    if (typeof condition !== 'string') expect(strange(condition, ['op', 'value'])).toEqual([]);
}

async function runCase(subject: WindowCase): Promise<void> {
  expectUnderstood(subject);
  const { config, expected } = subject;
  const single: Record<string, number> = {};
  for (const entry of expected) {
    if ('levels' in entry)
      expect(await levelsOf(subject, entry), JSON.stringify(entry.conditions)).toEqual(entry.levels);
    else single[String(entry.user)] = entry.level;
  }
  if (Object.keys(single).length > 0)
    expect(await levelsOf(subject, { conditions: config.conditions ?? [], modes: config.modes ?? [] })).toEqual(single);
}

describe.skipIf(!found)('windowFunnel cases', () => {
  const offered = cases.filter(({ name }) => !(name in DIFFERENT));

  for (const subject of offered) test(subject.name, () => runCase(subject));

  test('no more than five cases are deliberately different', () => {
    expect(cases.length - offered.length).toBeLessThanOrEqual(5);
  });

  afterAll(() => {
    const different = cases.filter(({ name }) => name in DIFFERENT);
    console.warn(
      `windowFunnel cases: ${cases.length} in the file, ${offered.length} run, ${different.length} deliberately different.`,
    );
    for (const { name } of different) console.warn(`  different: ${name}: ${DIFFERENT[name]}`);
  });
});
