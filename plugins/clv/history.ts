import { type AnalysisContext, AnalysisError, type AnalysisResult, message, type Note } from '@patron/sdk';
import { unitsPerYear } from './customer-base.ts';
import { computeForecast, type Forecast, type ForecastParameters } from './forecast.ts';
import { historyResult } from './history-result.ts';
import { keepLedger, type Ledger } from './ledger.ts';
import type { PurchaseModelName } from './purchase-model.ts';
import { type Purchases, readPurchases } from './purchases.ts';

export interface HistoryParameters
  extends Omit<ForecastParameters, 'model' | 'spend' | 'calibrationEnd' | 'discountPeriod' | 'grain'> {
  readonly model: PurchaseModelName | 'none';
  readonly acquisitionCost: number;
  readonly serviceCost: number;
  readonly lifetime: number | null;
}

export interface HistorySettings extends HistoryParameters {
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
}

export interface HistorySums {
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

/** `clv.history`: what customers brought and cost so far, the simple formula, and the model's value beside it. */
export async function history(context: AnalysisContext<HistoryParameters>): Promise<AnalysisResult> {
  const year = Math.floor(unitsPerYear(context.parameters.unit));
  const horizon = context.parameters.horizon ?? year;
  const settings: HistorySettings = {
    ...context.parameters,
    horizon,
    lifetime: context.parameters.lifetime ?? horizon,
  };
  const input = context.inputs.transactions;
  const purchases = readPurchases(input, settings.unit, 'day', context.timeZone);
  if (purchases.customers === 0) {
    throw new AnalysisError("'transactions' has no purchase: every customer's amounts are below zero.", {
      text: message('error.noPurchases'),
      path: 'inputs.transactions.amount',
    });
  }
  const ledger = keepLedger(input, purchases, { ...settings, timeZone: context.timeZone });
  await context.checkpoint();
  const notes: Note[] = [];
  const forecast = settings.model === 'none' ? undefined : await forecastOr(context, settings, notes);
  const sums = sumUp(purchases, ledger, settings);
  const found: History = {
    settings,
    purchases,
    ledger,
    customer: input.fields.customer,
    forecast,
    sums,
  };
  if (ledger.refundRows > 0) notes.push({ level: 'info', text: message('note.refunds', { rows: ledger.refundRows }) });
  if (settings.acquisitionCost === 0) notes.push({ level: 'info', text: message('note.noAcquisitionCost') });
  return {
    ...historyResult(found, notes),
    settled: {
      horizon,
      lifetime: settings.lifetime,
      ...(forecast ? { discountRate: forecast.settings.discountRate } : {}),
    },
  };
}

/** The forecast, or a note that says why there is none: what was is worth telling without it. */
async function forecastOr(
  context: AnalysisContext<HistoryParameters>,
  settings: HistorySettings,
  notes: Note[],
): Promise<Forecast | undefined> {
  if (settings.model === 'none') return undefined;
  const parameters: ForecastParameters = {
    ...settings,
    model: settings.model,
    spend: 'gamma-gamma',
    grain: 'day',
    calibrationEnd: null,
    discountPeriod: 1,
  };
  try {
    return await computeForecast({
      inputs: context.inputs,
      parameters,
      timeZone: context.timeZone,
      signal: context.signal,
      random: context.random,
      progress: (done, total, text) => context.progress(done, total, text),
      checkpoint: () => context.checkpoint(),
    });
  } catch (error) {
    if (!(error instanceof AnalysisError)) throw error;
    notes.push({ level: 'warning', text: message('note.noModel', { reason: error.text }) });
    return undefined;
  }
}

function sumUp(purchases: Purchases, ledger: Ledger, settings: HistorySettings): HistorySums {
  const { customers, stepsPerUnit, lastDay } = purchases;
  let orders = 0;
  let revenue = 0;
  let grossProfit = 0;
  let serviceCost = 0;
  let watched = 0;
  for (let i = 0; i < customers; i++) {
    orders += ledger.orders[i];
    revenue += ledger.revenue[i];
    grossProfit += ledger.grossProfit[i];
    serviceCost += ledger.serviceCost[i];
    // Someone who came on the last day has been watched for that day.
    watched += (lastDay - ledger.firstDay[i] + 1) / stepsPerUnit;
  }
  const averageOrderValue = revenue / orders;
  const purchaseFrequency = orders / watched;
  return {
    customers,
    orders,
    revenue,
    grossProfit,
    serviceCost,
    acquisitionCost: settings.acquisitionCost * customers,
    averageOrderValue,
    purchaseFrequency,
    simpleClv: averageOrderValue * purchaseFrequency * settings.lifetime * settings.margin,
  };
}
