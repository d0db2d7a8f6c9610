import { isShared, quantile, type Random } from '@patron/sdk';
import type { Crew, PartKernel } from './crew.ts';
import { runParts } from './crew.ts';
import type { CustomerBase } from './customer-base.ts';
import type { RowValues } from './customer-values.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
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

/** Totals over all customers: active ones, purchases within the horizon, and their value. */
export interface Totals {
  readonly active: Total;
  readonly purchases: Total;
  readonly value?: Total;
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
  readonly draws: readonly { readonly purchases: Float64Array; readonly spend?: Float64Array }[];
}

export const drawTotals: PartKernel<DrawsInput, Sums[]> = { name: 'drawTotals', run: totalsOfDraws };

function totalsOfDraws({ model, horizon, margin, rows, amounts, worth, draws }: DrawsInput): Sums[] {
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
    return measure(rows, alive, purchases, (row) => purchases[row] * worth[row], margin, spend, amounts);
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
  const discountedOf = (row: number): number => values.discounted[row];
  const estimates = spend?.fit.estimates;
  const whole = measure(rows, values.alive, values.expected, discountedOf, settings.margin, estimates, amounts);
  const draws = drawParameters(fit, settings.draws, random);
  const spendDraws = spend && drawParameters(spend.fit, settings.draws, random);
  const plain = (which: 0 | 1 | 2): Total => ({ value: whole[which] });
  if (!draws || draws.length < 2) {
    return { active: plain(0), purchases: plain(1), value: spend && plain(2) };
  }
  const stride = Math.max(1, Math.ceil(rows.size / LARGEST));
  const sample = sampleRows(rows, stride);
  const pick = (from: Float64Array): Float64Array =>
    Float64Array.from({ length: sample.size }, (_, i) => from[i * stride]);
  const expected = pick(values.expected);
  const discounted = pick(values.discounted);
  const sampled = {
    model,
    horizon: settings.horizon,
    margin: settings.margin,
    rows: sample,
    amounts: amounts && { known: pick(amounts.known), sum: pick(amounts.sum) },
    worth: discounted.map((value, i) => (expected[i] > 0 ? value / expected[i] : 0)),
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
  const centre = measure(
    sample,
    pick(values.alive),
    expected,
    (row) => discounted[row],
    settings.margin,
    estimates,
    sampled.amounts,
  );
  const total = (which: 0 | 1 | 2): Total => {
    if (centre[which] === 0) return plain(which);
    const ratios = Float64Array.from(outcomes, (outcome) => (outcome[which] / centre[which]) * whole[which]).sort();
    const tail = (1 - settings.confidence) / 2;
    return { value: whole[which], interval: [quantile(ratios, tail), quantile(ratios, 1 - tail)] };
  };
  const value = spend && (spendDraws ? total(2) : plain(2));
  return { active: total(0), purchases: total(1), value };
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
