import { isShared, type Random } from '@patron/sdk';
import type { Crew, PartKernel } from './crew.ts';
import { runParts } from './crew.ts';
import type { CustomerBase } from './customer-base.ts';
import type { RowValues } from './customer-values.ts';
import { discountedSum } from './discounting.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
import { expectedSpend } from './gamma-gamma.ts';
import type { Fit } from './likelihood-fit.ts';
import { Panels } from './panels.ts';
import { drawParameters } from './parameter-draws.ts';
import type { PurchaseModelName } from './purchase-model.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import type { Spend } from './spend.ts';
import { drawCurves, type TimeFunctions, visitRows, watchedSpan, worthCurves } from './time-functions.ts';
import { type GroupedRows, partOf, sampleRows, type WeightedRows } from './weighted-rows.ts';

export interface Total {
  readonly value: number;
  readonly interval?: readonly [number, number];
}

/** Totals over all customers: active ones, purchases within the horizon, and their value; and what a new customer brings. */
export interface Totals {
  readonly active: Total;
  readonly purchases: Total;
  readonly value?: Total;
  /** Expected repeat purchases of a new customer within the horizon. */
  readonly newcomerPurchases: Total;
  /** The same, discounted, times the mean amount and the margin. */
  readonly newcomerValue?: Total;
  /** What the intervals are from; absent where the fit has no covariance, or no draws were asked for. */
  readonly draws?: Draws;
}

/** Draws of the parameters. */
export interface Draws {
  readonly spend?: readonly Float64Array[];
  /** By draw, expected purchases of every row; absent where the draws were over a sample of the rows. */
  readonly purchases?: readonly Float64Array[];
}

export interface TotalsInput {
  readonly fit: Fit;
  readonly rows: GroupedRows;
  readonly base: CustomerBase;
  readonly spend?: Spend;
  readonly settings: ForecastSettings;
  readonly values: RowValues;
}

/** By row: how many customers have a positive mean amount, and the sum of these means. */
interface Amounts {
  readonly known: Float64Array;
  readonly sum: Float64Array;
}

/** Active customers, purchases and value of some rows. */
type Sums = [active: number, purchases: number, value: number];

interface DrawOutcome {
  readonly sums: Sums;
  readonly newcomer: number;
  readonly purchases?: Float64Array;
}

/** Beyond this many rows each draw is taken over a sample of rows and scaled by what the sample holds of the total. */
const LARGEST = 3000;
/** So many draws are made between two checkpoints. */
const DRAWS = 5;

interface DrawsInput {
  readonly model: PurchaseModelName;
  readonly horizon: number;
  readonly margin: number;
  readonly rows: WeightedRows;
  readonly amounts?: Amounts;
  /** By row, what a purchase within the horizon counts on average after discounting. */
  readonly worth: Float64Array;
  /** Whether the purchases of every row are wanted. */
  readonly keep: boolean;
  readonly draws: readonly { readonly purchases: Float64Array; readonly spend?: Float64Array }[];
}

export const drawTotals: PartKernel<DrawsInput, DrawOutcome[]> = { name: 'drawTotals', run: totalsOfDraws };

function totalsOfDraws({ model, horizon, margin, rows, amounts, worth, keep, draws }: DrawsInput): DrawOutcome[] {
  const part = partOf(rows);
  const span = watchedSpan(rows);
  const alive = new Float64Array(rows.size);
  const purchases = new Float64Array(rows.size);
  return draws.map(({ purchases: parameters, spend }) => {
    const [r, alpha] = parameters;
    const prediction = PURCHASE_MODELS[model].predict(parameters);
    const { pace, alike } = prediction;
    const functions: TimeFunctions = {
      count: 1,
      pace,
      alike,
      write: (x, T, out, at) => {
        out[at] = prediction.activeTime(x, T, horizon);
      },
    };
    const panels = new Panels(pace, span.first, span.last);
    const common = alike && worthCurves(rows.size, panels) ? drawCurves(functions, 0, panels) : undefined;
    PURCHASE_MODELS[model].alive(part, parameters, alive);
    visitRows(
      functions,
      part,
      ({ frequency, rows: many }) =>
        alike ? common : worthCurves(many, panels) ? drawCurves(functions, frequency, panels) : undefined,
      (row, x, [within]) => {
        purchases[row] = ((alive[row] * (r + x)) / (alpha + part.T[row])) * within;
      },
    );
    return {
      sums: measure(rows, alive, purchases, (row) => purchases[row] * worth[row], margin, spend, amounts),
      newcomer: prediction.expected(horizon),
      purchases: keep ? purchases.slice() : undefined,
    };
  });
}

function measure(
  { frequency, weight }: WeightedRows,
  alive: Float64Array,
  purchases: Float64Array,
  discounted: (row: number) => number,
  margin: number,
  spend: Float64Array | undefined,
  amounts: Amounts | undefined,
): Sums {
  let active = 0;
  let bought = 0;
  let value = 0;
  for (let i = 0; i < alive.length; i++) {
    active += weight[i] * alive[i];
    bought += weight[i] * purchases[i];
    if (!amounts || !spend) continue;
    const [p, q, v] = spend;
    const known = amounts.known[i];
    const unknown = weight[i] - known;
    let spent = 0;
    if (known > 0) spent += (p * (v * known + frequency[i] * amounts.sum[i])) / (p * frequency[i] + q - 1);
    if (unknown > 0 && q > 1) spent += (unknown * p * v) / (q - 1);
    value += discounted(i) * spent;
  }
  return [active, bought, value * margin];
}

/**
 * Totals with intervals from seeded draws: parameters are drawn from the normal approximation of both fits (in their
 * logarithms), every draw gives its totals, and the interval holds the middle ones. They tell how well the data settle the
 * model, not how far luck will carry a single customer. Draws are made on all threads where the rows are shared.
 */
export async function totalIntervals(
  model: PurchaseModelName,
  { fit, rows, base, spend, settings, values }: TotalsInput,
  random: Random,
  crew: Crew,
): Promise<Totals> {
  const amounts = spend && amountsByRow(base, rows);
  const { horizon, margin } = settings;
  const discountedOf = (row: number): number => values.discounted[row];
  const estimates = spend?.fit.estimates;
  const whole = measure(rows, values.alive, values.expected, discountedOf, margin, estimates, amounts);
  const prediction = PURCHASE_MODELS[model].predict(fit.estimates);
  const discount = { rate: settings.discountRate, length: settings.discountPeriod };
  const newcomer = prediction.expected(horizon);
  const newcomerWorth = discountedSum(prediction.expected, horizon, discount) / newcomer;
  const newcomerValue = estimates && newcomer * newcomerWorth * margin * expectedSpend(estimates, 0, 0);
  const draws = drawParameters(fit, settings.draws, random);
  const spendDraws = spend && drawParameters(spend.fit, settings.draws, random);
  if (!draws || draws.length < 2) {
    return {
      active: { value: whole[0] },
      purchases: { value: whole[1] },
      value: spend && { value: whole[2] },
      newcomerPurchases: { value: newcomer },
      newcomerValue: newcomerValue === undefined ? undefined : { value: newcomerValue },
    };
  }
  const stride = Math.max(1, Math.ceil(rows.size / LARGEST));
  const sample = sampleRows(rows, stride);
  const pick = (from: Float64Array): Float64Array =>
    Float64Array.from({ length: sample.size }, (_, i) => from[i * stride]);
  const expected = pick(values.expected);
  const discounted = pick(values.discounted);
  const sampled = {
    model,
    horizon,
    margin,
    rows: sample,
    amounts: amounts && { known: pick(amounts.known), sum: pick(amounts.sum) },
    worth: discounted.map((value, i) => (expected[i] > 0 ? value / expected[i] : 0)),
    keep: stride === 1,
  };
  const inputs: DrawsInput[] = [];
  for (let k = 0; k < draws.length; k += DRAWS) {
    const several = draws.slice(k, k + DRAWS);
    inputs.push({
      ...sampled,
      draws: several.map((purchases, i) => ({ purchases, spend: spendDraws?.[k + i] })),
    });
  }
  const outcomes = (await runParts(crew, drawTotals, inputs, crew.threads > 1 && isShared(rows.T))).flat();
  const discountedAt = (row: number): number => discounted[row];
  const centre = measure(sample, pick(values.alive), expected, discountedAt, margin, estimates, sampled.amounts);
  const withInterval = (value: number, drawn: (outcome: DrawOutcome, k: number) => number): Total => ({
    value,
    interval: middle(Float64Array.from(outcomes, drawn), settings.confidence),
  });
  const total = (which: 0 | 1 | 2): Total =>
    centre[which] === 0
      ? { value: whole[which] }
      : withInterval(whole[which], ({ sums }) => (sums[which] / centre[which]) * whole[which]);
  return {
    active: total(0),
    purchases: total(1),
    value: spend && (spendDraws ? total(2) : { value: whole[2] }),
    newcomerPurchases: withInterval(newcomer, (outcome) => outcome.newcomer),
    newcomerValue:
      newcomerValue === undefined
        ? undefined
        : spendDraws
          ? withInterval(
              newcomerValue,
              (outcome, k) => outcome.newcomer * newcomerWorth * margin * expectedSpend(spendDraws[k], 0, 0),
            )
          : { value: newcomerValue },
    draws: {
      spend: spendDraws,
      purchases: sampled.keep ? outcomes.map(({ purchases = new Float64Array() }) => purchases) : undefined,
    },
  };
}

/** The middle part of some values, between linear quantiles (type 7); undefined where one of them is none. Sorts them. */
export function middle(values: Float64Array, confidence: number): readonly [number, number] | undefined {
  values.sort();
  const last = values.length - 1;
  if (!Number.isFinite(values[0]) || !Number.isFinite(values[last])) return undefined;
  const at = (share: number): number => {
    const below = Math.floor(last * share);
    const above = Math.min(last, below + 1);
    return values[below] + (last * share - below) * (values[above] - values[below]);
  };
  return [at((1 - confidence) / 2), at((1 + confidence) / 2)];
}

function amountsByRow(base: CustomerBase, rows: GroupedRows): Amounts {
  const known = new Float64Array(rows.size);
  const sum = new Float64Array(rows.size);
  for (let i = 0; i < base.customers; i++) {
    const amount = base.monetary ? base.monetary[i] : Number.NaN;
    if (amount > 0) {
      known[rows.rowOf[i]]++;
      sum[rows.rowOf[i]] += amount;
    }
  }
  return { known, sum };
}
