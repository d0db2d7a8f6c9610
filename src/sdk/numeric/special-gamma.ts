import betaln from '@stdlib/math-base-special-betaln';
import psi from '@stdlib/math-base-special-digamma';
import gammaln from '@stdlib/math-base-special-gammaln';
import psi1 from '@stdlib/math-base-special-trigamma';

/** ln Γ(x), x > 0. (stdlib, after FreeBSD's lgamma.) */
export function logGamma(x: number): number {
  return gammaln(x);
}

/** ψ(x) = d ln Γ(x) / dx, x > 0. (stdlib, after Boost.) */
export function digamma(x: number): number {
  return psi(x);
}

/** ψ′(x), x > 0. (stdlib, after Boost.) */
export function trigamma(x: number): number {
  return psi1(x);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), a, b > 0, without the cancellation of the three. (stdlib, after SLATEC.) */
export function logBeta(a: number, b: number): number {
  return betaln(a, b);
}

/** ln(eᵃ + eᵇ) without overflow; either may be −∞. */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  const high = Math.max(a, b);
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}
