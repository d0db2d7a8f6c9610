import { type LineChart, message } from '@patron/sdk';
import { type IntervalChoice, lastIndexAt, survivalBound } from './kaplan-meier.ts';
import type { SurvivalCurve } from './survival-curve.ts';
import { type Group, known, percent } from './survival-group.ts';

export const CHART_GROUPS = 8;

const CHART_POINTS = 200;

export function survivalChart(groups: readonly Group[], longest: number, choice: IntervalChoice): LineChart {
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
