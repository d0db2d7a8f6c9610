import type { Objective } from '@patron/sdk';
import type { WeightedRows } from './weighted-rows.ts';

export type PurchaseModelName = 'bg-nbd' | 'mbg-nbd' | 'pareto-nbd' | 'ggompertz-nbd';

/**
 * A model of when customers buy and when they stop. `frequency` is the number of repeat purchases, `recency` the time of
 * the last one and `T` the time watched, both since the first purchase, in one unit. Parameters are all positive.
 */
export interface PurchaseModel {
  readonly name: PurchaseModelName;
  /** The names of the parameters, in their order everywhere. */
  readonly parameters: readonly string[];
  /** The log-likelihood of one customer. */
  logLikelihood(parameters: ArrayLike<number>, frequency: number, recency: number, T: number): number;
  /** Minus the mean log-likelihood and its gradient, in the logarithms of the parameters. */
  loss(rows: WeightedRows): Objective;
  /** The second derivatives of the loss in the logarithms of the parameters, where they are known in closed form. */
  curvature?(rows: WeightedRows): (point: ArrayLike<number>) => Float64Array;
  /** Where a search may start, in the logarithms of the parameters. */
  starts(rows: WeightedRows): number[][];
  /** Predictions with the given parameters. */
  predict(parameters: ArrayLike<number>): PurchasePrediction;
}

export interface PurchasePrediction {
  /** What recurs in sums like `pace + T`; time is smooth on this scale. */
  readonly pace: number;
  /** The probability that the customer is still active at T. */
  pAlive(frequency: number, recency: number, T: number): number;
  /** The expected purchases in the time (T, T + `time`] of a customer who is active at T. */
  expectedWhileAlive(frequency: number, T: number, time: number): number;
  /** The expected repeat purchases of a new customer in (0, `time`]. */
  expected(time: number): number;
  /** The probabilities of 0, 1, … `highest` repeat purchases of a new customer in (0, `time`]. */
  distribution(highest: number, time: number): Float64Array;
}
