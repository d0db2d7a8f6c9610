import {
  type ChartSpec,
  type Metric,
  message,
  type Period,
  periodLabel,
  type ResultTable,
  tableFromRows,
} from '@patron/sdk';
import { difference } from './estimate.ts';
import { type PeriodTally, type ScoreRun, SMALL_SAMPLE } from './score-run.ts';

/** The measure period by period, each tested against the one before. */
export function trendTable(run: ScoreRun, trend: readonly PeriodTally[], period: Period): ResultTable {
  const { measure, confidence } = run;
  const value = (name: string) =>
    ({ name, title: message(`column.${name}`), type: 'number', format: measure.format }) as const;
  return tableFromRows(
    [
      { name: 'period', title: message('column.period'), type: 'string' },
      { name: 'responses', title: message('metric.responses'), type: 'integer', format: 'integer' },
      { name: measure.name, title: message(`metric.${measure.name}`), type: 'number', format: measure.format },
      value('low'),
      value('high'),
      value('change'),
      value('changeLow'),
      value('changeHigh'),
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'smallSample', title: message('column.smallSample'), type: 'boolean' },
    ],
    trend.map(({ period: index, tally }, position) => {
      const own = run.estimate(tally);
      const change = position > 0 ? difference(own, run.estimate(trend[position - 1].tally), confidence) : undefined;
      return [
        periodLabel(index, period),
        own.n,
        ...[own.value, own.low, own.high].map((part) => part * measure.factor),
        ...[change?.value, change?.low, change?.high].map((part) =>
          part === undefined ? null : part * measure.factor,
        ),
        change?.p ?? null,
        own.n < SMALL_SAMPLE,
      ];
    }),
    { title: message('table.trend') },
  );
}

/** The last period against the one before it. */
export function changeMetric(run: ScoreRun, trend: readonly PeriodTally[]): Metric {
  const [before, last] = trend.slice(-2).map(({ tally }) => run.estimate(tally));
  const { value, low, high } = difference(last, before, run.confidence);
  const { factor, format } = run.measure;
  return {
    value: value * factor,
    interval: [low * factor, high * factor],
    n: Math.min(last.n, before.n),
    title: message('metric.change'),
    format,
    smallSample: Math.min(last.n, before.n) < SMALL_SAMPLE,
  };
}

export function trendChart(run: ScoreRun, trend: readonly PeriodTally[], period: Period): ChartSpec {
  const { factor, format, name } = run.measure;
  const estimates = trend.map(({ tally }) => run.estimate(tally));
  return {
    kind: 'line',
    id: 'trend',
    title: message(`chart.trend.${name}`),
    table: 'trend',
    xValues: trend.map(({ period: index }) => periodLabel(index, period)),
    x: { title: message('column.period') },
    y: { title: message(`metric.${name}`), format },
    series: [
      {
        name: message(`metric.${name}`),
        points: true,
        values: estimates.map(({ value }) => value * factor),
        low: estimates.map(({ low }) => low * factor),
        high: estimates.map(({ high }) => high * factor),
      },
    ],
  };
}
