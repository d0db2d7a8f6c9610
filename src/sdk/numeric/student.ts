import betainc from '@stdlib/math-base-special-betainc';
import { normalQuantile, normalTwoSided } from './normal.ts';

/** P(T > t) of Student's t with `degrees` > 0 degrees of freedom (need not be whole). Infinite degrees give the normal. */
export function studentUpperTail(t: number, degrees: number): number {
  const half = 0.5 * studentTwoSided(t, degrees);
  return t >= 0 ? half : 1 - half;
}

/** P(|T| > |t|): the two-sided p-value of a t statistic. */
export function studentTwoSided(t: number, degrees: number): number {
  if (Number.isNaN(t) || Number.isNaN(degrees)) return Number.NaN;
  if (degrees === Number.POSITIVE_INFINITY) return normalTwoSided(t);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  // The arguments of the incomplete beta are complements; the smaller one is passed, so that neither tail cancels.
  return square < degrees
    ? betainc(square / (degrees + square), 0.5, degrees / 2, true, true)
    : betainc(degrees / (degrees + square), degrees / 2, 0.5, true, false);
}

/**
 * The t with P(T ≤ t) = `p` of Student's t with `degrees` > 0 degrees of freedom; ±∞ at p = 0 and 1. Bisection in the
 * tail probability, started beside the normal quantile; exact to the last few digits.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1) || !(degrees > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  const tail = 1 - p;
  if (tail === 0) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Math.max(1, normalQuantile(p));
  while (studentUpperTail(high, degrees) > tail) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (studentUpperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
