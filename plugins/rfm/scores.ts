import {
  AnalysisError,
  binByEdges,
  type Json,
  jenksEdges,
  message,
  type NumericArray,
  quantileEdges,
  ranksAverage,
  ranksFirst,
} from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';

export const MEASURES = ['recency', 'frequency', 'monetary'] as const;
export type Measure = (typeof MEASURES)[number];

/** Scores 1 … bins of every customer, the best customers high, and the edges that made them. */
export interface Scores {
  readonly bins: number;
  readonly r: Uint8Array;
  readonly f: Uint8Array;
  readonly m: Uint8Array;
  /** Inner edges by measure, in the measure's own units; those of ranks where `frequencyByRank`. */
  readonly edges: Readonly<Record<Measure, Float64Array>>;
  /** True where the frequency's edges are places in the ranking rather than frequencies. */
  readonly frequencyByRank: boolean;
}

interface ScoreOptions {
  readonly bins: number;
  readonly cut: 'quantiles' | 'jenks';
  readonly frequencyTies: 'rank' | 'average';
  /** Own edges by measure; they take the place of the computed ones. */
  readonly cutPoints: Readonly<Partial<Record<Measure, Float64Array>>>;
}

/**
 * Scores by quantiles (linear, right-closed, as pandas' `qcut`), natural breaks or own edges. By quantiles the frequency
 * is scored by its rank, since a third or more of all customers share the lowest one: ties go by identifier (`rank`) or
 * share their mean rank (`average`).
 */
export function scoreCustomers(facts: CustomerFacts, options: ScoreOptions): Scores {
  const { bins, cutPoints } = options;
  const edgesOf = (values: NumericArray): Float64Array =>
    options.cut === 'jenks' ? jenksEdges(values, bins) : quantileEdges(values, bins);
  const recency = cutPoints.recency ?? edgesOf(facts.recency);
  const r = binByEdges(facts.recency, recency);
  for (let i = 0; i < r.length; i++) r[i] = bins + 1 - r[i];
  const monetaryUnits = cutPoints.monetary?.map((edge) => edge * facts.scale) ?? edgesOf(facts.monetary);
  const m = binByEdges(facts.monetary, monetaryUnits);
  const frequencyByRank = options.cut === 'quantiles' && !cutPoints.frequency;
  const ranked = frequencyByRank
    ? options.frequencyTies === 'rank'
      ? ranksFirst(facts.frequency, facts.keys.orderOf(facts.codes))
      : ranksAverage(facts.frequency)
    : facts.frequency;
  const frequency =
    cutPoints.frequency ??
    (ranked instanceof Uint32Array && frequencyByRank ? rankEdges(ranked.length, bins) : edgesOf(ranked));
  return {
    bins,
    r,
    f: binByEdges(ranked, frequency),
    m,
    edges: { recency, frequency, monetary: monetaryUnits.map((edge) => edge / facts.scale) },
    frequencyByRank,
  };
}

/** Quantiles of the ranks 1 … n, which need no looking. */
function rankEdges(n: number, bins: number): Float64Array {
  return Float64Array.from({ length: bins - 1 }, (_, i) => 1 + ((n - 1) * (i + 1)) / bins);
}

/**
 * Checks the parameter `cutPoints`: `{ "recency": [30, 90, 180, 365], … }`, the inner edges of each measure that is not to
 * be cut by computation, ascending, one fewer than there are bins.
 */
export function parseCutPoints(given: Json, bins: number): ScoreOptions['cutPoints'] {
  if (given === null) return {};
  const refuse = (path: string, english: string, key: string, args: Record<string, string | number>): never => {
    throw new AnalysisError(english, { text: message(key, args), path: `parameters.cutPoints${path}` });
  };
  if (typeof given !== 'object' || Array.isArray(given)) {
    return refuse('', '\'cutPoints\' must be an object such as {"recency": [30, 90, 180, 365]}.', 'error.cutShape', {});
  }
  const parsed: Partial<Record<Measure, Float64Array>> = {};
  for (const [name, list] of Object.entries(given)) {
    const measure = MEASURES.find((known) => known === name);
    if (!measure) {
      return refuse(
        `.${name}`,
        `'cutPoints' has no measure '${name}'; use recency, frequency or monetary.`,
        'error.cutMeasure',
        { measure: name },
      );
    }
    const ascends =
      Array.isArray(list) &&
      list.length === bins - 1 &&
      list.every((edge, i) => typeof edge === 'number' && Number.isFinite(edge) && (i === 0 || edge > list[i - 1]));
    if (!ascends) {
      return refuse(
        `.${name}`,
        `The cut points of '${name}' must be ${bins - 1} ascending numbers, one fewer than the ${bins} classes.`,
        'error.cutPoints',
        { measure: name, count: bins - 1, bins },
      );
    }
    parsed[measure] = Float64Array.from(list as number[]);
  }
  return parsed;
}
