import type { Fit, Pause } from './likelihood-fit.ts';
import type { PurchaseModel, PurchasePrediction } from './purchase-model.ts';
import { exponentialRule, Interpolant } from './quadrature.ts';
import type { WeightedRows } from './weighted-rows.ts';

/** Above this many rows of one frequency, what depends on T alone is interpolated over T. */
const DIRECT = 64;
const NODES = 24;

/** P(alive) of every row. */
export function aliveOf(rows: WeightedRows, prediction: PurchasePrediction): Float64Array {
  const alive = new Float64Array(rows.size);
  for (let i = 0; i < rows.size; i++) alive[i] = prediction.pAlive(rows.frequency[i], rows.recency[i], rows.T[i]);
  return alive;
}

/**
 * `f(frequency, T)` of every row. A value of an active customer does not depend on the recency and is smooth in T, so for
 * many rows of one frequency it is taken at Chebyshev points in ln(pace + T) and interpolated (to about 1e-10).
 */
export function whileAlive(
  rows: WeightedRows,
  pace: number,
  f: (frequency: number, T: number) => number,
): Float64Array {
  const values = new Float64Array(rows.size);
  for (const { frequency, start, end } of rows.levels) {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let i = start; i < end; i++) {
      low = Math.min(low, rows.T[i]);
      high = Math.max(high, rows.T[i]);
    }
    if (end - start <= DIRECT || high === low) {
      const known = new Map<number, number>();
      for (let i = start; i < end; i++) {
        const T = rows.T[i];
        let value = known.get(T);
        if (value === undefined) {
          value = f(frequency, T);
          known.set(T, value);
        }
        values[i] = value;
      }
      continue;
    }
    const interpolant = new Interpolant(
      (at) => f(frequency, Math.exp(at) - pace),
      Math.log(pace + low),
      Math.log(pace + high),
      NODES,
    );
    for (let i = start; i < end; i++) values[i] = interpolant.at(Math.log(pace + rows.T[i]));
  }
  return values;
}

/** How purchases to come are discounted: those of the k-th period of `length` units count 1 / (1 + rate)^k. */
export interface Discount {
  readonly rate: number;
  readonly length: number;
}

/** Expected discounted purchases of an active customer over `horizon`: the sum over periods of those in it, discounted. */
export function discountedWhileAlive(
  prediction: PurchasePrediction,
  frequency: number,
  T: number,
  horizon: number,
  { rate, length }: Discount,
): number {
  const direct = (time: number): number => prediction.expectedWhileAlive(frequency, T, time);
  if (rate === 0) return direct(horizon);
  const periods = Math.ceil(horizon / length - 1e-9);
  let until = direct;
  if (periods > 40) {
    const scale = prediction.pace + T;
    const interpolant = new Interpolant((u) => direct(scale * Math.expm1(u)), 0, Math.log1p(horizon / scale), 24);
    until = (time) => interpolant.at(Math.log1p(time / scale));
  }
  let sum = 0;
  let before = 0;
  for (let k = 1; k <= periods; k++) {
    const end = Math.min(k * length, horizon);
    const reached = until(end);
    sum += (reached - before) / (1 + rate) ** (end / length);
    before = reached;
  }
  return sum;
}

const exponential = exponentialRule();

/**
 * Discounted expected residual purchases of an active customer, over all time to come, at the continuous rate `force` per
 * unit: ∫ e^(−force t) dE(t). (Fader, Hardie & Lee 2005, "RFM and CLV"; for Pareto/NBD equal to their closed form.)
 */
export function residualWhileAlive(
  prediction: PurchasePrediction,
  frequency: number,
  T: number,
  force: number,
): number {
  let sum = 0;
  for (let i = 0; i < exponential.points.length; i++) {
    sum += exponential.weights[i] * prediction.expectedWhileAlive(frequency, T, exponential.points[i] / force);
  }
  return sum;
}

/**
 * The standard error of ln(value) of every row, by the delta method: the slopes of ln(value) in the logarithms of the
 * parameters, by central differences, with the covariance of the fit.
 */
export async function logErrors(
  model: PurchaseModel,
  fit: Fit,
  rows: WeightedRows,
  pause: Pause,
  value: (prediction: PurchasePrediction) => Float64Array,
): Promise<Float64Array | undefined> {
  const covariance = fit.logCovariance;
  if (!covariance) return undefined;
  const order = fit.estimates.length;
  const step = 1e-4;
  const slopes: Float64Array[] = [];
  for (let j = 0; j < order; j++) {
    const moved = (by: number): Float64Array =>
      value(model.predict(fit.estimates.map((estimate, k) => (k === j ? estimate * Math.exp(by) : estimate))));
    await pause();
    const above = moved(step);
    await pause();
    const below = moved(-step);
    slopes.push(above.map((high, i) => (high > 0 && below[i] > 0 ? Math.log(high / below[i]) / (2 * step) : 0)));
  }
  const errors = new Float64Array(rows.size);
  for (let i = 0; i < errors.length; i++) {
    let variance = 0;
    for (let j = 0; j < order; j++) {
      for (let k = 0; k < order; k++) variance += slopes[j][i] * covariance[j * order + k] * slopes[k][i];
    }
    errors[i] = Math.sqrt(Math.max(0, variance));
  }
  return errors;
}
