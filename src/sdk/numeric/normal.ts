import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';

const ROOT_HALF = Math.SQRT1_2;

/** Density of the standard normal at `z`. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z ≤ z) of the standard normal. */
export function normalCumulative(z: number): number {
  return 0.5 * erfc(-z * ROOT_HALF);
}

/** P(Z > z) of the standard normal, without cancellation far in the tail. */
export function normalUpperTail(z: number): number {
  return 0.5 * erfc(z * ROOT_HALF);
}

/** P(|Z| > |z|): the two-sided p-value of a z statistic. */
export function normalTwoSided(z: number): number {
  return erfc(Math.abs(z) * ROOT_HALF);
}

/** The z with P(Z ≤ z) = `p`, for p in [0, 1]; ±∞ at the ends, NaN outside. */
export function normalQuantile(p: number): number {
  return -Math.SQRT2 * erfcinv(2 * p);
}

/** The z of a two-sided interval at `confidence`: 1.959964 at 0.95. */
export function normalCritical(confidence: number): number {
  return Math.SQRT2 * erfcinv(1 - confidence);
}
