import { normalCritical } from '@patron/sdk';
import type { Crew } from './crew.ts';
import type { CustomerBase } from './customer-base.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
import { expectedSpend } from './gamma-gamma.ts';
import { type Spend, spendLogErrors } from './spend.ts';
import { type Draws, middle } from './totals.ts';
import type { GroupedRows } from './weighted-rows.ts';

/** Intervals of every customer; not a number where there are none. */
export interface CustomerIntervals {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly valueLow: Float64Array;
  readonly valueHigh: Float64Array;
  /** Whether they are from draws of the parameters, as those of the totals; otherwise by the delta method. */
  readonly drawn: boolean;
}

/** What they are about; arrays by customer. */
interface Predicted {
  readonly base: CustomerBase;
  readonly rows: GroupedRows;
  readonly settings: ForecastSettings;
  readonly spend?: Spend;
  readonly expected: Float64Array;
  readonly expectedLogError?: Float64Array;
  readonly expectedSpend?: Float64Array;
  /** The value of each customer; absent without a spend model. */
  readonly value?: Float64Array;
}

/** Above this many customers the delta method stands in for the draws, which it comes close to. */
const MOST_DRAWN = 20_000;
/** With fewer draws than this the ends of an interval would be noise. */
const FEWEST_DRAWS = 100;

/** The middle part of what draws of the parameters give each customer, or by the delta method on the logarithm. */
export function customerIntervals(found: Predicted, draws: Draws | undefined, crew: Crew): Promise<CustomerIntervals> {
  const purchases = draws?.purchases;
  const drawn = purchases && purchases.length >= FEWEST_DRAWS && found.base.customers <= MOST_DRAWN;
  return drawn ? fromDraws(found, purchases, draws.spend, crew) : Promise.resolve(byDelta(found));
}

function noIntervals(customers: number, drawn: boolean): CustomerIntervals {
  const none = (): Float64Array => new Float64Array(customers).fill(Number.NaN);
  return { low: none(), high: none(), valueLow: none(), valueHigh: none(), drawn };
}

async function fromDraws(
  { base, rows, settings, expected, expectedSpend: amounts, value }: Predicted,
  purchases: readonly Float64Array[],
  spendDraws: readonly Float64Array[] | undefined,
  crew: Crew,
): Promise<CustomerIntervals> {
  const intervals = noIntervals(base.customers, true);
  const drawn = new Float64Array(purchases.length);
  const ofRow = new Array<readonly [number, number] | undefined>(rows.size);
  for (let row = 0; row < rows.size; row++) {
    for (let k = 0; k < drawn.length; k++) drawn[k] = purchases[k][row];
    ofRow[row] = middle(drawn, settings.confidence);
  }
  for (let i = 0; i < base.customers; i++) {
    if (i % 500 === 0) await crew.checkpoint();
    const row = rows.rowOf[i];
    const ends = ofRow[row];
    if (ends) [intervals.low[i], intervals.high[i]] = ends;
    if (!value || !amounts || !spendDraws || !(expected[i] > 0)) continue;
    const amount = base.monetary ? base.monetary[i] : Number.NaN;
    const x = amount > 0 ? base.frequency[i] : 0;
    // Discounting and margin take the same share in all draws.
    const scale = value[i] / expected[i] / amounts[i];
    for (let k = 0; k < drawn.length; k++) {
      drawn[k] = purchases[k][row] * scale * expectedSpend(spendDraws[k], x, amount);
    }
    const valueEnds = middle(drawn, settings.confidence);
    if (valueEnds) [intervals.valueLow[i], intervals.valueHigh[i]] = valueEnds;
  }
  return intervals;
}

function byDelta({ base, settings, spend, expected, expectedLogError, value }: Predicted): CustomerIntervals {
  const intervals = noIntervals(base.customers, false);
  if (!expectedLogError) return intervals;
  const reach = normalCritical(settings.confidence);
  const spendErrors = spend && spendLogErrors(base, spend.fit);
  for (let i = 0; i < base.customers; i++) {
    const error = expectedLogError[i];
    const factor = Math.exp(reach * error);
    intervals.low[i] = expected[i] / factor;
    intervals.high[i] = expected[i] * factor;
    if (!value || !spendErrors) continue;
    const both = Math.exp(reach * Math.sqrt(error * error + spendErrors[i] * spendErrors[i]));
    intervals.valueLow[i] = value[i] / both;
    intervals.valueHigh[i] = value[i] * both;
  }
  return intervals;
}
