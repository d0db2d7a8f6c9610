import type { JsonObject, ValueFormat } from '@patron/sdk';
import type { IntervalMethod } from './estimate.ts';
import type { Scale } from './scale.ts';

/** What an analysis of scores measures, read from its parameters. */
export interface Measure {
  /** Metric name and message-key stem. */
  readonly name: 'nps' | 'csat' | 'ces';
  readonly scale: Scale;
  /** Least and greatest mean worth. */
  readonly bounds: readonly [number, number];
  /** What the mean worth is multiplied by to be shown. */
  readonly factor: number;
  readonly format: ValueFormat;
  readonly interval: IntervalMethod;
  /** Named classes of scores, worst first: the scores in [from, to]. */
  readonly classes: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

function scaleEnds(text: unknown): [number, number] {
  const [minimum, maximum] = String(text).split('-').map(Number);
  return [minimum, maximum];
}

/** NPS: share of promoters (9–10) less share of detractors (up to 6), in points from −100 to 100 (Reichheld 2003). */
export function npsMeasure(parameters: JsonObject): Measure {
  const [minimum, maximum] = scaleEnds(parameters.scale);
  return {
    name: 'nps',
    scale: { minimum, maximum, worth: (score) => (score >= 9 ? 1 : score <= 6 ? -1 : 0) },
    bounds: [-1, 1],
    factor: 100,
    format: 'decimal',
    interval: parameters.interval as IntervalMethod,
    classes: [
      { name: 'detractors', from: minimum, to: 6 },
      { name: 'passives', from: 7, to: 8 },
      { name: 'promoters', from: 9, to: maximum },
    ],
  };
}

/** CSAT: the share of satisfied answers (the top two boxes unless `satisfiedFrom` says otherwise), or the mean score. */
export function csatMeasure(parameters: JsonObject): Measure {
  const [minimum, maximum] = scaleEnds(parameters.scale);
  const satisfiedFrom = (parameters.satisfiedFrom as number | null) ?? maximum - 1;
  const mean = parameters.measure === 'mean';
  return {
    name: 'csat',
    scale: { minimum, maximum, worth: mean ? (score) => score : (score) => (score >= satisfiedFrom ? 1 : 0) },
    bounds: mean ? [minimum, maximum] : [0, 1],
    factor: 1,
    format: mean ? 'decimal' : 'percent',
    interval: mean ? 'student' : 'wilson',
    classes: [
      { name: 'unsatisfied', from: minimum, to: satisfiedFrom - 1 },
      { name: 'satisfied', from: satisfiedFrom, to: maximum },
    ],
  };
}

/** CES: the mean score, or the share of answers that found it easy; `direction` says which end of the scale is easy. */
export function cesMeasure(parameters: JsonObject): Measure {
  const [minimum, maximum] = scaleEnds(parameters.scale);
  const width = Math.round((maximum - minimum + 1) * 0.4);
  const highIsEasy = parameters.direction === 'high-is-easy';
  const isEasy = highIsEasy
    ? (score: number): boolean => score > maximum - width
    : (score: number): boolean => score < minimum + width;
  const mean = parameters.measure === 'mean';
  const low = { from: minimum, to: minimum + width - 1 };
  const middle = { from: minimum + width, to: maximum - width };
  const high = { from: maximum - width + 1, to: maximum };
  return {
    name: 'ces',
    scale: { minimum, maximum, worth: mean ? (score) => score : (score) => (isEasy(score) ? 1 : 0) },
    bounds: mean ? [minimum, maximum] : [0, 1],
    factor: 1,
    format: mean ? 'decimal' : 'percent',
    interval: mean ? 'student' : 'wilson',
    classes: [
      { name: highIsEasy ? 'hard' : 'easy', ...low },
      { name: 'neutral', ...middle },
      { name: highIsEasy ? 'easy' : 'hard', ...high },
    ],
  };
}
