/**
 * How long customers stay, over all of them. `write` functions put a logarithm, its derivatives in the parameters and their
 * second derivatives (upper triangle) into `out` from `at` on.
 */
export interface Lifetime {
  /** A time on whose scale the lifetime is smooth near 0. */
  readonly scale: number;
  /** ln P(lifetime > t). */
  writeSurvival(t: number, out: Float64Array, at: number): void;
  /** The logarithm of the density at t. */
  writeDensity(t: number, out: Float64Array, at: number): void;
  /** How fast the density changes at t, relative to its size, in one unit of time. */
  steepness(t: number): number;
  /** How long about t the functions above are smooth, in time; absent where they are on any scale of t itself. */
  resolution?(t: number): number;
  /** ∫ P(lifetime > T + y | lifetime > T) dy over (0, time). */
  activeTime(T: number, time: number): number;
}

/** How far the functions of a lifetime are smooth from u = ln(pace + t) on, no longer than `longest`. */
export function smoothLength(lifetime: Lifetime, pace: number, u: number, longest: number): number {
  if (!lifetime.resolution) return longest;
  const whole = Math.exp(u);
  return Math.min(longest, (8 * lifetime.resolution(whole - pace)) / whole);
}
