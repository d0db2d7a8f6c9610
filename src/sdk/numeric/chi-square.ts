import gammainc from '@stdlib/math-base-special-gammainc';
import gammaincinv from '@stdlib/math-base-special-gammaincinv';

/** P(X > x) of the chi-squared distribution with `degrees` > 0 degrees of freedom: the p-value of a chi-squared statistic. */
export function chiSquareUpperTail(x: number, degrees: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  return x === Number.POSITIVE_INFINITY ? 0 : gammainc(x / 2, degrees / 2, true, true);
}

/** The x with P(X ≤ x) = `p` of the chi-squared distribution with `degrees` > 0 degrees of freedom. */
export function chiSquareQuantile(p: number, degrees: number): number {
  return 2 * gammaincinv(p, degrees / 2, false);
}
