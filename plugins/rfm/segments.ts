import {
  type Analysis,
  type AnalysisContext,
  type AnalysisResult,
  type Json,
  type JsonObject,
  type Message,
  message,
  type Note,
} from '@patron/sdk';
import { dateText, momentText, parseDate } from './as-of.ts';
import { type CustomerFacts, factsOf } from './customer-facts.ts';
import { cellsTable, customersTable, scoresTable, segmentName, segmentsTable } from './result-tables.ts';
import type { SegmentGrid, SegmentRule } from './rules.ts';
import { segmentCharts } from './segment-charts.ts';
import { type SegmentStatistics, SMALL_SAMPLE, scoreMatrix, segmentStatistics, sum } from './segment-statistics.ts';
import { gridOf, type Segmentation, type SegmentationParameters, segmentCustomers } from './segmentation.ts';

export interface SegmentsParameters extends SegmentationParameters {
  readonly asOf: string | null;
  readonly snapshot: 'midnight' | 'last-time';
  readonly frequencyOf: 'orders' | 'transactions';
}

/** `rfm.segments`: scores every customer by recency, frequency and monetary value and names the segments. */
export const segments: Analysis<SegmentsParameters> = async (context) => {
  const { parameters } = context;
  gridOf(parameters);
  context.progress(0, 3, message('progress.summarise'));
  const facts = factsOf(context, factOptions(parameters));
  await context.checkpoint();
  context.progress(1, 3, message('progress.score'));
  const segmentation = segmentCustomers(facts, parameters);
  await context.checkpoint();
  context.progress(2, 3, message('progress.report'));
  return report(context, facts, segmentation);
};

/** How the parameters say the measures are made. */
export function factOptions(parameters: SegmentsParameters) {
  return {
    asOf: parseDate(parameters.asOf, 'asOf'),
    keepTimeOfDay: parameters.snapshot === 'last-time',
    frequencyOf: parameters.frequencyOf,
  };
}

function report(
  { parameters }: AnalysisContext<SegmentsParameters>,
  facts: CustomerFacts,
  { grid, scores, halves, segments }: Segmentation,
): AnalysisResult {
  const statistics = segmentStatistics(facts, segments, grid.segments.length);
  const matrix = scoreMatrix(scores, facts.monetary);
  const money = sum(facts.monetary);
  const settled: Record<string, Json> = {};
  if (parameters.asOf === null && facts.asOf !== undefined) settled.asOf = dateText(facts.asOf);
  if (parameters.rules === null) settled.rules = grid.rules.map(ruleJson);
  return {
    headline: headline(grid, statistics),
    metrics: {
      customers: { value: facts.customers, title: message('metric.customers'), format: 'integer' },
      orders: {
        value: sum(facts.frequency),
        title: message(`metric.orders.${facts.frequencyOf}`),
        format: 'integer',
      },
      revenue: {
        value: money / facts.scale,
        title: message('metric.revenue'),
        format: 'money',
        n: facts.customers,
      },
    },
    tables: {
      segments: segmentsTable(grid, statistics),
      scores: scoresTable(facts, scores),
      cells: cellsTable(matrix, facts.scale),
      customers: customersTable(facts, scores, grid, segments),
    },
    charts: segmentCharts(facts, grid, statistics, matrix),
    notes: notes(parameters, facts, grid, statistics, halves),
    settled,
    leftOut:
      facts.rowsAfterAsOf > 0
        ? [{ role: 'transactions', reason: message('leftOut.afterAsOf'), count: facts.rowsAfterAsOf }]
        : undefined,
  };
}

/** A rule as the parameter `rules` holds it. */
export function ruleJson({ segment, r, f, m, name, treatment }: SegmentRule): JsonObject {
  return {
    segment,
    r: [...r],
    f: [...f],
    ...(m && { m: [...m] }),
    ...(name && { name }),
    ...(treatment && { treatment }),
  };
}

/** The pairs of segments that a headline speaks of, best customers first, by scheme. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['champions', 'loyal_customers'],
  ['important_value', 'important_retention'],
];

function headline(grid: SegmentGrid, statistics: readonly SegmentStatistics[]): Message {
  const pair = PAIRS.map((ids) => ids.map((id) => grid.segments.indexOf(id))).find((places) =>
    places.every((place) => place >= 0),
  );
  const byRevenue = grid.segments
    .map((_, index) => index)
    .sort((a, b) => statistics[b].revenue - statistics[a].revenue);
  const [first, second = first] = pair ?? byRevenue;
  const both = first === second ? [first] : [first, second];
  const total = (figure: (figures: SegmentStatistics) => number): number =>
    both.reduce((total, index) => total + figure(statistics[index]), 0);
  return message(both.length === 1 ? 'headline.one' : 'headline.two', {
    share: { value: total(({ share }) => share), as: 'percent' },
    first: segmentName(grid.segments[first], grid.rules, true),
    second: segmentName(grid.segments[second], grid.rules, true),
    revenueShare: { value: total(({ revenueShare }) => revenueShare ?? 0), as: 'percent' },
  });
}

/** The named schemes' bounds are written for so many scores. */
const SCHEME_BINS = 5;
/** Below these a segmentation says little about a business. */
const FEW_CUSTOMERS = 500;

function notes(
  parameters: SegmentsParameters,
  facts: CustomerFacts,
  grid: SegmentGrid,
  statistics: readonly SegmentStatistics[],
  halves: Segmentation['halves'],
): Note[] {
  const list: Note[] = [];
  const info = (text: Message): unknown => list.push({ level: 'info', text });
  const warn = (text: Message): unknown => list.push({ level: 'warning', text });
  if (facts.asOf !== undefined) info(message('note.asOf', { asOf: momentText(facts.asOf) }));
  info(message(`note.frequency.${facts.frequencyOf}`));
  if (parameters.cut === 'quantiles') info(message(`note.ties.${parameters.frequencyTies}`));
  else info(message('note.jenks'));
  if (halves) {
    info(
      message(`note.halves.${parameters.threshold}.${parameters.thresholdOf}`, {
        recency: { value: halves.thresholds.recency, as: 'decimal' },
        frequency: { value: halves.thresholds.frequency, as: 'decimal' },
        monetary: { value: halves.thresholds.monetary, as: 'money' },
      }),
    );
  } else if (parameters.rules === null && parameters.bins !== SCHEME_BINS) {
    info(message('note.stretched', { bins: parameters.bins }));
  }
  info(message('note.intervals'));
  if (facts.rowsNotPositive > 0) info(message('note.notPositive', { count: facts.rowsNotPositive }));
  if (facts.customers < FEW_CUSTOMERS) warn(message('note.fewCustomers', { customers: facts.customers }));
  const small = grid.segments.filter(
    (_, index) => statistics[index].customers > 0 && statistics[index].customers < SMALL_SAMPLE,
  );
  if (small.length > 0) warn(message('note.smallSegments', { count: small.length, limit: SMALL_SAMPLE }));
  return list;
}
