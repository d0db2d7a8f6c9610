import type { Forecast } from './forecast-outcome.ts';

/** P(alive) and expected purchases over frequency and recency, for a customer watched as long as the longest watched. */
export interface Matrix {
  readonly T: number;
  readonly frequencies: readonly number[];
  readonly recencies: readonly number[];
  /** Row by row; null where the pair cannot be (repeats at time 0, or a recency without repeats). */
  readonly alive: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
}

/** The matrix of a forecast, in at most 16 frequencies and 13 recencies. */
export function matrixOf({ base, prediction, settings }: Forecast): Matrix {
  let T = 0;
  let most = 0;
  for (let i = 0; i < base.customers; i++) {
    T = Math.max(T, base.T[i]);
    most = Math.max(most, base.frequency[i]);
  }
  const step = Math.max(1, Math.ceil(most / 15));
  const frequencies = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const recencies = Array.from({ length: 13 }, (_, j) => (T * j) / 12);
  const cells = (f: (x: number, recency: number) => number): (number | null)[] =>
    frequencies.flatMap((x) => recencies.map((recency) => ((x === 0) === (recency === 0) ? f(x, recency) : null)));
  return {
    T,
    frequencies,
    recencies,
    alive: cells((x, recency) => prediction.pAlive(x, recency, T)),
    expected: cells(
      (x, recency) => prediction.pAlive(x, recency, T) * prediction.expectedWhileAlive(x, T, settings.horizon),
    ),
  };
}
