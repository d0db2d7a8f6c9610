import {
  type AnalysisResult,
  type ChartSpec,
  dateColumn,
  type Metric,
  message,
  type Note,
  numberColumn,
  periodLabel,
  type ResultColumn,
  type ResultTable,
  tableFromRows,
  takeRows,
} from '@patron/sdk';
import type { History } from './history-outcome.ts';
import { contributionByAge, paybackMonth } from './ledger.ts';

/** Lays out what customers were worth as metrics, tables and charts. */
export function historyResult(found: History, notes: readonly Note[]): AnalysisResult {
  const { ledger, settings, forecast } = found;
  const future = futureValues(found);
  const profit = ledger.grossProfit.map((value, i) => value - ledger.serviceCost[i] - settings.acquisitionCost);
  const whale = whaleCurve(profit);
  const byAge = contributionByAge(ledger.cohorts);
  const tables: Record<string, ResultTable> = {
    comparison: comparisonTable(found),
    cohorts: cohortTable(found),
    payback: tableFromRows(
      [
        { name: 'month', title: message('column.age'), type: 'integer' },
        { name: 'customers', title: message('column.customers'), type: 'integer' },
        { name: 'contribution', title: message('column.contribution'), type: 'number', format: 'money' },
        { name: 'net', title: message('column.net'), type: 'number', format: 'money' },
      ],
      byAge.map(({ customers, cumulative }, age) => [
        age,
        customers,
        cumulative,
        cumulative - settings.acquisitionCost,
      ]),
      { title: message('table.payback') },
    ),
    whale: tableFromRows(
      [
        { name: 'customersShare', title: message('column.customersShare'), type: 'number', format: 'percent' },
        { name: 'profit', title: message('column.cumulativeProfit'), type: 'number', format: 'money' },
        { name: 'profitShare', title: message('column.profitShare'), type: 'number', format: 'percent' },
      ],
      whale.map(({ customers, profit, share }) => [customers, profit, share]),
      { title: message('table.whale') },
    ),
    sensitivity: sensitivityTable(found),
    customers: customerTable(found, profit, future),
  };
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
    charts: [
      whaleChart(whale),
      paybackChart(byAge, settings.acquisitionCost),
      cohortChart(found),
      sensitivityChart(found),
    ],
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

function metricsOf(found: History, byAge: readonly { cumulative: number }[]): Record<string, Metric> {
  const { sums, settings, forecast, ledger } = found;
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
  const payback = settings.acquisitionCost > 0 ? paybackMonth(byAge, settings.acquisitionCost) : undefined;
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
  metrics.ltvToCac = metric(
    'ltvToCac',
    settings.acquisitionCost > 0 ? ltv / settings.acquisitionCost : undefined,
    'decimal',
  );
  metrics.cohorts = metric('cohorts', ledger.cohorts.length, 'integer');
  return metrics;
}

/** Normal, with customers as the unit that varies: the ratio of two sums over customers. */
function meanOrderInterval({ ledger, sums }: History): readonly [number, number] | undefined {
  if (sums.customers < 2) return undefined;
  let square = 0;
  for (let i = 0; i < sums.customers; i++)
    square += (ledger.revenue[i] - sums.averageOrderValue * ledger.orders[i]) ** 2;
  const error = Math.sqrt((square / (sums.customers - 1)) * sums.customers) / sums.orders;
  return [sums.averageOrderValue - 1.96 * error, sums.averageOrderValue + 1.96 * error];
}

/** The three ways to value a customer, side by side. */
function comparisonTable(found: History): ResultTable {
  const { sums, forecast, settings } = found;
  const historic = (sums.grossProfit - sums.serviceCost) / sums.customers;
  const equity = forecast?.totals.value;
  const rows: (string | number | null)[][] = [
    ['historic', historic, null, null],
    ['simple', sums.simpleClv, null, null],
  ];
  if (equity) {
    rows.push([
      'model',
      equity.value / sums.customers,
      equity.interval ? equity.interval[0] / sums.customers : null,
      equity.interval ? equity.interval[1] / sums.customers : null,
    ]);
  }
  return tableFromRows(
    [
      {
        name: 'method',
        title: message('column.method'),
        type: 'string',
        labels: {
          historic: message('method.historic'),
          simple: message('method.simple'),
          model: message('method.model'),
        },
      },
      { name: 'clv', title: message('column.clv'), type: 'number', format: 'money' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'money' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'money' },
      { name: 'net', title: message('column.net'), type: 'number', format: 'money' },
    ],
    rows.map((row) => [...row, (row[1] as number) - settings.acquisitionCost]),
    { title: message('table.comparison') },
  );
}

function cohortTable({ ledger, settings }: History): ResultTable {
  const rows = ledger.cohorts.flatMap((cohort) => {
    let cumulative = 0;
    return Array.from(cohort.contribution, (contribution, offset) => {
      cumulative += contribution;
      return [
        periodLabel(cohort.month, 'month'),
        offset,
        cohort.customers,
        cohort.revenue[offset],
        contribution,
        cumulative / cohort.customers,
        cumulative / cohort.customers >= settings.acquisitionCost,
        offset < cohort.contribution.length - 1,
      ];
    });
  });
  return tableFromRows(
    [
      { name: 'cohort', title: message('column.cohort'), type: 'string' },
      { name: 'offset', title: message('column.age'), type: 'integer' },
      { name: 'customers', title: message('column.customers'), type: 'integer' },
      { name: 'revenue', title: message('column.revenue'), type: 'number', format: 'money' },
      { name: 'contribution', title: message('column.contribution'), type: 'number', format: 'money' },
      { name: 'valuePerCustomer', title: message('column.valuePerCustomer'), type: 'number', format: 'money' },
      { name: 'paidBack', title: message('column.paidBack'), type: 'boolean' },
      { name: 'complete', title: message('column.complete'), type: 'boolean' },
    ],
    rows,
    { title: message('table.cohorts') },
  );
}

function customerTable(found: History, profit: Float64Array, future: Float64Array | undefined): ResultTable {
  const { ledger, purchases, customer } = found;
  const column = (name: string, values: Float64Array, format: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: numberColumn(values),
    format,
  });
  const total = future && profit.map((value, i) => value + (Number.isNaN(future[i]) ? 0 : future[i]));
  return {
    title: message('table.historyCustomers'),
    rowPer: 'customer',
    columns: [
      { name: 'customer', title: message('column.customer'), column: takeRows(customer, purchases.rows) },
      { name: 'first', title: message('column.first'), column: dateColumn(ledger.firstDay), format: 'date' },
      { name: 'last', title: message('column.last'), column: dateColumn(ledger.lastDay), format: 'date' },
      column('orders', ledger.orders, 'integer'),
      column('revenue', ledger.revenue, 'money'),
      column('grossProfit', ledger.grossProfit, 'money'),
      column('serviceCost', ledger.serviceCost, 'money'),
      column('profit', profit, 'money'),
      ...(future && total ? [column('futureValue', future, 'money'), column('totalValue', total, 'money')] : []),
    ],
  };
}

function channelTable(found: History, future: Float64Array | undefined): ResultTable {
  const { ledger, settings } = found;
  const byChannel = new Map<
    string | null,
    { customers: number; revenue: number; contribution: number; future: number }
  >();
  ledger.channel?.forEach((name, i) => {
    const sums = byChannel.get(name) ?? { customers: 0, revenue: 0, contribution: 0, future: 0 };
    sums.customers++;
    sums.revenue += ledger.revenue[i];
    sums.contribution += ledger.grossProfit[i] - ledger.serviceCost[i];
    if (future && !Number.isNaN(future[i])) sums.future += future[i];
    byChannel.set(name, sums);
  });
  const cac = settings.acquisitionCost;
  return tableFromRows(
    [
      { name: 'channel', title: message('column.channel'), type: 'string' },
      { name: 'customers', title: message('column.customers'), type: 'integer' },
      { name: 'revenue', title: message('column.revenue'), type: 'number', format: 'money' },
      { name: 'valuePerCustomer', title: message('column.valuePerCustomer'), type: 'number', format: 'money' },
      { name: 'futurePerCustomer', title: message('column.futurePerCustomer'), type: 'number', format: 'money' },
      { name: 'ltvToCac', title: message('column.ltvToCac'), type: 'number', format: 'decimal' },
    ],
    [...byChannel].map(([name, sums]) => [
      name,
      sums.customers,
      sums.revenue,
      sums.contribution / sums.customers,
      future ? sums.future / sums.customers : null,
      cac > 0 ? (sums.contribution + sums.future) / sums.customers / cac : null,
    ]),
    { title: message('table.channels') },
  );
}

interface WhalePoint {
  readonly customers: number;
  readonly profit: number;
  readonly share: number;
}

/** Cumulated profit of the best 0, 1, … 100 % of customers; it passes its end where some customers cost more than they bring. */
function whaleCurve(profit: Float64Array): WhalePoint[] {
  const sorted = profit.slice().sort();
  const size = sorted.length;
  let total = 0;
  for (const value of sorted) total += value;
  const points: WhalePoint[] = [];
  let taken = 0;
  let sum = 0;
  for (let percent = 0; percent <= 100; percent++) {
    const until = Math.round((size * percent) / 100);
    for (; taken < until; taken++) sum += sorted[size - 1 - taken];
    points.push({ customers: percent / 100, profit: sum, share: total > 0 ? sum / total : Number.NaN });
  }
  return points.map((point) => (Number.isNaN(point.share) ? { ...point, share: 0 } : point));
}

function whaleChart(whale: readonly WhalePoint[]): ChartSpec {
  return {
    kind: 'line',
    id: 'whale',
    title: message('chart.whale'),
    summary: message('chart.whale.summary'),
    table: 'whale',
    xValues: whale.map(({ customers }) => customers),
    x: { title: message('axis.customersShare'), format: 'percent', minimum: 0, maximum: 1 },
    y: { title: message('axis.profitShare'), format: 'percent' },
    series: [{ name: message('series.profit'), values: whale.map(({ share }) => share) }],
    diagonal: true,
    references: [{ axis: 'y', at: 1 }],
  };
}

function paybackChart(byAge: readonly { cumulative: number }[], acquisitionCost: number): ChartSpec {
  return {
    kind: 'line',
    id: 'payback',
    title: message('chart.payback'),
    summary: message('chart.payback.summary'),
    table: 'payback',
    xValues: byAge.map((_, age) => age),
    x: { title: message('axis.age'), format: 'integer' },
    y: { title: message('axis.contribution'), format: 'money', minimum: 0 },
    series: [{ name: message('series.contribution'), values: byAge.map(({ cumulative }) => cumulative) }],
    references:
      acquisitionCost > 0 ? [{ axis: 'y', at: acquisitionCost, label: message('reference.acquisitionCost') }] : [],
  };
}

function cohortChart({ ledger }: History): ChartSpec {
  const width = ledger.cohorts.reduce((most, cohort) => Math.max(most, cohort.contribution.length), 0);
  const cells: (number | null)[] = [];
  const incomplete: boolean[] = [];
  for (const cohort of ledger.cohorts) {
    let cumulative = 0;
    for (let offset = 0; offset < width; offset++) {
      if (offset < cohort.contribution.length) cumulative += cohort.contribution[offset];
      cells.push(offset < cohort.contribution.length ? cumulative / cohort.customers : null);
      incomplete.push(offset === cohort.contribution.length - 1);
    }
  }
  return {
    kind: 'heatMap',
    id: 'cohortValue',
    title: message('chart.cohortValue'),
    summary: message('chart.cohortValue.summary'),
    table: 'cohorts',
    columns: Array.from({ length: width }, (_, offset) => String(offset)),
    rows: ledger.cohorts.map(({ month }) => periodLabel(month, 'month')),
    cells,
    incomplete,
    x: { title: message('axis.age') },
    y: { title: message('column.cohort') },
    value: { format: 'money' },
  };
}

const DRIVERS = ['averageOrderValue', 'purchaseFrequency', 'lifetime', 'margin', 'acquisitionCost'] as const;
const CHANGES = [-0.2, -0.1, 0.1, 0.2];

/** The simple value net of the cost of acquisition where one driver moves and the others stay. */
function netAt({ sums, settings }: History, driver: (typeof DRIVERS)[number], change: number): number {
  const factor = driver === 'acquisitionCost' ? 1 : 1 + change;
  const cost = driver === 'acquisitionCost' ? 1 + change : 1;
  // A margin cannot exceed the whole.
  const capped = driver === 'margin' ? Math.min(factor, 1 / settings.margin) : factor;
  return sums.simpleClv * capped - settings.acquisitionCost * cost;
}

function sensitivityTable(found: History): ResultTable {
  return tableFromRows(
    [
      {
        name: 'driver',
        title: message('column.driver'),
        type: 'string',
        labels: Object.fromEntries(DRIVERS.map((driver) => [driver, message(`driver.${driver}`)])),
      },
      { name: 'change', title: message('column.change'), type: 'number', format: 'percent' },
      { name: 'net', title: message('column.net'), type: 'number', format: 'money' },
      { name: 'difference', title: message('column.difference'), type: 'number', format: 'money' },
    ],
    DRIVERS.flatMap((driver) =>
      CHANGES.map((change) => {
        const net = netAt(found, driver, change);
        return [driver, change, net, net - netAt(found, driver, 0)];
      }),
    ),
    { title: message('table.sensitivity') },
  );
}

function sensitivityChart(found: History): ChartSpec {
  return {
    kind: 'bar',
    id: 'sensitivity',
    title: message('chart.sensitivity'),
    summary: message('chart.sensitivity.summary'),
    table: 'sensitivity',
    orientation: 'horizontal',
    categories: DRIVERS.map((driver) => message(`driver.${driver}`)),
    series: [-0.2, 0.2].map((change) => ({
      name: message(change < 0 ? 'series.less' : 'series.more'),
      values: DRIVERS.map((driver) => netAt(found, driver, change) - netAt(found, driver, 0)),
    })),
    value: { title: message('axis.difference'), format: 'money' },
  };
}
