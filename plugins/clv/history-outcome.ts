import type { Json } from '@patron/sdk';
import type { Forecast } from './forecast-outcome.ts';
import type { ForecastParameters } from './forecast-parameters.ts';
import type { Ledger } from './ledger.ts';
import type { PurchaseModelName } from './purchase-model.ts';
import type { Purchases } from './purchases.ts';

export interface HistoryParameters
  extends Omit<ForecastParameters, 'model' | 'spend' | 'calibrationEnd' | 'discountPeriod' | 'grain' | 'compare'> {
  readonly model: PurchaseModelName | 'none';
  readonly acquisitionCost: number;
  readonly channelCosts: Json;
  readonly serviceCost: number;
  readonly lifetime: number | null;
}

interface HistorySettings extends HistoryParameters {
  readonly lifetime: number;
  readonly horizon: number;
}

/** What customers were worth so far, before it is laid out. */
export interface History {
  readonly settings: HistorySettings;
  readonly purchases: Purchases;
  readonly ledger: Ledger;
  readonly customer: Forecast['base']['customer'];
  /** The value to come, where a model was asked for and could be fitted. */
  readonly forecast?: Forecast;
  readonly sums: HistorySums;
  /** Of a customer, on average. */
  readonly acquisitionCost: number;
}

interface HistorySums {
  readonly customers: number;
  readonly orders: number;
  readonly revenue: number;
  readonly grossProfit: number;
  readonly serviceCost: number;
  readonly acquisitionCost: number;
  readonly averageOrderValue: number;
  /** Orders of a customer in a unit of time, over the time from the first order to the end of the data. */
  readonly purchaseFrequency: number;
  /** Average order value × purchase frequency × lifetime × margin. */
  readonly simpleClv: number;
}
