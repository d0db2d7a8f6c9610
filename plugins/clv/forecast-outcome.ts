import type { CustomerBase } from './customer-base.ts';
import type { CustomerIntervals } from './customer-intervals.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
import type { Fit } from './likelihood-fit.ts';
import type { ComparedModel } from './model-comparison.ts';
import type { PurchasePrediction } from './purchase-model.ts';
import type { Spend } from './spend.ts';
import type { Totals } from './totals.ts';
import type { Holdout } from './tracking.ts';
import type { GroupedRows } from './weighted-rows.ts';

/** Everything that a forecast found, before it is laid out as tables and charts. Arrays by customer unless said. */
export interface Forecast {
  readonly settings: ForecastSettings;
  readonly base: CustomerBase;
  readonly rows: GroupedRows;
  readonly fit: Fit;
  readonly prediction: PurchasePrediction;
  readonly spend?: Spend;
  readonly pAlive: Float64Array;
  readonly expected: Float64Array;
  /** Expected purchases within the horizon, discounted; times spend and margin this is the value. */
  readonly discounted: Float64Array;
  /** Expected purchases of all time to come, discounted; absent where nothing is discounted. */
  readonly residual?: Float64Array;
  readonly expectedSpend?: Float64Array;
  /** `discounted` times `expectedSpend` and the margin. */
  readonly value?: Float64Array;
  readonly intervals: CustomerIntervals;
  readonly totals: Totals;
  readonly holdout?: Holdout;
  /** All models fitted to the same customers, the one asked for first; absent where they were not to be compared. */
  readonly compared?: readonly ComparedModel[];
}
