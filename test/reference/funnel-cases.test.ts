import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { plugin } from '../../plugins/funnel/index.ts';
import manifest from '../../plugins/funnel/plugin.json' with { type: 'json' };
import {
  AnalysisError,
  type AnalysisResult,
  type Column,
  type JsonObject,
  type PluginManifest,
  stringColumn,
  timestampColumn,
} from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';

/** Cases of peers' own tests: events, a funnel, and the counts that the peer gives. */
interface FunnelCase {
  readonly name: string;
  readonly config: CaseConfig;
  readonly events: readonly CaseEvent[];
  readonly expected: readonly (CaseStep | number)[];
  readonly expectedByBreakdown?: Readonly<Record<string, readonly CaseStep[]>>;
  readonly expectedHistogram?: {
    readonly bins: readonly (readonly [number, number])[];
    readonly averageSeconds?: number;
  };
  readonly expectedError?: unknown;
  readonly checkedByIndependentScript?: boolean;
}

interface CaseEvent {
  readonly user: string;
  readonly event: string;
  readonly time: string | number;
  readonly props?: Readonly<Record<string, unknown>>;
}

interface CaseStep {
  readonly step: number;
  readonly count: number;
  readonly users?: readonly string[];
  readonly avgConversionSeconds?: number | null;
  readonly medianConversionSeconds?: number | null;
}

interface CasePattern {
  readonly event: string | readonly string[] | null;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly firstTimeForUser?: boolean;
  readonly firstTimeForUserWithFilters?: boolean;
  readonly windowSeconds?: number;
  readonly anchored?: boolean;
  readonly optional?: boolean;
  readonly fromStep?: number;
  readonly toStep?: number;
}

interface CaseConfig {
  readonly steps: readonly CasePattern[];
  readonly order?: string;
  readonly windowSeconds?: number | null;
  readonly exclusions?: readonly CasePattern[];
  readonly invalidExclusions?: readonly { readonly fromStep: number; readonly toStep: number }[];
  readonly windowInputs?: readonly (number | null)[];
  readonly unit?: string;
  readonly breakdown?: string | readonly string[];
  readonly breakdownLimit?: number;
  readonly attribution?: string;
  readonly attributionStep?: number;
  readonly aggregateBy?: string;
  readonly holdConstant?: string | readonly string[];
  readonly entry?: 'best' | 'first';
  readonly countBy?: string;
  readonly sessionGapSeconds?: number;
  readonly viz?: string;
  readonly fromStep?: number;
  readonly toStep?: number;
  readonly binCount?: number;
}

/** What the translation below knows of a case; one that says more fails rather than passes by chance. */
const STEP_KEYS = [
  'event',
  'filter',
  'name',
  'firstTimeForUser',
  'firstTimeForUserWithFilters',
  'windowSeconds',
  'anchored',
  'optional',
];
const KNOWN = {
  case: [
    'name',
    'checkedByIndependentScript',
    'config',
    'events',
    'expected',
    'expectedByBreakdown',
    'expectedHistogram',
    'expectedError',
  ],
  config: [
    'steps',
    'order',
    'windowSeconds',
    'exclusions',
    'invalidExclusions',
    'windowInputs',
    'unit',
    'breakdown',
    'breakdownLimit',
    'attribution',
    'attributionStep',
    'aggregateBy',
    'holdConstant',
    'entry',
    'countBy',
    'sessionGapSeconds',
    'viz',
    'fromStep',
    'toStep',
    'binCount',
  ],
  step: STEP_KEYS,
  exclusion: ['event', 'filter', 'name', 'fromStep', 'toStep'],
  event: ['user', 'event', 'time', 'props'],
  expected: ['step', 'count', 'users', 'avgConversionSeconds', 'medianConversionSeconds'],
  histogram: ['bins', 'averageSeconds'],
} as const;

function expectKnown(what: keyof typeof KNOWN, items: readonly unknown[]): void {
  const known: readonly string[] = KNOWN[what];
  const strange = items.flatMap((item) =>
    typeof item === 'object' && item !== null ? Object.keys(item).filter((key) => !known.includes(key)) : [],
  );
  expect([...new Set(strange)], `unknown fields of ${what}`).toEqual([]);
}

function expectUnderstood(subject: FunnelCase): void {
  const { config } = subject;
  // A remark in words changes nothing.
  expectKnown('case', [Object.fromEntries(Object.entries(subject).filter(([, value]) => typeof value !== 'string'))]);
  expectKnown('config', [config]);
  expectKnown('step', config.steps ?? []);
  expectKnown('exclusion', config.exclusions ?? []);
  expectKnown('event', subject.events ?? []);
  expectKnown('expected', [
    ...(Array.isArray(subject.expected) ? subject.expected : []),
    ...Object.values(subject.expectedByBreakdown ?? {}).flat(),
  ]);
  if (subject.expectedHistogram !== undefined) expectKnown('histogram', [subject.expectedHistogram]);
  expect(['ordered', 'strict', 'unordered', undefined]).toContain(config.order);
  expect(['steps', 'time_to_convert', undefined]).toContain(config.viz);
  expect(attributionOf(config)).toMatch(/^(first-touch|last-touch|all-events|step:\d+)$/);
  // A filter holds values that must be equal; a comparison would be an object.
  for (const { filter = {} } of [...(config.steps ?? []), ...(config.exclusions ?? [])])
    for (const value of Object.values(filter).flat()) expect(typeof value).not.toBe('object');
}

/** Cases whose feature is deliberately not offered, by name, with the reason. At most five. */
const DIFFERENT: Readonly<Record<string, string>> = {};

const path = process.env.FUNNEL_CASES ?? '../shared/reference/funnel_cases.json';
const found = existsSync(path);
const cases: readonly FunnelCase[] = found ? JSON.parse(readFileSync(path, 'utf8')) : [];
const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };

if (!found) console.warn(`Skipped: peers' funnel cases are not at ${path}.`);

const list = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value];

const property = (name: string): string => name.replace(/^(props|properties)\./, '');

function pattern({ event, filter = {} }: CasePattern): JsonObject {
  const filters = Object.entries(filter).map(([name, value]) => ({
    property: property(name),
    op: Array.isArray(value) ? 'in' : '=',
    value: Array.isArray(value) ? value.map(String) : String(value),
  }));
  return { event: event as string | null, filters };
}

function windowOf(seconds: number | null | undefined): string {
  if (seconds === null) return 'none';
  return seconds === undefined ? '14d' : `${seconds}s`;
}

function attributionOf({ attribution = 'first_touch', attributionStep = 0 }: CaseConfig): string {
  if (/^step(_?attribution)?$/.test(attribution)) return `step:${attributionStep + 1}`;
  const numbered = /^step[_:](\d+)$/.exec(attribution);
  return numbered ? `step:${Number(numbered[1]) + 1}` : attribution.replaceAll('_', '-');
}

/** Steps of the cases are counted from 0, those of the parameters from 1. */
function parametersOf(config: CaseConfig): JsonObject {
  const { aggregateBy } = config;
  const byUser = aggregateBy === undefined || aggregateBy === 'user' || aggregateBy === 'person';
  return {
    steps: config.steps.map((step) => ({
      ...pattern(step),
      ...(step.firstTimeForUser ? { firstTime: 'event' } : {}),
      ...(step.firstTimeForUserWithFilters ? { firstTime: 'match' } : {}),
      ...(step.windowSeconds === undefined ? {} : { window: `${step.windowSeconds}s` }),
      ...(step.anchored ? { anchored: true } : {}),
      ...(step.optional ? { optional: true } : {}),
    })),
    order: config.order ?? 'ordered',
    window: windowOf(config.windowSeconds),
    exclusions: (config.exclusions ?? []).map((exclusion) => ({
      ...pattern(exclusion),
      from: (exclusion.fromStep ?? 0) + 1,
      to: (exclusion.toStep ?? config.steps.length - 1) + 1,
    })),
    hold: list(config.holdConstant).map(property),
    unknownEvents: 'zero',
    ...(config.entry ? { entry: config.entry } : {}),
    ...(config.countBy ? { countBy: config.countBy } : {}),
    ...(config.sessionGapSeconds ? { sessionGap: `${config.sessionGapSeconds}s` } : {}),
    ...(byUser ? {} : { countBy: 'property', countProperty: property(aggregateBy) }),
  };
}

/** The events as columns, with a text column for each property that the events or the funnel name. */
function inputsOf({ events, config }: FunnelCase) {
  const named = [
    ...events.flatMap(({ props = {} }) => Object.keys(props)),
    ...[...config.steps, ...(config.exclusions ?? [])].flatMap(({ filter = {} }) => Object.keys(filter)),
    ...list(config.breakdown),
    ...list(config.holdConstant),
    ...(config.aggregateBy ? [config.aggregateBy] : []),
  ].map(property);
  const properties: Record<string, Column> = {};
  for (const name of new Set(named))
    properties[name] = stringColumn(
      events.map(({ props = {} }) => (props[name] === undefined || props[name] === null ? null : String(props[name]))),
    );
  const time = (value: string | number): number => (typeof value === 'number' ? value * 1000 : Date.parse(value));
  return {
    events: {
      fields: {
        customer: stringColumn(events.map(({ user }) => user)),
        time: timestampColumn(
          events.map((event) => time(event.time)),
          true,
        ),
        event: stringColumn(events.map(({ event }) => event)),
      },
      properties,
    },
  };
}

function expectSteps(actual: readonly Record<string, unknown>[], expected: readonly CaseStep[]): void {
  for (const { step, count, avgConversionSeconds, medianConversionSeconds } of expected) {
    const row = actual.find((candidate) => candidate.step === step);
    expect(row?.customers ?? 0, `customers at step ${step}`).toBe(count);
    if (avgConversionSeconds !== undefined)
      expect(row?.meanSeconds ?? null, `mean at ${step}`).toBe(avgConversionSeconds);
    if (medianConversionSeconds !== undefined)
      expect(row?.medianSeconds ?? null, `median at ${step}`).toBe(medianConversionSeconds);
  }
}

async function runSteps(subject: FunnelCase): Promise<void> {
  const { config } = subject;
  const expected = subject.expected.filter((step): step is CaseStep => typeof step === 'object');
  const inputs = inputsOf(subject);
  const parameters = parametersOf(config);
  const breakdown = list(config.breakdown).map(property);
  const result: AnalysisResult = await runAnalysis(funnel, 'funnel.conversion', {
    inputs,
    parameters: {
      ...parameters,
      breakdown,
      attribution: attributionOf(config),
      breakdownLimit: config.breakdownLimit ?? 1000,
    },
  });
  const byValue = breakdown.length === 0 ? [] : recordsOf(result.tables.breakdown);
  // A peer that breaks down gives no total: for values at a step, and where values overlap, it may be the sum over the values.
  const attribution = attributionOf(config);
  const mayBeSum = attribution === 'all-events' || attribution.startsWith('step:');
  const summed = summedBySteps(byValue);
  const asSum = mayBeSum && expected.every(({ step, count }) => (countAt(summed, step) ?? 0) === count);
  expectSteps(breakdown.length > 0 && asSum ? summed : recordsOf(result.tables.steps), expected);
  const values = Object.entries(subject.expectedByBreakdown ?? {});
  for (const [value, valueSteps] of values)
    expectSteps(
      byValue.filter(
        (row) =>
          String(row.value ?? '')
            .split(' | ')
            .join('|') === value,
      ),
      valueSteps,
    );
  if (values.length > 0) expect(new Set(byValue.map((row) => row.value)).size).toBe(values.length);
  if (expected.some(({ users }) => users !== undefined)) {
    const listed = await runAnalysis(funnel, 'funnel.customers', {
      inputs,
      parameters: { ...parameters, show: 'all' },
    });
    const customers = recordsOf(listed.tables.customers);
    for (const { step, users } of expected) {
      if (users === undefined) continue;
      const reached = customers.filter((row) => Number(row.step) >= step).map((row) => String(row.customer));
      expect(reached.sort(), `customers at step ${step}`).toEqual([...users].sort());
    }
  }
}

/** Customers by step over all values: who has no value at the chosen step is in none of them. */
function summedBySteps(rows: readonly Record<string, unknown>[]): { step: number; customers: number }[] {
  const sums = new Map<number, number>();
  for (const { step, customers } of rows) sums.set(Number(step), (sums.get(Number(step)) ?? 0) + Number(customers));
  return [...sums].map(([step, customers]) => ({ step, customers }));
}

const countAt = (
  steps: readonly { readonly step: number; readonly customers: number }[],
  wanted: number,
): number | undefined => steps.find(({ step }) => step === wanted)?.customers;

async function runHistogram(subject: FunnelCase): Promise<void> {
  const { config, expectedHistogram } = subject;
  if (expectedHistogram === undefined) return;
  const result = await runAnalysis(funnel, 'funnel.time-to-convert', {
    inputs: inputsOf(subject),
    parameters: {
      ...parametersOf(config),
      fromStep: (config.fromStep ?? 0) + 1,
      toStep: (config.toStep ?? config.steps.length - 1) + 1,
      bins: config.binCount ?? null,
    },
  });
  const bins = recordsOf(result.tables.distribution).map(({ fromSeconds, customers }) => [fromSeconds, customers]);
  expect(bins).toEqual(expectedHistogram.bins);
  if (expectedHistogram.averageSeconds !== undefined)
    expect(result.metrics.meanSeconds.value).toBe(expectedHistogram.averageSeconds);
}

/** Windows that are missing or not positive fall back; what was settled is told. */
async function runWindowInputs(subject: FunnelCase): Promise<void> {
  const { windowInputs = [], unit = 'day' } = subject.config;
  const settled: number[] = [];
  for (const input of windowInputs) {
    const window = input === null ? null : `${input}${unit[0]}`;
    const result = await runAnalysis(funnel, 'funnel.conversion', {
      inputs: inputsOf(subject),
      parameters: { ...parametersOf(subject.config), window },
    });
    settled.push(Number.parseFloat(String(result.settled?.window)));
  }
  expect(settled).toEqual(subject.expected);
}

async function expectRefused(subject: FunnelCase, config: CaseConfig): Promise<void> {
  const run = runAnalysis(funnel, 'funnel.conversion', {
    inputs: inputsOf(subject),
    parameters: {
      ...parametersOf(config),
      breakdown: list(config.breakdown).map(property),
      attribution: attributionOf(config),
    },
  });
  await expect(run).rejects.toThrow(AnalysisError);
}

async function runCase(subject: FunnelCase): Promise<void> {
  const { config } = subject;
  expectUnderstood(subject);
  if (config.windowInputs !== undefined) return runWindowInputs(subject);
  if (subject.expectedError !== undefined) return expectRefused(subject, config);
  if (config.invalidExclusions !== undefined) {
    for (const range of config.invalidExclusions)
      await expectRefused(subject, { ...config, exclusions: [{ event: 'x', ...range }] });
    return;
  }
  await runSteps(subject);
  await runHistogram(subject);
}

describe.skipIf(!found)("peers' funnel cases", () => {
  const offered = cases.filter(({ name }) => !(name in DIFFERENT));

  for (const subject of offered) test(subject.name, () => runCase(subject));

  test('no more than five cases are deliberately different', () => {
    expect(cases.length - offered.length).toBeLessThanOrEqual(5);
  });

  afterAll(() => {
    const different = cases.filter(({ name }) => name in DIFFERENT);
    console.warn(
      `Funnel cases: ${cases.length} in the file, ${offered.length} run, ${different.length} deliberately different.`,
    );
    for (const { name } of different) console.warn(`  different: ${name}: ${DIFFERENT[name]}`);
  });
});
