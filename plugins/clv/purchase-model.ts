import type { RowsPart, WeightedRows } from './weighted-rows.ts';

export type PurchaseModelName = 'bg-nbd' | 'mbg-nbd' | 'pareto-nbd' | 'ggompertz-nbd';

/**
 * A model of when customers buy and when they stop. `frequency` is the number of repeat purchases, `recency` the time of
 * the last one and `T` the time watched, both since the first purchase, in one unit. Parameters are all positive; the first
 * two are the shape r and the scale α of the rates of purchase.
 */
export interface PurchaseModel {
  readonly name: PurchaseModelName;
  /** The names of the parameters, in their order everywhere. */
  readonly parameters: readonly string[];
  /** The power of the unit of time in the unit of each parameter. */
  readonly timePowers: readonly number[];
  /** The log-likelihood of one customer. */
  logLikelihood(parameters: ArrayLike<number>, frequency: number, recency: number, T: number): number;
  /**
   * The log-likelihood summed over the rows of a part, its slopes in the parameters and, if `second`, the upper triangle of
   * its second derivatives, row by row.
   */
  sums(part: RowsPart, parameters: ArrayLike<number>, second: boolean): Float64Array;
  /**
   * Writes P(alive) of the rows of a part into `alive` (an entry a row of the base) and, where given, into `slopes` those of its
   * logarithm in the logarithms of the parameters (row of the part by row of the part).
   */
  alive(part: RowsPart, parameters: ArrayLike<number>, alive: Float64Array, slopes?: Float64Array): void;
  /** Where a search may start, in the logarithms of the parameters. */
  starts(rows: WeightedRows): number[][];
  /** Predictions with the given parameters. */
  predict(parameters: ArrayLike<number>): PurchasePrediction;
}

export interface PurchasePrediction {
  /** What recurs in sums like `pace + T`; time is smooth on this scale. */
  readonly pace: number;
  /** Whether `activeTime` is the same for all frequencies, as it is where stopping does not depend on purchases. */
  readonly alike: boolean;
  /** The probability that the customer is still active at T. */
  pAlive(frequency: number, recency: number, T: number): number;
  /**
   * The expected purchases in the time (T, T + `time`] of a customer who is active at T, relative to the rate (r + x) / (α + T)
   * at which this customer is expected to buy at first. Cheap where it is asked for ascending times.
   */
  activeTime(frequency: number, T: number, time: number): number;
  /** The expected purchases in the time (T, T + `time`] of a customer who is active at T. */
  expectedWhileAlive(frequency: number, T: number, time: number): number;
  /** The expected repeat purchases of a new customer in (0, `time`]. */
  expected(time: number): number;
  /** The probabilities of 0, 1, … `highest` repeat purchases of a new customer in (0, `time`]. */
  distribution(highest: number, time: number): Float64Array;
}

/** The rate at which customers buy, roughly, and the mean time watched: a scale for where a search starts. */
export function baseRates({ size, frequency, recency, T, weight, total }: WeightedRows): {
  rate: number;
  watched: number;
} {
  let purchases = 0;
  let time = 0;
  let whole = 0;
  for (let i = 0; i < size; i++) {
    purchases += weight[i] * frequency[i];
    time += weight[i] * Math.max(recency[i], T[i] / 4);
    whole += weight[i] * T[i];
  }
  return { rate: purchases / time, watched: whole / total };
}
