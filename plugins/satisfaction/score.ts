import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  type Column,
  type DenseCodes,
  denseCodes,
  isPresent,
  type Metric,
  message,
  type Note,
  numberAt,
  numbersOf,
  PERIODS,
  type Period,
  periodIndex,
  type ResultTable,
  type TimeColumn,
} from '@patron/sdk';
import {
  addResponse,
  addResponses,
  type Estimate,
  effectiveSize,
  emptyTally,
  estimate,
  type Tally,
} from './estimate.ts';
import type { Measure } from './measure.ts';
import { countsOf, type Responses, readResponses } from './scale.ts';
import { type PeriodTally, type ScoreRun, SMALL_SAMPLE } from './score-run.ts';
import { scoresChart, scoresTable } from './scores.ts';
import { segmentsChart, segmentsTable } from './segments.ts';
import { changeMetric, trendChart, trendTable } from './trend.ts';

interface ScoreParameters {
  readonly confidence: number;
  readonly keep: 'all' | 'latest';
  readonly period: string;
  readonly invited: number | null;
}

/** The analysis behind `nps.score`, `csat.score` and `ces.score`: they differ only in what they measure. */
export function scoreAnalysis(context: AnalysisContext, measure: Measure): AnalysisResult {
  const parameters = context.parameters as unknown as ScoreParameters;
  const { score, customer, time, segment, weight } = context.inputs.responses.fields;
  const responses = readResponses(score, measure.scale, latestOf(parameters.keep, customer, time), weight);
  const weightAt = weightReader(weight, responses);
  const { confidence } = parameters;
  const run: ScoreRun = {
    measure,
    confidence,
    responses,
    weight: weightAt,
    estimate: (tally) => estimate(tally, measure.interval, confidence, measure.bounds),
  };
  const whole = emptyTally();
  const counts = countsOf(responses.scores, measure.scale.maximum);
  if (weight) {
    responses.scores.forEach((value, index) => {
      addResponse(whole, measure.scale.worth(value), weightAt(index));
    });
  } else {
    counts.forEach((count, value) => {
      addResponses(whole, measure.scale.worth(value), count);
    });
  }
  const overall = run.estimate(whole);

  const metrics: Record<string, Metric> = { [measure.name]: estimateMetric(overall, measure) };
  for (const { name, from, to } of measure.classes) {
    const count = counts.slice(from, to + 1).reduce((sum, each) => sum + each, 0);
    metrics[name] = { value: count, n: overall.n, title: message(`class.${name}`), format: 'integer' };
  }
  metrics.responses = { value: overall.n, title: message('metric.responses'), format: 'integer' };
  if (weight)
    metrics.effectiveResponses = { value: effectiveSize(whole), title: message('metric.effective'), format: 'decimal' };
  if (parameters.invited) metrics.responseRate = responseRate(score.length, parameters.invited);

  const tables: Record<string, ResultTable> = { scores: scoresTable(run) };
  const charts: ChartSpec[] = [scoresChart(run)];
  if (time) {
    const period = PERIODS.find((candidate) => candidate === parameters.period) as Period;
    const trend = tallyByPeriod(run, time, periodIndex(time as TimeColumn, period, context.timeZone).indexes);
    tables.trend = trendTable(run, trend, period);
    charts.push(trendChart(run, trend, period));
    if (trend.length > 1) metrics.change = changeMetric(run, trend);
  }
  if (segment) {
    const codes = denseCodes(segment);
    const tallies = tallyBySegment(run, segment, codes);
    tables.segments = segmentsTable(run, whole, codes, tallies);
    charts.push(segmentsChart(run, codes, tallies));
  }
  return {
    headline: headline(overall, measure),
    metrics,
    tables,
    charts,
    notes: [
      ...notes(run, overall, weight !== undefined),
      ...withoutValue(responses, time, 'note.noTime'),
      ...withoutValue(responses, segment, 'note.noSegment'),
    ],
    leftOut: [
      { role: 'responses', reason: message('leftOut.noWeight'), count: responses.unweighted },
      { role: 'responses', reason: message('leftOut.offScale'), count: responses.offScale },
      { role: 'responses', reason: message('leftOut.superseded'), count: responses.superseded },
    ].filter(({ count }) => count > 0),
  };
}

/** An estimate as a metric in the measure's own unit. */
export function estimateMetric(value: Estimate, measure: Measure): Metric {
  return {
    value: value.value * measure.factor,
    interval: [value.low * measure.factor, value.high * measure.factor],
    n: value.n,
    title: message(`metric.${measure.name}`),
    format: measure.format,
    smallSample: value.n < SMALL_SAMPLE,
  };
}

function latestOf(
  keep: 'all' | 'latest',
  customer: Column | undefined,
  time: Column | undefined,
): Parameters<typeof readResponses>[2] {
  if (keep === 'all') return undefined;
  if (!customer) {
    throw new AnalysisError("To keep each customer's latest response, map the field 'customer'.", {
      text: message('error.latestNeedsCustomer'),
      path: 'inputs.responses.customer',
    });
  }
  const { codes, count } = denseCodes(customer);
  return { customer, codes, count, time: time && numbersOf(time) };
}

function weightReader(weight: Column | undefined, { rows }: Responses): (index: number) => number {
  if (!weight) return () => 1;
  return (index) => numberAt(weight, rows[index]);
}

/** Of those invited, how many answered at all (a response off the scale is an answer too). */
function responseRate(answers: number, invited: number): Metric {
  const tally = {
    n: invited,
    weight: invited,
    squaredWeight: invited,
    sum: Math.min(answers, invited),
    squares: Math.min(answers, invited),
  };
  const { value, low, high } = estimate(tally, 'wilson', 0.95, [0, 1]);
  return { value, interval: [low, high], n: invited, title: message('metric.responseRate'), format: 'percent' };
}

function tallyByPeriod({ responses, measure, weight }: ScoreRun, time: Column, periods: Int32Array): PeriodTally[] {
  const tallies = new Map<number, Tally>();
  responses.rows.forEach((row, index) => {
    if (!isPresent(time, row)) return;
    const period = periods[row];
    const tally = tallies.get(period) ?? emptyTally();
    tallies.set(period, tally);
    addResponse(tally, measure.scale.worth(responses.scores[index]), weight(index));
  });
  return [...tallies].sort(([a], [b]) => a - b).map(([period, tally]) => ({ period, tally }));
}

function tallyBySegment(
  { responses, measure, weight }: ScoreRun,
  segment: Column,
  { codes, count }: DenseCodes,
): Tally[] {
  const tallies = Array.from({ length: count }, emptyTally);
  responses.rows.forEach((row, index) => {
    if (!isPresent(segment, row)) return;
    addResponse(tallies[codes[row]], measure.scale.worth(responses.scores[index]), weight(index));
  });
  return tallies;
}

/** Says how many responses have no value in `column`: they count in the score and not in the table by it. */
function withoutValue({ rows }: Responses, column: Column | undefined, note: string): Note[] {
  if (!column?.validity) return [];
  const count = rows.reduce((sum, row) => sum + (isPresent(column, row) ? 0 : 1), 0);
  return count > 0 ? [{ level: 'info', text: message(note, { count, all: rows.length }) }] : [];
}

function headline(overall: Estimate, { name, factor, format }: Measure): AnalysisResult['headline'] {
  const as = (value: number) => ({ value: value * factor, as: format });
  return message(`headline.${name}`, {
    value: as(overall.value),
    low: as(overall.low),
    high: as(overall.high),
    n: { value: overall.n, as: 'integer' },
  });
}

function notes({ measure, confidence, responses }: ScoreRun, overall: Estimate, weighted: boolean): Note[] {
  const list: Note[] = [
    {
      level: 'info',
      text: message(`note.interval.${measure.interval}`, { confidence: { value: confidence, as: 'percent' } }),
    },
  ];
  if (weighted) list.push({ level: 'info', text: message('note.weighted') });
  const all = responses.offScale + responses.rows.length + responses.superseded;
  if (responses.offScale > all / 10) {
    const { minimum, maximum } = measure.scale;
    list.push({
      level: 'warning',
      text: message('note.offScale', { count: responses.offScale, all, minimum, maximum }),
    });
  }
  if (overall.n < SMALL_SAMPLE) list.push({ level: 'warning', text: message('note.small', { n: overall.n }) });
  return list;
}
