import type { PurchasePrediction } from './purchase-model.ts';
import { exponentialRule, Interpolant } from './quadrature.ts';

/** How purchases to come are discounted: those of the k-th period of `length` units count 1 / (1 + rate)^k. */
export interface Discount {
  readonly rate: number;
  readonly length: number;
}

/** As `activeTime` over `horizon`, with each period's share of it discounted. */
export function discountedTime(
  prediction: PurchasePrediction,
  frequency: number,
  T: number,
  horizon: number,
  { rate, length }: Discount,
): number {
  const direct = (time: number): number => prediction.activeTime(frequency, T, time);
  if (rate === 0) return direct(horizon);
  const periods = Math.ceil(horizon / length - 1e-9);
  let until = direct;
  if (periods > 40 && !prediction.alike) {
    const scale = prediction.pace + T;
    const end = Math.log1p(horizon / scale);
    const interpolant = new Interpolant((u) => direct(scale * Math.expm1(u)), 0, end, 24 + 4 * Math.ceil(end));
    until = (time) => interpolant.at(Math.log1p(time / scale));
  }
  return discountedSum(until, horizon, { rate, length });
}

/** What comes until `horizon`, with each period's share of it discounted; `until` gives what has come by a time. */
export function discountedSum(until: (time: number) => number, horizon: number, { rate, length }: Discount): number {
  if (rate === 0) return until(horizon);
  const periods = Math.ceil(horizon / length - 1e-9);
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

/** As `activeTime` over all time to come, discounted at the continuous rate `force` per unit: ∫ e^(−force t) dA(t). */
export function residualTime(prediction: PurchasePrediction, frequency: number, T: number, force: number): number {
  let sum = 0;
  for (let i = 0; i < exponential.points.length; i++) {
    sum += exponential.weights[i] * prediction.activeTime(frequency, T, exponential.points[i] / force);
  }
  return sum;
}
