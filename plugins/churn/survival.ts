import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  codeArray,
  type DenseCodes,
  denseCodes,
  isPresent,
  type LineChart,
  type Metric,
  message,
  type Note,
  normalCritical,
  type ResultTable,
  type SpellCounts,
  spells,
  stringVector,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import {
  type IntervalChoice,
  lastIndexAt,
  pooled,
  type QuantileTime,
  restrictedMean,
  type SurvivalCurve,
  type SurvivalInterval,
  survivalBound,
  survivalCurve,
  survivalTime,
} from './kaplan-meier.ts';
import { lifeTable, roundWidth } from './life-table.ts';
import { holm, type LogRank, logRank } from './log-rank.ts';
import { readSpells, requireRows, type SpellParameters, unusableSpells } from './spell-input.ts';

export interface SurvivalParameters extends SpellParameters {
  readonly confidence: number;
  readonly interval: SurvivalInterval;
  readonly medianInterval: SurvivalInterval;
  readonly horizon: number | null;
  readonly lifeTableWidth: number | null;
}

interface Group {
  readonly name: string;
  readonly counts: SpellCounts;
  readonly curve: SurvivalCurve;
  readonly median: QuantileTime;
}

const GROUP_LIMIT = 1000;
const CHART_GROUPS = 8;
const CHART_POINTS = 200;
/** Distinct times beyond which the table shows every so-many-th of them. */
const TABLE_TIMES = 20_000;

/** `churn.survival`: how long customers stay. Kaplan–Meier with medians, and the log-rank test between groups. */
export async function survival(context: AnalysisContext<SurvivalParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const spell = readSpells(context as unknown as AnalysisContext, parameters);
  requireRows(spell.duration.length, spell.role);
  const codes = spell.group ? denseCodes(spell.group) : undefined;
  if (codes && codes.count > GROUP_LIMIT) throw tooManyGroups(codes.count);
  await context.checkpoint();
  // Rows without a group take a code of their own, which is then counted and left out.
  const grouping = codes && spell.group ? groupCodes(spell.group, codes) : undefined;
  const reduced = spells(spell.duration, spell.ended, {
    group: grouping,
    groupCount: codes ? codes.count + 1 : 1,
    weight: spell.weight,
  });
  const ungrouped = codes ? reduced.groups[codes.count] : undefined;
  await context.checkpoint();
  const groups = (codes ? reduced.groups.slice(0, codes.count) : reduced.groups)
    .map((counts, code) => ({ name: codes ? codes.label(code) : '', counts }))
    .filter(({ counts }) => counts.times.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .map(({ name, counts }) => groupOf(name, counts, parameters));
  requireRows(groups.length, spell.role);
  const overall =
    groups.length === 1 ? groups[0] : groupOf('all', pooled(groups.map(({ counts }) => counts)), parameters);
  const longest = overall.curve.times[overall.curve.times.length - 1];
  const horizon = parameters.horizon ?? Math.min(...groups.map(({ curve }) => curve.times[curve.times.length - 1]));
  const width = parameters.lifeTableWidth ?? roundWidth(longest);
  if (longest / width > 10_000)
    throw new AnalysisError(
      `'lifeTableWidth' ${width} cuts the longest duration into too many intervals. Set it higher.`,
      {
        text: message('error.width'),
        path: 'parameters.lifeTableWidth',
      },
    );
  const test = groups.length > 1 ? logRank(groups.map(({ counts }) => counts)) : undefined;
  return {
    headline: headline(overall, groups, test),
    metrics: {
      ...metrics(overall, groups, horizon, parameters.confidence, spell.group !== undefined),
      ...testMetrics(test, groups.length > 1),
    },
    tables: {
      survival: survivalTable(groups, parameters),
      groups: groupTable(groups, overall, test, horizon, parameters.confidence),
      lifeTable: lifeTableOf(groups, width),
      ...(groups.length > 2 && groups.length <= 30 ? { comparisons: comparisons(groups) } : {}),
    },
    charts: [survivalChart(groups, longest, parameters)],
    notes: [
      {
        level: 'info',
        text: message(`note.interval.${parameters.interval}`, { confidence: percent(parameters.confidence) }),
      },
      { level: 'info', text: message(`note.medianInterval.${parameters.medianInterval}`) },
      ...spell.notes,
      ...notes(overall, groups),
    ],
    settled: { ...spell.settled, horizon, lifeTableWidth: width },
    leftOut: [
      ...spell.leftOut,
      ...unusableSpells(spell, reduced.unusable),
      ...(ungrouped && ungrouped.times.length > 0
        ? [{ role: spell.role, reason: message('leftOut.group'), count: sum(ungrouped.ended) + sum(ungrouped.running) }]
        : []),
    ],
  };
}

function groupCodes(group: Column, { codes, count }: DenseCodes): DenseCodes['codes'] {
  if (!group.validity) return codes;
  const marked = codeArray(count + 1, group.length);
  for (let i = 0; i < marked.length; i++) marked[i] = isPresent(group, i) ? codes[i] : count;
  return marked;
}

function groupOf(name: string, counts: SpellCounts, parameters: SurvivalParameters): Group {
  const { confidence, medianInterval } = parameters;
  const curve = survivalCurve(counts);
  return { name, counts, curve, median: survivalTime(curve, { confidence, interval: medianInterval }) };
}

function percent(value: number): { value: number; as: 'percent' } {
  return { value, as: 'percent' };
}

function tooManyGroups(count: number): AnalysisError {
  return new AnalysisError(
    `'group' has ${count} different values, more than ${GROUP_LIMIT}. Map a column with fewer, such as a plan or a region.`,
    { text: message('error.tooManyGroups', { count, limit: GROUP_LIMIT }), path: 'inputs.spells.group' },
  );
}

function headline({ curve, median: middle }: Group, groups: readonly Group[], test: LogRank | undefined): Text {
  const median = middle.time;
  const last = curve.times.length - 1;
  const end = { value: curve.survival[last], as: 'percent' as const };
  const base = Number.isNaN(median)
    ? message('headline.survival.notReached', { share: end, time: curve.times[last] })
    : message('headline.survival.median', { median });
  if (!test || groups.length < 2) return base;
  return message(test.pValue < 0.05 ? 'headline.survival.differ' : 'headline.survival.alike', {
    base,
    p: { value: test.pValue, as: 'pValue' },
  });
}

/** The number, or null where there is none: results never carry NaN. */
function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function metrics(
  overall: Group,
  groups: readonly Group[],
  horizon: number,
  confidence: number,
  grouped: boolean,
): Record<string, Metric> {
  const result: Record<string, Metric> = {
    customers: { value: overall.curve.atRisk[0], title: message('metric.customers'), format: 'integer' },
    events: { value: sum(overall.curve.ended), title: message('metric.events'), format: 'integer' },
    median: { ...median(overall), title: message('metric.median') },
    rmst: { ...mean(overall.curve, horizon, confidence), title: message('metric.rmst', { horizon }) },
  };
  if (grouped && groups.length <= 50)
    for (const group of groups) {
      const { name, curve } = group;
      result[`median.${name}`] = { ...median(group), title: message('metric.medianOf', { group: name }) };
      result[`rmst.${name}`] = {
        ...mean(curve, horizon, confidence),
        title: message('metric.rmstOf', { horizon, group: name }),
      };
    }
  return result;
}

function median({ curve, median: { time, low, high } }: Group): Metric {
  const n = curve.atRisk[0];
  return {
    value: known(time),
    ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
    n,
    format: 'decimal',
    ...(n < 30 ? { smallSample: true } : {}),
  };
}

function mean(curve: SurvivalCurve, horizon: number, confidence: number): Metric {
  const { mean: value, standardError } = restrictedMean(curve, horizon);
  const reach = normalCritical(confidence) * standardError;
  return { value, interval: [Math.max(0, value - reach), value + reach], n: curve.atRisk[0], format: 'decimal' };
}

function testMetrics(test: LogRank | undefined, grouped: boolean): Record<string, Metric> {
  if (!grouped) return {};
  return {
    logRank: { value: test?.statistic ?? null, title: message('metric.logRank'), format: 'decimal' },
    logRankP: { value: test?.pValue ?? null, title: message('metric.logRankP'), format: 'pValue' },
    logRankDegrees: { value: test?.degrees ?? null, title: message('metric.logRankDegrees'), format: 'integer' },
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function survivalTable(groups: readonly Group[], choice: IntervalChoice): ResultTable {
  const distinct = groups.reduce((total, { curve }) => total + curve.times.length, 0);
  const step = Math.max(1, Math.ceil(distinct / TABLE_TIMES));
  // The last time of each group is always shown.
  const rows = groups.flatMap(({ curve }, code) => {
    const last = curve.times.length - 1;
    const shown = Array.from({ length: Math.ceil(curve.times.length / step) }, (_, i) =>
      Math.min(last, (i + 1) * step - 1),
    );
    return shown.map((at) => ({ code, curve, at }));
  });
  const codes = codeArray(groups.length, rows.length);
  rows.forEach(({ code }, row) => {
    codes[row] = code;
  });
  const column = (pick: (curve: SurvivalCurve) => Float64Array): Column =>
    columnOf(Float64Array.from(rows, ({ curve, at }) => pick(curve)[at]));
  const bounds = (side: -1 | 1): Column => {
    const readers = groups.map(({ curve }) => survivalBound(curve, choice, side));
    return columnOf(Float64Array.from(rows, ({ code, at }) => readers[code](at)));
  };
  const columnOf = (values: Float64Array): Column => {
    const missing = values.some(Number.isNaN);
    return {
      type: 'number',
      length: rows.length,
      values,
      scale: 1,
      validity: missing ? validity(values) : undefined,
    };
  };
  return {
    title: message('table.survival'),
    columns: [
      {
        name: 'group',
        title: message('column.group'),
        column: {
          type: 'string',
          layout: 'dictionary',
          length: rows.length,
          codes,
          dictionary: stringVector(groups.map(({ name }) => name || 'all')),
        },
        labels: { all: message('value.all') },
      },
      { name: 'time', title: message('column.time'), column: column(({ times }) => times) },
      { name: 'atRisk', title: message('column.atRisk'), column: column(({ atRisk }) => atRisk), format: 'integer' },
      { name: 'events', title: message('column.events'), column: column(({ ended }) => ended), format: 'integer' },
      { name: 'survival', title: message('column.survival'), column: column((c) => c.survival), format: 'percent' },
      { name: 'low', title: message('column.low'), column: bounds(-1), format: 'percent' },
      { name: 'high', title: message('column.high'), column: bounds(1), format: 'percent' },
      { name: 'censored', title: message('column.censored'), column: column((c) => c.running), format: 'integer' },
      {
        name: 'standardError',
        title: message('column.se'),
        column: column((c) => c.standardError),
        format: 'decimal4',
      },
      {
        name: 'cumulativeHazard',
        title: message('column.cumulativeHazard'),
        column: column((c) => c.cumulativeHazard),
        format: 'decimal4',
      },
    ],
  };
}

function validity(values: Float64Array): Uint8Array {
  const bitmap = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) bitmap[i >> 3] |= 1 << (i & 7);
  return bitmap;
}

function groupTable(
  groups: readonly Group[],
  overall: Group,
  test: LogRank | undefined,
  horizon: number,
  confidence: number,
): ResultTable {
  const row = (name: string, { curve, median: { time, low, high } }: Group, expected: number | null) => {
    const area = mean(curve, horizon, confidence);
    return [
      name,
      curve.atRisk[0],
      sum(curve.ended),
      expected,
      known(time),
      known(low),
      known(high),
      area.value,
      area.interval?.[0] ?? null,
      area.interval?.[1] ?? null,
    ];
  };
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string', labels: { all: message('value.all') } },
      { name: 'customers', title: message('column.customers'), type: 'number', format: 'integer' },
      { name: 'events', title: message('column.events'), type: 'number', format: 'integer' },
      { name: 'expected', title: message('column.expected'), type: 'number', format: 'decimal' },
      { name: 'median', title: message('column.median'), type: 'number', format: 'decimal' },
      { name: 'medianLow', title: message('column.medianLow'), type: 'number', format: 'decimal' },
      { name: 'medianHigh', title: message('column.medianHigh'), type: 'number', format: 'decimal' },
      { name: 'rmst', title: message('column.rmst'), type: 'number', format: 'decimal' },
      { name: 'rmstLow', title: message('column.rmstLow'), type: 'number', format: 'decimal' },
      { name: 'rmstHigh', title: message('column.rmstHigh'), type: 'number', format: 'decimal' },
    ],
    groups.length > 1
      ? [
          ...groups.map((group, code) => row(group.name, group, test ? test.expected[code] : null)),
          row('all', overall, null),
        ]
      : [row(overall.name || 'all', overall, null)],
    { title: message('table.groups') },
  );
}

function lifeTableOf(groups: readonly Group[], width: number): ResultTable {
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string', labels: { all: message('value.all') } },
      { name: 'from', title: message('column.from'), type: 'number', format: 'decimal' },
      { name: 'to', title: message('column.to'), type: 'number', format: 'decimal' },
      { name: 'entered', title: message('column.entered'), type: 'number', format: 'integer' },
      { name: 'withdrawn', title: message('column.censored'), type: 'number', format: 'integer' },
      { name: 'exposed', title: message('column.exposed'), type: 'number', format: 'decimal' },
      { name: 'events', title: message('column.events'), type: 'number', format: 'integer' },
      { name: 'endedShare', title: message('column.endedShare'), type: 'number', format: 'percent' },
      { name: 'survival', title: message('column.survivalAtEnd'), type: 'number', format: 'percent' },
      { name: 'standardError', title: message('column.se'), type: 'number', format: 'decimal4' },
    ],
    groups
      .slice(0, 50)
      .flatMap(({ name, counts }) =>
        lifeTable(counts, width).map((row) => [
          name || 'all',
          row.from,
          row.to,
          row.entered,
          row.withdrawn,
          row.exposed,
          row.ended,
          row.endedShare,
          row.survival,
          row.standardError,
        ]),
      ),
    { title: message('table.lifeTable') },
  );
}

/** The log-rank test of every two groups, corrected for their number. */
function comparisons(groups: readonly Group[]): ResultTable {
  const pairs = groups.flatMap((first, i) => groups.slice(i + 1).map((second) => ({ first, second })));
  const tests = pairs.map(({ first, second }) => logRank([first.counts, second.counts]));
  const corrected = holm(tests.map((test) => test?.pValue ?? 1));
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string' },
      { name: 'against', title: message('column.against'), type: 'string' },
      { name: 'logRank', title: message('metric.logRank'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'corrected', title: message('column.corrected'), type: 'number', format: 'pValue' },
    ],
    pairs.map(({ first, second }, i) => [
      first.name,
      second.name,
      tests[i]?.statistic ?? null,
      tests[i]?.pValue ?? null,
      tests[i] ? corrected[i] : null,
    ]),
    { title: message('table.comparisons') },
  );
}

function survivalChart(groups: readonly Group[], longest: number, choice: IntervalChoice): LineChart {
  const shown = [...groups].sort((a, b) => b.curve.atRisk[0] - a.curve.atRisk[0]).slice(0, CHART_GROUPS);
  const drawn = groups.filter((group) => shown.includes(group));
  const xValues = chartTimes(drawn, longest);
  return {
    kind: 'line',
    id: 'survival',
    title: message('chart.survival'),
    summary: message('chart.survival.summary', { confidence: percent(choice.confidence) }),
    table: 'survival',
    xValues,
    x: { title: message('column.time'), format: 'decimal', minimum: 0 },
    y: { title: message('column.survival'), format: 'percent', minimum: 0, maximum: 1 },
    series: drawn.map(({ name, curve }) => ({
      name: name || message('value.all'),
      step: true,
      values: xValues.map((x) => pointAt(curve, (index) => curve.survival[index], x)),
      low: xValues.map((x) => pointAt(curve, survivalBound(curve, choice, -1), x)),
      high: xValues.map((x) => pointAt(curve, survivalBound(curve, choice, 1), x)),
    })),
    references: [{ axis: 'y', at: 0.5, label: message('chart.median') }],
  };
}

function chartTimes(groups: readonly Group[], longest: number): number[] {
  const distinct = new Set([0]);
  for (const { curve } of groups) {
    for (let i = 0; i < curve.times.length && distinct.size <= CHART_POINTS; i++) distinct.add(curve.times[i]);
  }
  if (distinct.size <= CHART_POINTS) return [...distinct].sort((a, b) => a - b);
  return Array.from({ length: CHART_POINTS + 1 }, (_, i) => (longest * i) / CHART_POINTS);
}

function pointAt(curve: SurvivalCurve, valueAt: (index: number) => number, x: number): number | null {
  if (x > curve.times[curve.times.length - 1]) return null;
  const index = lastIndexAt(curve.times, x);
  if (index < 0 || curve.survival[index] === 1) return 1;
  return known(valueAt(index));
}

function notes(overall: Group, groups: readonly Group[]): Note[] {
  const list: Note[] = [];
  const events = sum(overall.curve.ended);
  if (events === 0) list.push({ level: 'warning', text: message('note.noEvents') });
  else if (Number.isNaN(overall.median.time)) list.push({ level: 'info', text: message('note.notReached') });
  const small = groups.filter(({ curve }) => curve.atRisk[0] < 30);
  if (small.length > 0)
    list.push({
      level: 'warning',
      text:
        groups.length === 1
          ? message('note.small', { count: groups[0].curve.atRisk[0] })
          : message('note.smallGroups', {
              groups: small
                .slice(0, 5)
                .map(({ name }) => name)
                .join(', '),
            }),
    });
  if (groups.length > CHART_GROUPS)
    list.push({ level: 'info', text: message('note.chartGroups', { shown: CHART_GROUPS, count: groups.length }) });
  return list;
}
