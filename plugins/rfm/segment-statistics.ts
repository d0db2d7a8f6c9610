import { type Interval, meanInterval, median, type NumericArray, wilsonInterval } from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import type { Scores } from './scores.ts';

/** Under so many customers a segment's figures are labelled as a small sample. */
export const SMALL_SAMPLE = 30;

/** What one segment is like. Means and medians are null where it has no customer. */
export interface SegmentStatistics {
  readonly customers: number;
  readonly share: number;
  readonly shareInterval: Interval;
  readonly revenue: number;
  readonly revenueShare: number | null;
  readonly meanRecency: number | null;
  readonly meanFrequency: number | null;
  readonly meanMonetary: number | null;
  readonly meanMonetaryInterval?: Interval;
  readonly medianRecency: number | null;
  readonly medianFrequency: number | null;
  readonly medianMonetary: number | null;
}

/** Figures of `count` segments, in their order. Sums of money are made in whole units, so they are exact. */
export function segmentStatistics(
  facts: CustomerFacts,
  segments: Uint8Array,
  count: number,
): readonly SegmentStatistics[] {
  const total = sum(facts.monetary);
  const grouped = (values: NumericArray): Float64Array[] => groupValues(values, segments, count);
  const recency = grouped(facts.recency);
  const frequency = grouped(facts.frequency);
  const monetary = grouped(facts.monetary);
  return Array.from({ length: count }, (_, segment) => {
    const n = recency[segment].length;
    const units = sum(monetary[segment]);
    const mean = (total: number): number | null => (n === 0 ? null : total / n);
    const middle = (values: Float64Array): number | null => (n === 0 ? null : median(values));
    const meanUnits = units / n;
    const variance = squares(monetary[segment], meanUnits) / (n - 1) / facts.scale ** 2;
    const medianUnits = middle(monetary[segment]);
    return {
      customers: n,
      share: n / facts.customers,
      shareInterval: wilsonInterval(n, facts.customers),
      revenue: units / facts.scale,
      revenueShare: total > 0 ? units / total : null,
      meanRecency: mean(sum(recency[segment])),
      meanFrequency: mean(sum(frequency[segment])),
      meanMonetary: n === 0 ? null : meanUnits / facts.scale,
      meanMonetaryInterval: n < 2 ? undefined : meanInterval(meanUnits / facts.scale, variance, n),
      medianRecency: middle(recency[segment]),
      medianFrequency: middle(frequency[segment]),
      medianMonetary: medianUnits === null ? null : medianUnits / facts.scale,
    };
  });
}

function groupValues(values: NumericArray, segments: Uint8Array, count: number): Float64Array[] {
  const sizes = new Uint32Array(count);
  for (let i = 0; i < segments.length; i++) sizes[segments[i]]++;
  const groups = Array.from(sizes, (size) => new Float64Array(size));
  sizes.fill(0);
  for (let i = 0; i < segments.length; i++) groups[segments[i]][sizes[segments[i]]++] = values[i];
  return groups;
}

/** Sum of the values. */
export function sum(values: NumericArray): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function squares(values: Float64Array, mean: number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - mean) ** 2;
  return total;
}

/** Customers and units of money by score cell. */
export interface ScoreMatrix {
  readonly bins: number;
  /** By `((r − 1) · bins + f − 1) · bins + m − 1`. */
  readonly customers: Uint32Array;
  readonly units: Float64Array;
}

/** Counts the customers of every r × f × m cell. */
export function scoreMatrix(scores: Scores, monetary: Float64Array): ScoreMatrix {
  const { bins, r, f, m } = scores;
  const customers = new Uint32Array(bins ** 3);
  const units = new Float64Array(bins ** 3);
  for (let i = 0; i < r.length; i++) {
    const cell = ((r[i] - 1) * bins + f[i] - 1) * bins + m[i] - 1;
    customers[cell]++;
    units[cell] += monetary[i];
  }
  return { bins, customers, units };
}
