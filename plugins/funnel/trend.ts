import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  daysOf,
  isTime,
  message,
  type Note,
  type Period,
  periodLabel,
  periodOfDay,
  periodStart,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { SMALL_SAMPLE } from './comparison.ts';
import { shareOf } from './counts.ts';
import { windowLength } from './duration.ts';
import { type FunnelParameters, runFunnel } from './funnel-run.ts';
import { stepNames } from './step-names.ts';
import { ruleNotes } from './takeaway.ts';

export interface TrendParameters extends FunnelParameters {
  readonly period: Period;
}

const DAY = 86_400_000;

/**
 * Conversion by the period of entry. A customer counts in each period in which one of their tries began, once, with the
 * deepest of these tries; so a period's conversion may lie below the total's.
 */
export async function trend(context: AnalysisContext<TrendParameters>): Promise<AnalysisResult> {
  const { parameters, inputs, timeZone } = context;
  const { time } = inputs.events.fields;
  if (!isTime(time))
    throw new AnalysisError('The time column holds no days or times; map one that does.', {
      path: 'inputs.events.time',
      text: message('error.time'),
    });
  const days = daysOf(time, timeZone);
  const entryPeriod = periodsOf(days, parameters.period);
  const run = await runFunnel(context, { entryPeriod });
  const names = stepNames(run.steps, parameters.order);
  const { journeys } = run;
  const last = run.steps.length - 1;
  const [first, final] = rangeOf(entryPeriod);
  const periods = Number.isFinite(first) ? final - first + 1 : 0;
  const reached = Array.from({ length: periods }, () => new Array<number>(run.steps.length).fill(0));
  for (let journey = 0; journey < journeys.count; journey++) {
    const counts = reached[entryPeriod[journeys.rows[journey * journeys.steps]] - first];
    for (let step = 0; step < journeys.depth[journey]; step++) counts[step]++;
  }
  const lastDay = days.length === 0 ? 0 : days.reduce((most, day) => Math.max(most, day), Number.NEGATIVE_INFINITY);
  const limit = run.rules.window;
  const complete = (index: number): boolean => {
    const end = periodStart(first + index + 1, parameters.period);
    // A period is complete once the window of its last entry is over: its last day and the window lie within the data.
    return limit === Number.POSITIVE_INFINITY ? end <= lastDay + 1 : end * DAY + limit <= (lastDay + 1) * DAY;
  };
  const labels = reached.map((_, index) => periodLabel(first + index, parameters.period));
  const shares = reached.map((counts) => shareOf(counts[last], counts[0]));
  const intervals = reached.map((counts) => (counts[0] > 0 ? wilsonInterval(counts[last], counts[0]) : [null, null]));
  const open = labels.filter((_, index) => !complete(index)).length;
  const solid = shares.map((share, index) => (complete(index) ? share : null));
  // The dashed part starts at the last complete point, so that the line does not break.
  const dashed = shares.map((share, index) =>
    !complete(index) || (index + 1 < periods && !complete(index + 1)) ? share : null,
  );
  const notes: Note[] = [
    ...run.notes,
    ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
  ];
  notes.push({ level: 'info', text: message('note.trend') });
  if (open > 0)
    notes.push({
      level: 'warning',
      text: message('note.incomplete', { periods: open, window: windowLength(run.window) }),
    });
  const percent = { type: 'number', format: 'percent' } as const;
  const whole = { type: 'integer', format: 'integer' } as const;
  const done = shares.flatMap((share, index) =>
    share !== null && complete(index) ? [{ share, label: labels[index] }] : [],
  );
  return {
    headline:
      done.length < 2
        ? message('headline.trendShort', { periods: done.length })
        : message('headline.trend', {
            from: { value: done[0].share, as: 'percent' },
            to: { value: done[done.length - 1].share, as: 'percent' },
            first: done[0].label,
            last: done[done.length - 1].label,
          }),
    metrics: {
      periods: { value: periods, title: message('metric.periods'), format: 'integer' },
      incomplete: { value: open, title: message('metric.incomplete'), format: 'integer' },
    },
    tables: {
      trend: tableFromRows(
        [
          { name: 'period', title: message(`period.${parameters.period}`), type: 'string' },
          { name: 'entered', title: message('column.entered'), ...whole },
          ...names.names
            .slice(1)
            .map((_, index) => ({ name: `step${index + 2}`, title: names.text(index + 1), ...whole })),
          { name: 'conversion', title: message('metric.conversion'), ...percent },
          { name: 'low', title: message('column.low'), ...percent },
          { name: 'high', title: message('column.high'), ...percent },
          { name: 'complete', title: message('column.complete'), type: 'boolean' },
          { name: 'smallSample', title: message('column.smallSample'), type: 'boolean' },
        ],
        reached.map((counts, index) => [
          labels[index],
          ...counts,
          shares[index],
          ...intervals[index],
          complete(index),
          counts[0] < SMALL_SAMPLE,
        ]),
        { title: message('table.trend') },
      ),
    },
    charts: [
      {
        kind: 'line',
        id: 'trend',
        title: message('chart.trend'),
        summary: message('chart.trendSummary', { periods }),
        table: 'trend',
        xValues: labels,
        x: { title: message(`period.${parameters.period}`) },
        y: { title: message('metric.conversion'), format: 'percent', minimum: 0 },
        series: [
          {
            name: message('metric.conversion'),
            values: solid,
            low: intervals.map(([low], index) => (complete(index) ? low : null)),
            high: intervals.map(([, high], index) => (complete(index) ? high : null)),
            points: true,
          },
          ...(open > 0 ? [{ name: message('series.incomplete'), values: dashed, dashed: true }] : []),
        ],
      },
    ],
    notes,
    settled: { window: run.window },
    leftOut: run.leftOut,
  };
}

function periodsOf(days: Int32Array, period: Period): Int32Array {
  if (period === 'day') return days;
  const known = new Map<number, number>();
  return days.map((day) => {
    let index = known.get(day);
    if (index === undefined) {
      index = periodOfDay(day, period);
      known.set(day, index);
    }
    return index;
  });
}

function rangeOf(values: Int32Array): [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return [first, last];
}
