import { type ChartSpec, message, periodLabel, type ResultTable, tableFromRows } from '@patron/sdk';
import {
  type AgeLedger,
  type CohortLedger,
  contributionByAge,
  meanAcquisitionCost,
  paybackMonth,
} from './cohort-ledger.ts';
import type { History } from './history-outcome.ts';

/** Each cohort by months since its first purchases. */
export function cohortTable({ ledger }: History): ResultTable {
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
        cumulative >= cohort.acquisitionCost,
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

interface Returns {
  customers: number;
  revenue: number;
  contribution: number;
  grossProfit: number;
  serviceCost: number;
  acquisitionCost: number;
  future: number;
}

/** What groups of customers brought and cost, and when they had paid for their acquisition. */
function returnsBy<Group>(
  { ledger }: History,
  future: Float64Array | undefined,
  groupOf: (customer: number) => Group,
): Map<Group, Returns> {
  const groups = new Map<Group, Returns>();
  for (let i = 0; i < ledger.revenue.length; i++) {
    const group = groupOf(i);
    let sums = groups.get(group);
    if (!sums) {
      sums = {
        customers: 0,
        revenue: 0,
        contribution: 0,
        grossProfit: 0,
        serviceCost: 0,
        acquisitionCost: 0,
        future: 0,
      };
      groups.set(group, sums);
    }
    sums.customers++;
    sums.revenue += ledger.revenue[i];
    sums.grossProfit += ledger.grossProfit[i];
    sums.serviceCost += ledger.serviceCost[i];
    sums.contribution += ledger.grossProfit[i] - ledger.serviceCost[i];
    sums.acquisitionCost += ledger.acquisitionCost[i];
    if (future && !Number.isNaN(future[i])) sums.future += future[i];
  }
  return groups;
}

const RETURN_COLUMNS = [
  { name: 'customers', title: message('column.customers'), type: 'integer' },
  { name: 'revenue', title: message('column.revenue'), type: 'number', format: 'money' },
  { name: 'acquisitionCost', title: message('column.acquisitionCost'), type: 'number', format: 'money' },
  { name: 'valuePerCustomer', title: message('column.valuePerCustomer'), type: 'number', format: 'money' },
  { name: 'futurePerCustomer', title: message('column.futurePerCustomer'), type: 'number', format: 'money' },
  { name: 'ltvToCac', title: message('column.ltvToCac'), type: 'number', format: 'decimal' },
  { name: 'roi', title: message('metric.roi'), type: 'number', format: 'percent' },
  { name: 'payback', title: message('metric.payback'), type: 'integer' },
] as const;

function returnCells(sums: Returns, cohorts: readonly CohortLedger[], future: boolean): (number | null)[] {
  const { customers, acquisitionCost } = sums;
  const cost = acquisitionCost + sums.serviceCost;
  return [
    customers,
    sums.revenue,
    acquisitionCost / customers,
    sums.contribution / customers,
    future ? sums.future / customers : null,
    acquisitionCost > 0 ? (sums.contribution + sums.future) / acquisitionCost : null,
    cost > 0 ? (sums.grossProfit - cost) / cost : null,
    paybackMonth(contributionByAge(cohorts), meanAcquisitionCost(cohorts)) ?? null,
  ];
}

/** What each cohort brought, cost and will bring, and by when it had paid for its acquisition. */
export function cohortReturnTable(found: History, future: Float64Array | undefined): ResultTable {
  const { ledger } = found;
  const returns = returnsBy(found, future, (i) => ledger.month[i]);
  return tableFromRows(
    [{ name: 'cohort', title: message('column.cohort'), type: 'string' }, ...RETURN_COLUMNS],
    ledger.cohorts.flatMap((cohort) => {
      const sums = returns.get(cohort.month);
      return sums ? [[periodLabel(cohort.month, 'month'), ...returnCells(sums, [cohort], future !== undefined)]] : [];
    }),
    { title: message('table.cohortReturns') },
  );
}

/** The same for each channel. */
export function channelTable(found: History, future: Float64Array | undefined): ResultTable {
  const { ledger } = found;
  const returns = returnsBy(found, future, (i) => ledger.channel?.[i] ?? null);
  return tableFromRows(
    [{ name: 'channel', title: message('column.channel'), type: 'string' }, ...RETURN_COLUMNS],
    [...returns].map(([name, sums]) => [
      name,
      ...returnCells(sums, ledger.channelCohorts?.get(name) ?? [], future !== undefined),
    ]),
    { title: message('table.channels') },
  );
}

export function paybackTable(byAge: readonly AgeLedger[], acquisitionCost: number): ResultTable {
  return tableFromRows(
    [
      { name: 'month', title: message('column.age'), type: 'integer' },
      { name: 'customers', title: message('column.customers'), type: 'integer' },
      { name: 'contribution', title: message('column.contribution'), type: 'number', format: 'money' },
      { name: 'net', title: message('column.net'), type: 'number', format: 'money' },
    ],
    byAge.map(({ customers, cumulative }, age) => [age, customers, cumulative, cumulative - acquisitionCost]),
    { title: message('table.payback') },
  );
}

export function paybackChart(byAge: readonly AgeLedger[], acquisitionCost: number): ChartSpec {
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

export function cohortChart({ ledger }: History): ChartSpec {
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
