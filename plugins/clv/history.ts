import { type AnalysisContext, AnalysisError, type AnalysisResult, type Json, message, type Note } from '@patron/sdk';
import { unitsPerYear } from './customer-base.ts';
import { computeForecast } from './forecast.ts';
import type { Forecast } from './forecast-outcome.ts';
import type { ForecastParameters } from './forecast-parameters.ts';
import type { History, HistoryParameters } from './history-outcome.ts';
import { historyResult } from './history-result.ts';
import { keepLedger, type Ledger } from './ledger.ts';
import { type Purchases, readPurchases } from './purchases.ts';

/** `clv.history`: what customers brought and cost so far, the simple formula, and the model's value beside it. */
export async function history(context: AnalysisContext<HistoryParameters>): Promise<AnalysisResult> {
  const year = Math.floor(unitsPerYear(context.parameters.unit));
  const horizon = context.parameters.horizon ?? year;
  const settings: History['settings'] = {
    ...context.parameters,
    horizon,
    lifetime: context.parameters.lifetime ?? horizon,
  };
  const input = context.inputs.transactions;
  const purchases = await readPurchases(input, settings.unit, 'day', context.timeZone, context);
  if (purchases.customers === 0) {
    throw new AnalysisError("'transactions' has no purchase: every customer's amounts are below zero.", {
      text: message('error.noPurchases'),
      path: 'inputs.transactions.amount',
    });
  }
  const channelCosts = readChannelCosts(settings.channelCosts);
  const ledger = await keepLedger(input, purchases, { ...settings, channelCosts, timeZone: context.timeZone }, context);
  await context.checkpoint();
  const notes: Note[] = [];
  const forecast = settings.model === 'none' ? undefined : await forecastOr(context, settings, purchases, notes);
  const sums = sumUp(purchases, ledger, settings);
  const found: History = {
    settings,
    purchases,
    ledger,
    customer: input.fields.customer,
    forecast,
    sums,
    acquisitionCost: sums.acquisitionCost / sums.customers,
  };
  if (ledger.refundRows > 0) notes.push({ level: 'info', text: message('note.refunds', { rows: ledger.refundRows }) });
  if (sums.acquisitionCost === 0) notes.push({ level: 'info', text: message('note.noAcquisitionCost') });
  return {
    ...(await historyResult(found, notes, context)),
    settled: {
      horizon,
      lifetime: settings.lifetime,
      ...(forecast ? { discountRate: forecast.settings.discountRate } : {}),
    },
  };
}

/** Costs of acquisition by the name of the channel. */
function readChannelCosts(given: Json): Record<string, number> {
  const costs: Record<string, number> = {};
  if (given === null) return costs;
  const listed = typeof given === 'object' && !Array.isArray(given) ? Object.entries(given) : [['', given] as const];
  for (const [channel, cost] of listed) {
    if (channel === '' || typeof cost !== 'number' || !(cost >= 0)) {
      throw new AnalysisError(
        `'channelCosts' gives the cost of a customer by channel, such as {"Search": 12.5}; '${channel}' has ${JSON.stringify(cost)}.`,
        { text: message('error.channelCosts', { channel }), path: 'parameters.channelCosts' },
      );
    }
    costs[channel] = cost;
  }
  return costs;
}

/** The forecast, or a note that says why there is none: what was is worth telling without it. */
async function forecastOr(
  context: AnalysisContext<HistoryParameters>,
  settings: History['settings'],
  purchases: Purchases,
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
    compare: false,
  };
  try {
    return await computeForecast({ ...context, parameters }, purchases);
  } catch (error) {
    if (!(error instanceof AnalysisError)) throw error;
    notes.push({ level: 'warning', text: message('note.noModel', { reason: error.text }) });
    return undefined;
  }
}

function sumUp(purchases: Purchases, ledger: Ledger, settings: History['settings']): History['sums'] {
  const { customers, stepsPerUnit, lastDay } = purchases;
  let orders = 0;
  let revenue = 0;
  let grossProfit = 0;
  let serviceCost = 0;
  let acquisitionCost = 0;
  let watched = 0;
  for (let i = 0; i < customers; i++) {
    orders += ledger.orders[i];
    revenue += ledger.revenue[i];
    grossProfit += ledger.grossProfit[i];
    serviceCost += ledger.serviceCost[i];
    acquisitionCost += ledger.acquisitionCost[i];
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
    acquisitionCost,
    averageOrderValue,
    purchaseFrequency,
    simpleClv: averageOrderValue * purchaseFrequency * settings.lifetime * settings.margin,
  };
}
