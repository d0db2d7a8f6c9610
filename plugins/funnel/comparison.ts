import { normalCritical, normalTwoSided, wilsonInterval } from '@patron/sdk';

/** Under this many customers a share is labelled as resting on a small sample. */
export const SMALL_SAMPLE = 30;

/** How two shares, a of n and b of m, differ. */
export interface ShareDifference {
  /** a/n − b/m. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly test: 'z' | 'fisher';
  /** False where a group is under 30 or would expect fewer than 5 of either outcome. */
  readonly enough: boolean;
}

/**
 * Difference of two shares: interval by Newcombe's hybrid score method (1998, method 10), test by the pooled z test, or by
 * Fisher's exact test where a group is too small for it.
 */
export function compareShares(a: number, n: number, b: number, m: number): ShareDifference {
  const p1 = n > 0 ? a / n : 0;
  const p2 = m > 0 ? b / m : 0;
  const difference = p1 - p2;
  const [l1, u1] = wilsonInterval(a, n);
  const [l2, u2] = wilsonInterval(b, m);
  const low = difference - Math.hypot(p1 - l1, u2 - p2);
  const high = difference + Math.hypot(u1 - p1, p2 - l2);
  const pooled = n + m > 0 ? (a + b) / (n + m) : 0;
  const expected = Math.min(n, m) * Math.min(pooled, 1 - pooled);
  const enough = n >= SMALL_SAMPLE && m >= SMALL_SAMPLE && expected >= 5;
  if (n === 0 || m === 0) return { difference, low: -1, high: 1, p: Number.NaN, test: 'fisher', enough: false };
  if (!enough && n + m <= 2000)
    return { difference, low, high, p: fisherExact(a, n - a, b, m - b), test: 'fisher', enough };
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return { difference, low, high, p: error > 0 ? normalTwoSided(difference / error) : 1, test: 'z', enough };
}

/** Two-sided p of Fisher's exact test: the tables with these margins that are no more likely than this one. */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const rowOne = a + b;
  const column = a + c;
  const total = a + b + c + d;
  const logFactorial = new Float64Array(total + 1);
  for (let i = 2; i <= total; i++) logFactorial[i] = logFactorial[i - 1] + Math.log(i);
  const logChoose = (n: number, k: number): number => logFactorial[n] - logFactorial[k] - logFactorial[n - k];
  const logOf = (x: number): number =>
    logChoose(rowOne, x) + logChoose(total - rowOne, column - x) - logChoose(total, column);
  const own = logOf(a);
  let p = 0;
  for (let x = Math.max(0, column - (total - rowOne)); x <= Math.min(rowOne, column); x++) {
    const likelihood = logOf(x);
    if (likelihood <= own + 1e-7) p += Math.exp(likelihood);
  }
  return Math.min(1, p);
}

/** P values adjusted for the rate of false discoveries (Benjamini & Hochberg 1995), in the order given; NaN stays NaN. */
export function adjustForMany(values: readonly number[]): number[] {
  const order = values.map((p, index) => ({ p, index })).filter(({ p }) => !Number.isNaN(p));
  order.sort((x, y) => y.p - x.p);
  const adjusted = values.map(() => Number.NaN);
  let least = 1;
  order.forEach(({ p, index }, place) => {
    least = Math.min(least, (p * order.length) / (order.length - place));
    adjusted[index] = least;
  });
  return adjusted;
}

/** Odds ratio of a 2 × 2 table with its 95 % interval by Woolf's logit, half added to each cell (Haldane 1956, Anscombe 1956). */
export function oddsRatio(a: number, b: number, c: number, d: number): { ratio: number; low: number; high: number } {
  const [w, x, y, z] = [a + 0.5, b + 0.5, c + 0.5, d + 0.5];
  const log = Math.log((w * z) / (x * y));
  const reach = normalCritical(0.95) * Math.sqrt(1 / w + 1 / x + 1 / y + 1 / z);
  return { ratio: Math.exp(log), low: Math.exp(log - reach), high: Math.exp(log + reach) };
}

/** Correlation of two yes–no traits (phi, Matthews). */
export function phiOf(a: number, b: number, c: number, d: number): number {
  const product = (a + b) * (c + d) * (a + c) * (b + d);
  return product > 0 ? (a * d - b * c) / Math.sqrt(product) : 0;
}
