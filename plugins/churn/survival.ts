import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  codeArray,
  type DenseCodes,
  denseCodes,
  isPresent,
  type Metric,
  message,
  type Note,
  type Text,
} from '@patron/sdk';
import { pooled, type SurvivalInterval } from './kaplan-meier.ts';
import { roundWidth } from './life-table.ts';
import { type LogRank, logRank } from './log-rank.ts';
import { readSpells, requireRows, type SpellParameters, unusableSpells } from './spell-input.ts';
import { spreadSpells } from './spells-spread.ts';
import { CHART_GROUPS, survivalChart } from './survival-chart.ts';
import { type Group, groupOf, mean, median, percent, sum } from './survival-group.ts';
import { comparisons, groupTable, lifeTableOf, survivalTable } from './survival-tables.ts';

export interface SurvivalParameters extends SpellParameters {
  readonly confidence: number;
  readonly interval: SurvivalInterval;
  readonly medianInterval: SurvivalInterval;
  readonly horizon: number | null;
  readonly lifeTableWidth: number | null;
}

const GROUP_LIMIT = 1000;

/** `churn.survival`: how long customers stay. Kaplan–Meier with medians, and the log-rank test between groups. */
export async function survival(context: AnalysisContext<SurvivalParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const medianChoice = { confidence: parameters.confidence, interval: parameters.medianInterval };
  const spell = readSpells(context as unknown as AnalysisContext, parameters);
  requireRows(spell.duration.length, spell.role);
  const codes = spell.group ? denseCodes(spell.group) : undefined;
  if (codes && codes.count > GROUP_LIMIT) throw tooManyGroups(codes.count);
  await context.checkpoint();
  // Rows without a group take a code of their own, which is then counted and left out.
  const grouping = codes && spell.group ? groupCodes(spell.group, codes) : undefined;
  const reduced = await spreadSpells(context, {
    duration: spell.duration,
    ended: spell.ended,
    group: grouping,
    groupCount: codes ? codes.count + 1 : 1,
    weight: spell.weight,
  });
  const ungrouped = codes ? reduced.groups[codes.count] : undefined;
  await context.checkpoint();
  const named = (codes ? reduced.groups.slice(0, codes.count) : reduced.groups)
    .map((counts, code) => ({ name: codes ? codes.label(code) : '', counts }))
    .filter(({ counts }) => counts.times.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const groups: Group[] = [];
  for (const { name, counts } of named) groups.push(await groupOf(context, name, counts, medianChoice));
  requireRows(groups.length, spell.role);
  const overall =
    groups.length === 1
      ? groups[0]
      : await groupOf(context, 'all', pooled(groups.map(({ counts }) => counts)), medianChoice);
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
  const means = new Map(
    [...groups, overall].map((group) => [group, mean(group.curve, horizon, parameters.confidence)] as const),
  );
  const test = groups.length > 1 ? logRank(groups.map(({ counts }) => counts)) : undefined;
  return {
    headline: headline(overall, groups, test),
    metrics: {
      ...metrics(overall, groups, horizon, means, spell.group !== undefined),
      ...testMetrics(test, groups.length > 1),
    },
    tables: {
      survival: survivalTable(groups, parameters),
      groups: groupTable(groups, overall, test, means),
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

function metrics(
  overall: Group,
  groups: readonly Group[],
  horizon: number,
  means: ReadonlyMap<Group, Metric>,
  grouped: boolean,
): Record<string, Metric> {
  const result: Record<string, Metric> = {
    customers: { value: overall.curve.atRisk[0], title: message('metric.customers'), format: 'integer' },
    events: { value: sum(overall.curve.ended), title: message('metric.events'), format: 'integer' },
    median: { ...median(overall), title: message('metric.median') },
    rmst: { value: null, ...means.get(overall), title: message('metric.rmst', { horizon }) },
  };
  if (grouped && groups.length <= 50)
    for (const group of groups) {
      const { name } = group;
      result[`median.${name}`] = { ...median(group), title: message('metric.medianOf', { group: name }) };
      result[`rmst.${name}`] = {
        value: null,
        ...means.get(group),
        title: message('metric.rmstOf', { horizon, group: name }),
      };
    }
  return result;
}

function testMetrics(test: LogRank | undefined, grouped: boolean): Record<string, Metric> {
  if (!grouped) return {};
  return {
    logRank: { value: test?.statistic ?? null, title: message('metric.logRank'), format: 'decimal' },
    logRankP: { value: test?.pValue ?? null, title: message('metric.logRankP'), format: 'pValue' },
    logRankDegrees: { value: test?.degrees ?? null, title: message('metric.logRankDegrees'), format: 'integer' },
  };
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
