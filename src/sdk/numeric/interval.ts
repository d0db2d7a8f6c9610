import { normalCritical } from './normal.ts';
import { studentQuantile } from './student.ts';

/** Low and high end of an interval. */
export type Interval = readonly [number, number];

/**
 * Interval of a share, `successes` of `trials` (Wilson 1927, "Probable inference, the law of succession, and statistical
 * inference"). Never leaves 0 … 1; [0, 1] where there was no trial.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (!(trials > 0)) return [0, 1];
  const z = normalCritical(confidence);
  const share = successes / trials;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const denominator = 1 + (z * z) / trials;
  const centre = share + (z * z) / (2 * trials);
  return [
    successes <= 0 ? 0 : Math.max(0, (centre - spread) / denominator),
    successes >= trials ? 1 : Math.min(1, (centre + spread) / denominator),
  ];
}

/** Interval of an estimate from its standard error, by the normal distribution. */
export function normalInterval(estimate: number, standardError: number, confidence = 0.95): Interval {
  const reach = normalCritical(confidence) * standardError;
  return [estimate - reach, estimate + reach];
}

/**
 * Interval of a mean from `n` values' mean and variance (the unbiased one), by Student's t. Undefined under two values,
 * which say nothing about the spread.
 */
export function meanInterval(mean: number, variance: number, n: number, confidence = 0.95): Interval | undefined {
  if (n < 2) return undefined;
  const reach = studentQuantile(1 - (1 - confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return [mean - reach, mean + reach];
}
