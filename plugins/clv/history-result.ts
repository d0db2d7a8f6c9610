import { type AnalysisResult, type Metric, message, type Note, normalCritical, type ResultTable } from '@patron/sdk';
import { type AgeLedger, contributionByAge, paybackMonth } from './cohort-ledger.ts';
import type { Crew } from './crew.ts';
import {
  channelTable,
  cohortChart,
  cohortReturnTable,
  cohortTable,
  paybackChart,
  paybackTable,
} from './history-cohorts.ts';
import type { History } from './history-outcome.ts';
import { sensitivityChart, sensitivityTable } from './history-sensitivity.ts';
import { comparisonTable, historyCustomerTable } from './history-tables.ts';
import { whaleChart, whaleCurve, whaleTable } from './whale-curve.ts';

/** Lays out what customers were worth as metrics, tables and charts. */
export async function historyResult(
  found: History,
  notes: readonly Note[],
  crew: Pick<Crew, 'checkpoint'>,
): Promise<AnalysisResult> {
  const { ledger, settings, forecast, acquisitionCost } = found;
  const future = futureValues(found);
  const profit = ledger.grossProfit.map((value, i) => value - ledger.serviceCost[i] - ledger.acquisitionCost[i]);
  await crew.checkpoint();
  const whale = whaleCurve(profit);
  await crew.checkpoint();
  const byAge = contributionByAge(ledger.cohorts);
  const tables: Record<string, ResultTable> = {
    comparison: comparisonTable(found),
    cohorts: cohortTable(found),
    cohortReturns: cohortReturnTable(found, future),
    payback: paybackTable(byAge, acquisitionCost),
    whale: whaleTable(whale),
    sensitivity: sensitivityTable(found),
    customers: historyCustomerTable(found, profit, future),
  };
  await crew.checkpoint();
  if (ledger.channel) tables.channels = channelTable(found, future);
  const best = whale.find(({ customers }) => customers >= 0.2 - 1e-9);
  return {
    headline: message('history.headline', {
      customers: { value: found.sums.customers, as: 'integer' },
      value: { value: (found.sums.grossProfit - found.sums.serviceCost) / found.sums.customers, as: 'money' },
      share: { value: best?.share ?? 1, as: 'percent' },
    }),
    metrics: metricsOf(found, byAge),
    tables,
    charts: [whaleChart(whale), paybackChart(byAge, acquisitionCost), cohortChart(found), sensitivityChart(found)],
    notes: [
      ...notes,
      { level: 'info', text: message('note.history', { unit: message(`unit.${settings.unit}`) }) },
      ...(forecast ? [{ level: 'info' as const, text: message('note.compare') }] : []),
    ],
  };
}

/** The value to come of each customer; undefined without a model of purchases and of spend. */
function futureValues({ forecast, settings, purchases }: History): Float64Array | undefined {
  if (!forecast?.expectedSpend || !forecast.base.log) return undefined;
  const values = new Float64Array(purchases.customers).fill(Number.NaN);
  const { index } = forecast.base.log;
  for (let i = 0; i < index.length; i++) {
    values[index[i]] = forecast.discounted[i] * forecast.expectedSpend[i] * settings.margin;
  }
  return values;
}

function metricsOf(found: History, byAge: readonly AgeLedger[]): Record<string, Metric> {
  const { sums, settings, forecast, ledger, acquisitionCost } = found;
  const historic = (sums.grossProfit - sums.serviceCost) / sums.customers;
  const cost = sums.acquisitionCost + sums.serviceCost;
  const equity = forecast?.totals.value;
  const future = equity ? equity.value / sums.customers : undefined;
  const metric = (
    name: string,
    value: number | undefined,
    format: Metric['format'],
    interval?: readonly [number, number],
  ): Metric => ({
    value: value !== undefined && Number.isFinite(value) ? value : null,
    interval,
    n: sums.customers,
    title: message(`metric.${name}`),
    format,
  });
  const perCustomer = equity?.interval?.map((value) => value / sums.customers) as [number, number] | undefined;
  const payback = paybackMonth(byAge, acquisitionCost);
  const metrics: Record<string, Metric> = {
    customers: metric('customers', sums.customers, 'integer'),
    orders: metric('orders', sums.orders, 'integer'),
    revenue: metric('revenue', sums.revenue, 'money'),
    grossProfit: metric('grossProfit', sums.grossProfit, 'money'),
    serviceCost: metric('serviceCost', sums.serviceCost, 'money'),
    acquisitionCost: metric('acquisitionCost', sums.acquisitionCost, 'money'),
    roi: metric('roi', cost > 0 ? (sums.grossProfit - cost) / cost : undefined, 'percent'),
    averageOrderValue: metric('averageOrderValue', sums.averageOrderValue, 'money', meanOrderInterval(found)),
    purchaseFrequency: metric('purchaseFrequency', sums.purchaseFrequency, 'decimal4'),
    lifetime: metric('lifetime', settings.lifetime, 'decimal'),
    historicClv: metric('historicClv', historic, 'money'),
    simpleClv: metric('simpleClv', sums.simpleClv, 'money'),
    payback: metric('payback', payback, 'integer'),
  };
  if (forecast) {
    metrics.modelClv = metric('modelClv', future, 'money', perCustomer);
    metrics.customerEquity = metric('customerEquity', equity?.value, 'money', equity?.interval);
    metrics.activeCustomers = metric(
      'activeCustomers',
      forecast.totals.active.value,
      'integer',
      forecast.totals.active.interval,
    );
  }
  const ltv = historic + (future ?? 0);
  metrics.ltv = metric('ltv', ltv, 'money', perCustomer && [historic + perCustomer[0], historic + perCustomer[1]]);
  metrics.ltvToCac = metric('ltvToCac', acquisitionCost > 0 ? ltv / acquisitionCost : undefined, 'decimal');
  metrics.cohorts = metric('cohorts', ledger.cohorts.length, 'integer');
  return metrics;
}

/** Normal, with customers as the unit that varies: the ratio of two sums over customers. */
function meanOrderInterval({ ledger, sums, settings }: History): readonly [number, number] | undefined {
  if (sums.customers < 2) return undefined;
  let square = 0;
  for (let i = 0; i < sums.customers; i++)
    square += (ledger.revenue[i] - sums.averageOrderValue * ledger.orders[i]) ** 2;
  const error = Math.sqrt((square / (sums.customers - 1)) * sums.customers) / sums.orders;
  const reach = normalCritical(settings.confidence) * error;
  return [sums.averageOrderValue - reach, sums.averageOrderValue + reach];
}
