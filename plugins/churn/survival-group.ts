import { type Metric, normalCritical, type SpellCounts, type Threads } from '@patron/sdk';
import { type IntervalChoice, type QuantileTime, restrictedMean, survivalTime } from './kaplan-meier.ts';
import { type SurvivalCurve, survivalCurve } from './survival-curve.ts';

/** One group of spells with its curve and its median. */
export interface Group {
  readonly name: string;
  readonly counts: SpellCounts;
  readonly curve: SurvivalCurve;
  readonly median: QuantileTime;
}

export async function groupOf(
  threads: Threads,
  name: string,
  counts: SpellCounts,
  choice: IntervalChoice,
): Promise<Group> {
  const curve = await survivalCurve(threads, counts);
  return { name, counts, curve, median: survivalTime(curve, choice) };
}

/** The number, or null where there is none: results never carry NaN. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function median({ curve, median: { time, low, high } }: Group): Metric {
  const n = curve.atRisk[0];
  return {
    value: known(time),
    ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
    n,
    format: 'decimal',
    ...(n < 30 ? { smallSample: true } : {}),
  };
}

export function mean(curve: SurvivalCurve, horizon: number, confidence: number): Metric {
  const { mean: value, standardError } = restrictedMean(curve, horizon);
  const reach = normalCritical(confidence) * standardError;
  return { value, interval: [Math.max(0, value - reach), value + reach], n: curve.atRisk[0], format: 'decimal' };
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

export function percent(value: number): { value: number; as: 'percent' } {
  return { value, as: 'percent' };
}
