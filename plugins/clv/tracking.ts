import type { CustomerBase, TransactionLog } from './customer-base.ts';
import type { PurchasePrediction } from './purchase-model.ts';
import { Interpolant } from './quadrature.ts';
import type { WeightedRows } from './weighted-rows.ts';

/** Repeat purchases of the whole base by unit of time since the first day: what came and what the model expects. */
export interface Tracking {
  /** End of each period, in units since the first day. */
  readonly until: Float64Array;
  readonly actual: Float64Array;
  readonly actualCumulative: Float64Array;
  readonly expected: Float64Array;
  readonly expectedCumulative: Float64Array;
  /** Which periods end after the calibration. */
  readonly later: readonly boolean[];
}

/**
 * The expectation of every customer from the first purchase on (Fader, Hardie & Lee 2005, eq. 9), summed over customers by
 * the time of their first purchase. Only customers of the calibration are followed.
 */
export function trackPurchases(log: TransactionLog, prediction: PurchasePrediction): Tracking {
  const { purchases, index, calibrationEnd } = log;
  const { start, time, stepsPerUnit, stepOf } = purchases;
  const origin = stepOf(purchases.firstDay);
  const end = stepOf(purchases.lastDay);
  const periods = Math.max(1, Math.ceil((end - origin) / stepsPerUnit - 1e-9));
  const until = Float64Array.from({ length: periods }, (_, k) => Math.min(k + 1, (end - origin) / stepsPerUnit));
  const actual = new Float64Array(periods);
  const arrivals = new Float64Array(end - origin + 1);
  for (const i of index) {
    arrivals[time[start[i]] - origin]++;
    for (let at = start[i] + 1; at < start[i + 1]; at++) {
      actual[Math.max(0, Math.ceil((time[at] - origin) / stepsPerUnit - 1e-9) - 1)]++;
    }
  }
  const expectedBy = smoothExpectation(prediction, until[periods - 1]);
  const expectedCumulative = until.map((reached) => {
    let sum = 0;
    for (let step = 0; step < arrivals.length; step++) {
      const watched = reached - step / stepsPerUnit;
      if (watched <= 0) break;
      if (arrivals[step] > 0) sum += arrivals[step] * expectedBy(watched);
    }
    return sum;
  });
  const cut = (calibrationEnd - origin) / stepsPerUnit;
  return {
    until,
    actual,
    actualCumulative: cumulate(actual),
    expected: expectedCumulative.map((value, k) => value - (k > 0 ? expectedCumulative[k - 1] : 0)),
    expectedCumulative,
    later: Array.from(until, (reached) => reached > cut + 1e-9),
  };
}

/** The expectation of a new customer over time, interpolated where it will be asked for often. */
function smoothExpectation(prediction: PurchasePrediction, longest: number): (time: number) => number {
  const { pace } = prediction;
  const interpolant = new Interpolant(
    (u) => prediction.expected(pace * Math.expm1(u)),
    0,
    Math.log1p(longest / pace),
    48,
  );
  return (time) => interpolant.at(Math.log1p(time / pace));
}

function cumulate(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Customers by their number of repeat purchases; the last entry stands for that many or more. */
export interface RepeatCounts {
  readonly actual: Float64Array;
  readonly expected: Float64Array;
}

/** How many customers repeated 0, 1, … times in the calibration, and how many the model expects to. */
export function countRepeats(rows: WeightedRows, prediction: PurchasePrediction, highest: number): RepeatCounts {
  const actual = new Float64Array(highest + 1);
  for (let i = 0; i < rows.size; i++) actual[Math.min(highest, rows.frequency[i])] += rows.weight[i];
  const expected = new Float64Array(highest + 1);
  for (const { T, weight } of timesOf(rows)) {
    const shares = prediction.distribution(highest - 1, T);
    let rest = 1;
    for (let x = 0; x < highest; x++) {
      expected[x] += weight * shares[x];
      rest -= shares[x];
    }
    expected[highest] += weight * Math.max(0, rest);
  }
  return { actual, expected };
}

/** The times watched with how many customers share them; close ones are put together where there are very many. */
function timesOf(rows: WeightedRows): { T: number; weight: number }[] {
  const exact = new Map<number, number>();
  let longest = 0;
  for (let i = 0; i < rows.size; i++) {
    longest = Math.max(longest, rows.T[i]);
    if (exact.size <= 400) exact.set(rows.T[i], (exact.get(rows.T[i]) ?? 0) + rows.weight[i]);
  }
  if (exact.size <= 400) return [...exact].map(([T, weight]) => ({ T, weight }));
  const bins = 300;
  const weights = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let i = 0; i < rows.size; i++) {
    const bin = Math.min(bins - 1, Math.floor((rows.T[i] / longest) * bins));
    weights[bin] += rows.weight[i];
    sums[bin] += rows.weight[i] * rows.T[i];
  }
  return Array.from(weights, (weight, bin) => ({ T: sums[bin] / weight, weight })).filter(({ weight }) => weight > 0);
}

/** What came after the calibration beside what was expected, for all customers and by frequency in the calibration. */
export interface Holdout {
  readonly length: number;
  readonly actual: number;
  readonly expected: number;
  /** Mean absolute difference by customer. */
  readonly absoluteError: number;
  /** Correlation of both over customers. */
  readonly correlation: number;
  readonly groups: readonly {
    readonly frequency: number;
    readonly customers: number;
    readonly actual: number;
    readonly expected: number;
  }[];
}

/** `expected` is each customer's expectation over the holdout. Frequencies from `highest` on are one group. */
export function compareHoldout(
  base: CustomerBase,
  log: TransactionLog,
  expected: Float64Array,
  highest: number,
): Holdout {
  const groups = Array.from({ length: highest + 1 }, (_, frequency) => ({
    frequency,
    customers: 0,
    actual: 0,
    expected: 0,
  }));
  const sums = { actual: 0, expected: 0, absolute: 0, aa: 0, ee: 0, ae: 0 };
  for (let i = 0; i < base.customers; i++) {
    const came = log.later[i];
    const group = groups[Math.min(highest, base.frequency[i])];
    group.customers++;
    group.actual += came;
    group.expected += expected[i];
    sums.actual += came;
    sums.expected += expected[i];
    sums.absolute += Math.abs(came - expected[i]);
    sums.aa += came * came;
    sums.ee += expected[i] * expected[i];
    sums.ae += came * expected[i];
  }
  const n = base.customers;
  const covariance = sums.ae - (sums.actual * sums.expected) / n;
  const spread = (sums.aa - sums.actual ** 2 / n) * (sums.ee - sums.expected ** 2 / n);
  return {
    length: log.holdout,
    actual: sums.actual,
    expected: sums.expected,
    absoluteError: sums.absolute / n,
    correlation: spread > 0 ? covariance / Math.sqrt(spread) : Number.NaN,
    groups: groups.filter(({ customers }) => customers > 0),
  };
}
