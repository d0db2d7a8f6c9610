import { logBeta } from '@patron/sdk';

/** Points and weights of a rule: an integral is the sum of `weights[i] * f(points[i])`. */
export interface Rule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** The Gauss–Legendre rule of `order` points on [0, 1]. (Press et al., Numerical Recipes, 3rd ed., 4.6.1.) */
export function gaussLegendre(order: number): Rule {
  const points = new Float64Array(order);
  const weights = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let k = 0; k < 100; k++) {
      let p = 1;
      let before = 0;
      for (let n = 0; n < order; n++) {
        const older = before;
        before = p;
        p = ((2 * n + 1) * z * before - n * older) / (n + 1);
      }
      slope = (order * (z * p - before)) / (z * z - 1);
      const step = p / slope;
      z -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    points[i] = (1 - z) / 2;
    weights[i] = 1 / ((1 - z * z) * slope * slope);
  }
  return { points, weights };
}

/**
 * A rule for the mean of a smooth function of p over a Beta(a, b): the trapezoidal rule in u where
 * logit p = centre + width * sinh u, which bears the infinite densities at 0 and 1.
 */
export function betaRule(a: number, b: number): Rule {
  const points: number[] = [];
  const weights: number[] = [];
  // The bend of the density, however long the tails are; sinh reaches these.
  const centre = Math.log((a + 1) / (b + 1));
  const width = Math.sqrt(1 / (a + 1) + 1 / (b + 1));
  const scale = logBeta(a, b);
  const step = 0.08;
  for (let u = -14; u <= 14; u += step) {
    const logit = centre + width * Math.sinh(u);
    const logP = -softplus(-logit);
    const logQ = -softplus(logit);
    const weight = step * width * Math.cosh(u) * Math.exp(a * logP + b * logQ - scale);
    if (weight > 1e-18) {
      points.push(Math.exp(logP));
      weights.push(weight);
    }
  }
  return { points: Float64Array.from(points), weights: Float64Array.from(weights) };
}

/** A rule for ∫₀^∞ e⁻ʷ f(w) dw by the double exponential substitution w = exp(u − e⁻ᵘ). (Takahasi & Mori 1974.) */
export function exponentialRule(): Rule {
  const points: number[] = [];
  const weights: number[] = [];
  const step = 0.08;
  for (let u = -4; u <= 4; u += step) {
    const w = Math.exp(u - Math.exp(-u));
    const weight = step * Math.exp(-w) * w * (1 + Math.exp(-u));
    if (weight > 1e-18) {
      points.push(w);
      weights.push(weight);
    }
  }
  return { points: Float64Array.from(points), weights: Float64Array.from(weights) };
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/**
 * How long a panel from `u` on may be for a rule of 16 points, up to `longest`: its integrand changes by at most about e²⁰ on it.
 * `steepness` tells how fast it changes at a point, relative to its size.
 */
export function panelLength(u: number, longest: number, steepness: (u: number) => number): number {
  let length = Math.min(longest, 10 / steepness(u));
  for (let k = 0; k < 20 && steepness(u + length) * length > 20; k++) length /= 2;
  return length;
}

/** Interpolation of a smooth function at the Chebyshev points of [low, high], taken in ascending order. (Berrut & Trefethen 2004, 5.3.) */
export class Interpolant {
  readonly points: Float64Array;
  readonly values: Float64Array;

  constructor(f: (at: number) => number, low: number, high: number, order: number) {
    this.points = Float64Array.from(
      { length: order },
      (_, i) => (low + high) / 2 - ((high - low) / 2) * Math.cos((Math.PI * i) / (order - 1)),
    );
    this.values = this.points.map(f);
  }

  at(x: number): number {
    const { points, values } = this;
    const last = points.length - 1;
    let above = 0;
    let below = 0;
    let sign = 1;
    for (let i = 0; i <= last; i++) {
      const distance = x - points[i];
      if (distance === 0) return values[i];
      const weight = (i === 0 || i === last ? 0.5 * sign : sign) / distance;
      above += weight * values[i];
      below += weight;
      sign = -sign;
    }
    return above / below;
  }
}
