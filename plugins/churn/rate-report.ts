import {
  type BarChart,
  type LineChart,
  message,
  periodLabel,
  type ResultTable,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import type { ChurnPeriod } from './churn-periods.ts';
import type { WindowRow } from './churn-windows.ts';
import type { RateParameters } from './rate-input.ts';

/** A part of a whole; null where there is no whole. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

export function rateTable(
  periods: readonly ChurnPeriod[],
  parameters: RateParameters,
  hasAmount: boolean,
): ResultTable {
  const money = [
    { name: 'revenue', title: message('column.revenue'), type: 'number' as const, format: 'money' as const },
    { name: 'lost', title: message('column.lost'), type: 'number' as const, format: 'money' as const },
    { name: 'contraction', title: message('column.contraction'), type: 'number' as const, format: 'money' as const },
    { name: 'expansion', title: message('column.expansion'), type: 'number' as const, format: 'money' as const },
    {
      name: 'grossRevenueChurn',
      title: message('metric.grossRevenueChurn'),
      type: 'number' as const,
      format: 'percent' as const,
    },
    {
      name: 'netRevenueChurn',
      title: message('metric.netRevenueChurn'),
      type: 'number' as const,
      format: 'percent' as const,
    },
  ];
  return tableFromRows(
    [
      { name: 'period', title: message('column.period'), type: 'string' },
      { name: 'customers', title: message('column.customersAtStart'), type: 'integer', format: 'integer' },
      { name: 'churned', title: message('column.churned'), type: 'integer', format: 'integer' },
      { name: 'churnRate', title: message('metric.churnRate'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
      { name: 'joined', title: message('column.joined'), type: 'integer', format: 'integer' },
      { name: 'returned', title: message('column.returned'), type: 'integer', format: 'integer' },
      { name: 'complete', title: message('column.complete'), type: 'boolean' },
      ...(hasAmount ? money : []),
    ],
    periods.map((row) => {
      const interval =
        row.customers > 0 ? wilsonInterval(row.churned, row.customers, parameters.confidence) : [null, null];
      return [
        periodLabel(row.period, parameters.period),
        row.customers,
        row.churned,
        share(row.churned, row.customers),
        interval[0],
        interval[1],
        row.joined,
        row.returned,
        row.complete,
        ...(hasAmount
          ? [
              row.revenue,
              row.lost,
              row.contraction,
              row.expansion,
              share(row.lost + row.contraction, row.revenue),
              share(row.lost + row.contraction - row.expansion, row.revenue),
            ]
          : []),
      ];
    }),
    { title: message('table.rate') },
  );
}

export function windowTable(rows: readonly WindowRow[], confidence: number, chosen: number): ResultTable {
  return tableFromRows(
    [
      { name: 'window', title: message('column.window'), type: 'integer', format: 'integer' },
      { name: 'silences', title: message('column.silences'), type: 'integer', format: 'integer' },
      { name: 'cameBack', title: message('column.cameBack'), type: 'integer', format: 'integer' },
      { name: 'cameBackShare', title: message('column.cameBackShare'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
      { name: 'churnedNow', title: message('column.churnedNow'), type: 'integer', format: 'integer' },
      { name: 'churnRate', title: message('metric.meanChurnRate'), type: 'number', format: 'percent' },
      { name: 'chosen', title: message('column.chosen'), type: 'boolean' },
    ],
    rows.map((row) => {
      const interval = row.silences > 0 ? wilsonInterval(row.cameBack, row.silences, confidence) : [null, null];
      return [
        row.days,
        row.silences,
        row.cameBack,
        share(row.cameBack, row.silences),
        interval[0],
        interval[1],
        row.churnedNow,
        share(row.churned, row.customers),
        row.days === chosen,
      ];
    }),
    { title: message('table.windows') },
  );
}

export function rateChart(periods: readonly ChurnPeriod[], parameters: RateParameters, hasAmount: boolean): LineChart {
  const intervals = periods.map(({ churned, customers }) => wilsonInterval(churned, customers, parameters.confidence));
  return {
    kind: 'line',
    id: 'rate',
    title: message('chart.rate'),
    summary: message('chart.rate.summary'),
    table: 'rate',
    xValues: periods.map(({ period }) => periodLabel(period, parameters.period)),
    x: { title: message('column.period') },
    y: { title: message('metric.churnRate'), format: 'percent', minimum: 0 },
    series: [
      {
        name: message('metric.churnRate'),
        values: periods.map(({ churned, customers }) => share(churned, customers)),
        low: intervals.map(([low]) => low),
        high: intervals.map(([, high]) => high),
        points: true,
      },
      ...(hasAmount
        ? [
            {
              name: message('metric.grossRevenueChurn'),
              values: periods.map((row) => share(row.lost + row.contraction, row.revenue)),
              dashed: true,
            },
          ]
        : []),
    ],
  };
}

export function windowChart(rows: readonly WindowRow[], confidence: number): BarChart {
  const intervals = rows.map(({ cameBack, silences }) =>
    silences > 0 ? wilsonInterval(cameBack, silences, confidence) : ([null, null] as const),
  );
  return {
    kind: 'bar',
    id: 'windows',
    title: message('chart.windows'),
    summary: message('chart.windows.summary'),
    table: 'windows',
    categories: rows.map(({ days }) => message('value.days', { days })),
    series: [
      {
        name: message('column.cameBackShare'),
        values: rows.map(({ cameBack, silences }) => share(cameBack, silences)),
        low: intervals.map(([low]) => low),
        high: intervals.map(([, high]) => high),
      },
      {
        name: message('metric.meanChurnRate'),
        values: rows.map(({ churned, customers }) => share(churned, customers)),
      },
    ],
    value: { title: message('column.share'), format: 'percent', minimum: 0 },
    category: { title: message('column.window') },
  };
}
