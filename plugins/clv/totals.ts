import { quantile, type Random } from '@patron/sdk';
import type { CustomerBase } from './customer-base.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
import type { Fit } from './likelihood-fit.ts';
import { drawParameters } from './parameter-draws.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { aliveOf, whileAlive } from './row-values.ts';
import type { Spend } from './spend.ts';
import { type GroupedRows, sampleRows } from './weighted-rows.ts';

export interface Total {
  readonly value: number;
  readonly interval?: readonly [number, number];
}

/** Totals over all customers: active ones, purchases within the horizon, and their value. */
export interface Totals {
  readonly active: Total;
  readonly purchases: Total;
  readonly value?: Total;
}

export interface TotalsInput {
  readonly model: PurchaseModel;
  readonly fit: Fit;
  readonly rows: GroupedRows;
  readonly base: CustomerBase;
  readonly spend?: Spend;
  readonly settings: ForecastSettings;
  /** By row. */
  readonly expected: Float64Array;
  readonly discounted: Float64Array;
}

/** Beyond this many rows each draw is taken over a sample of rows and scaled by what the sample holds of the total. */
const LARGEST = 3000;

/**
 * Totals with intervals from seeded draws: parameters are drawn from the normal approximation of both fits (in their
 * logarithms), every draw gives its totals, and the interval holds the middle ones. They tell how well the data settle the
 * model, not how far luck will carry a single customer.
 */
export function totalIntervals(input: TotalsInput, random: Random): Totals {
  const { model, fit, rows, base, spend, settings, expected, discounted } = input;
  const stride = Math.max(1, Math.ceil(rows.size / LARGEST));
  const sample = sampleRows(rows, stride);
  const pick = (values: Float64Array): Float64Array => values.filter((_, i) => i % stride === 0);
  const amounts = spend && amountsByRow(base, rows);
  const measure = (
    alive: Float64Array,
    purchases: Float64Array,
    discounts: Float64Array,
    spendParameters: Float64Array | undefined,
    of: { frequency: Float64Array; weight: Float64Array },
    by: typeof amounts,
  ): [number, number, number] => {
    let active = 0;
    let bought = 0;
    let value = 0;
    for (let i = 0; i < alive.length; i++) {
      active += of.weight[i] * alive[i];
      bought += of.weight[i] * purchases[i];
      if (by && spendParameters) {
        const [p, q, v] = spendParameters;
        const known = by.known[i];
        const unknown = of.weight[i] - known;
        let spent = 0;
        if (known > 0) spent += (p * (v * known + of.frequency[i] * by.sum[i])) / (p * of.frequency[i] + q - 1);
        if (unknown > 0 && q > 1) spent += (unknown * p * v) / (q - 1);
        value += discounts[i] * spent;
      }
    }
    return [active, bought, value * settings.margin];
  };
  const prediction = model.predict(fit.estimates);
  const whole = measure(aliveOf(rows, prediction), expected, discounted, spend?.fit.estimates, rows, amounts);
  const sampleAmounts = amounts && { known: pick(amounts.known), sum: pick(amounts.sum) };
  const sampleExpected = pick(expected);
  const ratio = pick(discounted).map((value, i) => (sampleExpected[i] > 0 ? value / sampleExpected[i] : 0));
  const draws = drawParameters(fit, settings.draws, random);
  const spendDraws = spend && drawParameters(spend.fit, settings.draws, random);
  const outcomes = draws?.map((drawn, k) => {
    const moved = model.predict(drawn);
    const alive = aliveOf(sample, moved);
    const purchases = whileAlive(sample, moved.pace, (x, T) => moved.expectedWhileAlive(x, T, settings.horizon)).map(
      (value, i) => value * alive[i],
    );
    const discounts = purchases.map((value, i) => value * ratio[i]);
    return measure(alive, purchases, discounts, spendDraws?.[k], sample, sampleAmounts);
  });
  const centre =
    outcomes &&
    measure(
      aliveOf(sample, prediction),
      sampleExpected,
      sampleExpected.map((value, i) => value * ratio[i]),
      spend?.fit.estimates,
      sample,
      sampleAmounts,
    );
  const total = (which: 0 | 1 | 2): Total => {
    if (!outcomes || !centre || centre[which] === 0 || settings.draws < 2) return { value: whole[which] };
    const values = Float64Array.from(outcomes, (outcome) => (outcome[which] / centre[which]) * whole[which]).sort();
    const tail = (1 - settings.confidence) / 2;
    return { value: whole[which], interval: [quantile(values, tail), quantile(values, 1 - tail)] };
  };
  const value = spend && (spendDraws ? total(2) : { value: whole[2] });
  return { active: total(0), purchases: total(1), value };
}

/** By row: how many customers have a positive mean amount, and the sum of these means. */
function amountsByRow(base: CustomerBase, rows: GroupedRows): { known: Float64Array; sum: Float64Array } {
  const known = new Float64Array(rows.size);
  const sum = new Float64Array(rows.size);
  for (let i = 0; i < base.customers; i++) {
    const amount = base.monetary?.[i] ?? Number.NaN;
    if (amount > 0) {
      known[rows.rowOf[i]]++;
      sum[rows.rowOf[i]] += amount;
    }
  }
  return { known, sum };
}
