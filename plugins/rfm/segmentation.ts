import type { Json } from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import { parseRules, type SegmentGrid, type SegmentRule, segmentGrid, segmentsOf } from './rules.ts';
import { KNOWN_SEGMENTS, type Scheme, schemeRules } from './schemes.ts';
import { parseCutPoints, type Scores, scoreCustomers } from './scores.ts';
import { type Halves, halve } from './thresholds.ts';

/** The parameters that say how customers are scored and named, as the manifest declares them. */
export interface SegmentationParameters {
  readonly bins: number;
  readonly cut: 'quantiles' | 'jenks';
  readonly cutPoints: Json;
  readonly frequencyTies: 'rank' | 'average';
  readonly scheme: Scheme;
  readonly rules: Json;
  readonly threshold: 'mean' | 'median';
  readonly thresholdOf: 'values' | 'scores';
}

/** The rule table that the parameters name, checked. It does not depend on the data. */
export function gridOf(parameters: SegmentationParameters): SegmentGrid {
  const levels = levelsOf(parameters);
  const rules: readonly SegmentRule[] =
    parameters.rules === null ? schemeRules(parameters.scheme, parameters.bins) : parseRules(parameters.rules, levels);
  return segmentGrid(rules, levels);
}

function levelsOf({ scheme, bins }: SegmentationParameters): number {
  return scheme === 'zh8' ? 2 : bins;
}

/** Every customer's scores and segment. */
export interface Segmentation {
  readonly grid: SegmentGrid;
  readonly scores: Scores;
  /** The low and high halves that the eight types go by. */
  readonly halves?: Halves;
  /** Index into `grid.segments` by customer. */
  readonly segments: Uint8Array;
}

/** Scores the customers and gives each the segment of its cell. */
export function segmentCustomers(facts: CustomerFacts, parameters: SegmentationParameters): Segmentation {
  const grid = gridOf(parameters);
  const scores = scoreCustomers(facts, {
    bins: parameters.bins,
    cut: parameters.cut,
    frequencyTies: parameters.frequencyTies,
    cutPoints: parseCutPoints(parameters.cutPoints, parameters.bins),
  });
  const halves = parameters.scheme === 'zh8' ? halve(facts, scores, parameters) : undefined;
  const { r, f, m } = halves ?? scores;
  return { grid, scores, halves, segments: segmentsOf(grid, r, f, m) };
}

/** Whether the catalogues know the segment by its id. */
export function isKnown(segment: string): boolean {
  return KNOWN_SEGMENTS.has(segment);
}
