import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  type Column,
  denseCodes,
  type Metric,
  message,
  type Note,
  numbersOf,
  PERIODS,
  type Period,
  type ResultTable,
} from '@patron/sdk';
import { type Estimate, effectiveSize, estimate } from './estimate.ts';
import type { Measure } from './measure.ts';
import { type Responses, readResponses, requireScores } from './scale.ts';
import { type ScoreRun, SMALL_SAMPLE } from './score-run.ts';
import { scoresChart, scoresTable } from './scores.ts';
import { segmentsChart, segmentsTable } from './segments.ts';
import { tallyScores } from './tally-scores.ts';
import { changeMetric, trendChart, trendTable } from './trend.ts';

interface ScoreParameters {
  readonly confidence: number;
  readonly keep: 'all' | 'latest';
  readonly period: string;
  readonly invited: number | null;
}

/** The analysis behind `nps.score`, `csat.score` and `ces.score`: they differ only in what they measure. */
export async function scoreAnalysis(context: AnalysisContext, measure: Measure): Promise<AnalysisResult> {
  const parameters = context.parameters as unknown as ScoreParameters;
  const { score, customer, time, segment, weight } = context.inputs.responses.fields;
  const period = PERIODS.find((candidate) => candidate === parameters.period) as Period;
  const latest = latestOf(parameters.keep, customer, time);
  const kept = latest && readResponses(score, measure.scale, latest, weight);
  const columns = { score, weight, time, segment, counted: kept && marked(kept, score.length) };
  const tallies = await tallyScores(context, columns, measure.scale, period, context.timeZone);
  requireScores(tallies.responses, tallies.unweighted, measure.scale);
  const { counts, whole } = tallies;
  const { confidence } = parameters;
  const run: ScoreRun = {
    measure,
    confidence,
    tallies,
    superseded: kept?.superseded ?? 0,
    estimate: (tally) => estimate(tally, measure.interval, confidence, measure.bounds),
  };
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
    const trend = tallies.periods;
    tables.trend = trendTable(run, trend, period);
    charts.push(trendChart(run, trend, period));
    if (trend.length > 1) metrics.change = changeMetric(run, trend);
  }
  if (tallies.segmentCodes) {
    tables.segments = segmentsTable(run, whole, tallies.segmentCodes, tallies.segments);
    charts.push(segmentsChart(run, tallies.segmentCodes, tallies.segments));
  }
  return {
    headline: headline(overall, measure),
    metrics,
    tables,
    charts,
    notes: [
      ...notes(run, overall, weight !== undefined),
      ...withoutValue(tallies.noTime, tallies.responses, 'note.noTime'),
      ...withoutValue(tallies.noSegment, tallies.responses, 'note.noSegment'),
    ],
    leftOut: [
      { role: 'responses', reason: message('leftOut.noWeight'), count: tallies.unweighted },
      { role: 'responses', reason: message('leftOut.offScale'), count: tallies.offScale },
      { role: 'responses', reason: message('leftOut.superseded'), count: run.superseded },
    ].filter(({ count }) => count > 0),
  };
}

/** An estimate as a metric in the measure's own unit. */
function estimateMetric(value: Estimate, measure: Measure): Metric {
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

/** By row, 1 for the responses that count. */
function marked({ rows }: Responses, length: number): Uint8Array {
  const counted = new Uint8Array(length);
  for (const row of rows) counted[row] = 1;
  return counted;
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

/** Says how many responses have no value in a column: they count in the score and not in the table by it. */
function withoutValue(count: number, all: number, note: string): Note[] {
  return count > 0 ? [{ level: 'info', text: message(note, { count, all }) }] : [];
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

function notes({ measure, confidence, tallies, superseded }: ScoreRun, overall: Estimate, weighted: boolean): Note[] {
  const list: Note[] = [
    {
      level: 'info',
      text: message(`note.interval.${measure.interval}`, { confidence: { value: confidence, as: 'percent' } }),
    },
  ];
  if (weighted) list.push({ level: 'info', text: message('note.weighted') });
  const all = tallies.offScale + tallies.responses + superseded;
  if (tallies.offScale > all / 10) {
    const { minimum, maximum } = measure.scale;
    list.push({
      level: 'warning',
      text: message('note.offScale', { count: tallies.offScale, all, minimum, maximum }),
    });
  }
  if (overall.n < SMALL_SAMPLE) list.push({ level: 'warning', text: message('note.small', { n: overall.n }) });
  return list;
}
