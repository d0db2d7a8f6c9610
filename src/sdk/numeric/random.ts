/** A seeded stream of pseudo-random numbers; the same seed gives the same stream on every machine. */
export interface Random {
  readonly seed: number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** Gamma with the given shape (> 0) and rate. */
  gamma(shape: number, rate: number): number;
  /** Beta with parameters a, b > 0. */
  beta(a: number, b: number): number;
  /** Exponential with the given rate. */
  exponential(rate: number): number;
  /** Poisson with the given mean. */
  poisson(mean: number): number;
}

/**
 * Uniforms by sfc32 (Doty-Humphrey, PractRand), normals by the polar method (Marsaglia 1964), gammas by Marsaglia & Tsang
 * (2000, "A simple method for generating gamma variables").
 */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  const uniform = (): number => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    }
  };
  const gamma = (shape: number, rate: number): number => {
    if (shape < 1) return gamma(shape + 1, rate) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const k = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + k * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
    }
  };
  const poisson = (mean: number): number => {
    // Large means are split by a gamma waiting time (Ahrens & Dieter 1974), so the cost grows with the logarithm.
    if (mean > 30) {
      const half = Math.floor(mean * 0.875);
      const wait = gamma(half, 1);
      if (wait <= mean) return half + poisson(mean - wait);
      let hits = 0;
      for (let i = 0; i < half - 1; i++) if (uniform() < mean / wait) hits++;
      return hits;
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = 1 - uniform(); product > limit; product *= 1 - uniform()) count++;
    return count;
  };
  return {
    seed,
    uniform,
    normal,
    integer: (below) => Math.floor(uniform() * below),
    gamma,
    beta: (alpha, beta) => {
      const x = gamma(alpha, 1);
      const y = gamma(beta, 1);
      return x / (x + y);
    },
    exponential: (rate) => -Math.log(1 - uniform()) / rate,
    poisson,
  };
}
