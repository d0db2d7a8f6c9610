import { normalCritical, normalTwoSided, studentQuantile, wilsonInterval } from '@patron/sdk';

/** Weighted sums of the worths of some responses; two tallies of different responses add up. */
export interface Tally {
  /** How many responses. */
  n: number;
  weight: number;
  squaredWeight: number;
  sum: number;
  squares: number;
}

export type IntervalMethod = 'adjusted-wald' | 'wald' | 'wilson' | 'student';

/** A measure of some responses: their mean worth with its interval. */
export interface Estimate {
  readonly n: number;
  readonly value: number;
  /** Variance of one response. */
  readonly variance: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

export const emptyTally = (): Tally => ({ n: 0, weight: 0, squaredWeight: 0, sum: 0, squares: 0 });

/** Adds one response. */
export function addResponse(tally: Tally, worth: number, weight = 1): void {
  tally.n++;
  tally.weight += weight;
  tally.squaredWeight += weight * weight;
  tally.sum += weight * worth;
  tally.squares += weight * worth * worth;
}

/** Adds `times` responses of the same worth: the sums of their weights and of the weights' squares. */
export function addWeighed(tally: Tally, worth: number, times: number, weight: number, squaredWeight: number): void {
  tally.n += times;
  tally.weight += weight;
  tally.squaredWeight += squaredWeight;
  tally.sum += weight * worth;
  tally.squares += weight * worth * worth;
}

/** Responses that would give the same precision unweighted (Kish 1965): (Σw)² / Σw². */
export function effectiveSize(tally: Tally): number {
  return tally.squaredWeight > 0 ? tally.weight ** 2 / tally.squaredWeight : 0;
}

/**
 * The mean worth and its interval. `wald`: mean ± z·√(variance / n). `adjusted-wald`: the same after adding three responses, a
 * quarter of them at each end (Rocks 2016, "Interval estimation for the Net Promoter Score"). `student`: a mean of scores,
 * by Student's t; `wilson`: a share. `bounds` are the least and the greatest value a mean can have.
 */
export function estimate(
  tally: Tally,
  method: IntervalMethod,
  confidence: number,
  bounds: readonly [number, number],
): Estimate {
  const n = effectiveSize(tally);
  const value = tally.sum / tally.weight;
  const variance = Math.max(0, tally.squares / tally.weight - value * value);
  const standardError = Math.sqrt(variance / n);
  if (method === 'wilson') {
    const [low, high] = wilsonInterval(value * n, n, confidence);
    return { n: tally.n, value, variance, standardError, low, high };
  }
  let centre = value;
  let reach = normalCritical(confidence) * standardError;
  if (method === 'adjusted-wald') {
    const size = n + 3;
    const ends = [0.75 * bounds[0], 0.75 * bounds[1]];
    centre = (value * n + ends[0] + ends[1]) / size;
    const squares = ((tally.squares / tally.weight) * n + 0.75 * bounds[0] ** 2 + 0.75 * bounds[1] ** 2) / size;
    reach = normalCritical(confidence) * Math.sqrt(Math.max(0, squares - centre * centre) / size);
  } else if (method === 'student') {
    reach =
      n > 1 ? studentQuantile(1 - (1 - confidence) / 2, n - 1) * Math.sqrt(variance / (n - 1)) : bounds[1] - bounds[0];
  }
  return {
    n: tally.n,
    value,
    variance,
    standardError,
    low: Math.max(bounds[0], centre - reach),
    high: Math.min(bounds[1], centre + reach),
  };
}

/** A difference between two independent estimates, tested by the normal distribution. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** `a` − `b`, standard error √(se_a² + se_b²). The p-value is 1 where neither varies and they are equal. */
export function difference(a: Estimate, b: Estimate, confidence: number): Difference {
  const value = a.value - b.value;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const reach = normalCritical(confidence) * standardError;
  const p = standardError > 0 ? normalTwoSided(value / standardError) : value === 0 ? 1 : 0;
  return { value, low: value - reach, high: value + reach, p };
}

/** A tally without part of its responses. */
export function without(whole: Tally, part: Tally): Tally {
  return {
    n: whole.n - part.n,
    weight: whole.weight - part.weight,
    squaredWeight: whole.squaredWeight - part.squaredWeight,
    sum: whole.sum - part.sum,
    squares: whole.squares - part.squares,
  };
}

/** p-values held to a false discovery rate (Benjamini & Hochberg 1995), in the order given. */
export function adjustForMany(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b] - pValues[a]);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  order.forEach((index, position) => {
    least = Math.min(least, pValues[index] * (pValues.length / (pValues.length - position)));
    adjusted[index] = least;
  });
  return adjusted;
}
