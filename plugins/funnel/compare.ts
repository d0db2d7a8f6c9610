import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  message,
  type Text,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { groupJourneys } from './attribution.ts';
import { adjustForMany, compareShares, SMALL_SAMPLE } from './comparison.ts';
import { countIntervals, reachedCounts, shareOf } from './counts.ts';
import { type FunnelParameters, runFunnel } from './funnel-run.ts';
import { stepNames } from './step-names.ts';
import { ruleNotes } from './takeaway.ts';

export interface CompareParameters extends FunnelParameters {
  readonly groupBy: string | null;
  readonly attribution: string;
  readonly groupA: string | null;
  readonly groupB: string | null;
}

/** Two groups side by side: conversion at each step, the difference with its interval, and whether it is more than chance. */
export async function compare(context: AnalysisContext<CompareParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  if (parameters.groupBy === null)
    throw new AnalysisError(`At groupBy: choose the column whose values make the two groups.`, {
      path: 'parameters.groupBy',
      text: message('error.groupBy'),
    });
  const run = await runFunnel(context);
  const names = stepNames(run.steps, parameters.order);
  const grouped = groupJourneys(run, [parameters.groupBy], parameters.attribution);
  const named = grouped.labels.filter((label) => label !== '');
  const a = parameters.groupA ?? named.find((label) => label !== parameters.groupB) ?? '';
  const b = parameters.groupB ?? named.find((label) => label !== a) ?? '';
  for (const [label, path] of [
    [a, 'groupA'],
    [b, 'groupB'],
  ] as const)
    if (!grouped.labels.includes(label) || label === '')
      throw new AnalysisError(
        `At ${path}: column '${parameters.groupBy}' gives the groups '${named.slice(0, 8).join("', '")}'; two are needed, '${label}' is none of them.`,
        {
          path: `parameters.${path}`,
          text: message('error.group', {
            group: label,
            column: parameters.groupBy,
            groups: named.slice(0, 8).join(', '),
          }),
        },
      );
  const [first, second] = [a, b].map((label) => {
    const group = grouped.labels.indexOf(label);
    return reachedCounts(grouped.journeys, (journey) => grouped.groupOf[journey] === group);
  });
  const steps = run.steps.map((_, step) => step).slice(1);
  const fromFirst = steps.map((step) => compareShares(first[step], first[0], second[step], second[0]));
  const fromPrevious = steps.map((step) => compareShares(first[step], first[step - 1], second[step], second[step - 1]));
  const adjusted = adjustForMany(fromPrevious.map(({ p }) => p));
  const overall = fromFirst[fromFirst.length - 1] ?? compareShares(first[0], first[0], second[0], second[0]);
  const last = run.steps.length - 1;
  const small = Math.min(first[0], second[0]) < SMALL_SAMPLE || !overall.enough;
  const significant = overall.p < 0.05;
  const percent = { type: 'number', format: 'percent' } as const;
  const whole = { type: 'integer', format: 'integer' } as const;
  const title = (name: string): Text => message(`column.${name}`);
  const shareMetric = (counts: readonly number[], name: Text) => ({
    value: shareOf(counts[last], counts[0]),
    n: counts[0],
    title: message('metric.conversionOf', { group: name }),
    format: 'percent' as const,
    ...(counts[0] > 0 ? { interval: wilsonInterval(counts[last], counts[0]) } : {}),
    ...(counts[0] < SMALL_SAMPLE ? { smallSample: true } : {}),
  });
  const range = {
    a,
    b,
    shareA: { value: shareOf(first[last], first[0]) ?? 0, as: 'percent' as const },
    shareB: { value: shareOf(second[last], second[0]) ?? 0, as: 'percent' as const },
    p: { value: overall.p, as: 'pValue' as const },
  };
  const headline = small ? 'headline.compareSmall' : significant ? 'headline.compareDiffers' : 'headline.compareSame';
  return {
    headline: message(headline, range),
    metrics: {
      conversionA: shareMetric(first, a),
      conversionB: shareMetric(second, b),
      difference: {
        value: overall.difference,
        interval: [overall.low, overall.high],
        n: first[0] + second[0],
        title: message('metric.difference'),
        format: 'percent',
        ...(small ? { smallSample: true } : {}),
      },
      p: { value: Number.isNaN(overall.p) ? null : overall.p, title: message('column.p'), format: 'pValue' },
    },
    tables: {
      compare: tableFromRows(
        [
          { name: 'step', title: title('step'), ...whole },
          { name: 'event', title: title('event'), type: 'string', labels: names.labels },
          { name: 'customersA', title: message('column.customersOf', { group: a }), ...whole },
          { name: 'customersB', title: message('column.customersOf', { group: b }), ...whole },
          { name: 'fromPreviousA', title: message('column.fromPreviousOf', { group: a }), ...percent },
          { name: 'fromPreviousB', title: message('column.fromPreviousOf', { group: b }), ...percent },
          { name: 'fromFirstA', title: message('column.fromFirstOf', { group: a }), ...percent },
          { name: 'fromFirstB', title: message('column.fromFirstOf', { group: b }), ...percent },
          { name: 'difference', title: title('differenceFromPrevious'), ...percent },
          { name: 'low', title: title('low'), ...percent },
          { name: 'high', title: title('high'), ...percent },
          { name: 'p', title: title('p'), type: 'number', format: 'pValue' },
          { name: 'pAdjusted', title: title('pAdjusted'), type: 'number', format: 'pValue' },
          { name: 'enough', title: title('enough'), type: 'boolean' },
        ],
        run.steps.map((_, step) => {
          const test = step === 0 ? undefined : fromPrevious[step - 1];
          const undefinedP = test === undefined || Number.isNaN(test.p);
          return [
            step + 1,
            names.names[step],
            first[step],
            second[step],
            step === 0 ? null : shareOf(first[step], first[step - 1]),
            step === 0 ? null : shareOf(second[step], second[step - 1]),
            shareOf(first[step], first[0]),
            shareOf(second[step], second[0]),
            test?.difference ?? null,
            test?.low ?? null,
            test?.high ?? null,
            undefinedP ? null : (test?.p ?? null),
            undefinedP ? null : adjusted[step - 1],
            test?.enough ?? null,
          ];
        }),
        { title: message('table.compare') },
      ),
    },
    charts: [
      {
        kind: 'funnel',
        id: 'compare',
        title: message('chart.compare', { a, b }),
        summary: message(headline, range),
        table: 'compare',
        steps: names.names.map((_, index) => names.text(index)),
        series: [
          { name: a, values: first, ...countIntervals(first) },
          { name: b, values: second, ...countIntervals(second) },
        ],
      },
    ],
    notes: [
      ...run.notes,
      ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
      { level: 'info', text: message(overall.test === 'fisher' ? 'note.fisher' : 'note.zTest') },
      { level: 'info', text: message('note.manyTests', { tests: steps.length }) },
      ...(small ? [{ level: 'warning' as const, text: message('note.insufficient') }] : []),
    ],
    settled: { window: run.window, groupA: a, groupB: b },
    leftOut: run.leftOut,
  };
}
