import { type ChartSpec, message, type ResultTable, tableFromRows } from '@patron/sdk';

interface WhalePoint {
  readonly customers: number;
  readonly profit: number;
  readonly share: number;
}

/** Cumulated profit of the best 0, 1, … 100 % of customers; it passes its end where some customers cost more than they bring. */
export function whaleCurve(profit: Float64Array): WhalePoint[] {
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

export function whaleTable(whale: readonly WhalePoint[]): ResultTable {
  return tableFromRows(
    [
      { name: 'customersShare', title: message('column.customersShare'), type: 'number', format: 'percent' },
      { name: 'profit', title: message('column.cumulativeProfit'), type: 'number', format: 'money' },
      { name: 'profitShare', title: message('column.profitShare'), type: 'number', format: 'percent' },
    ],
    whale.map(({ customers, profit, share }) => [customers, profit, share]),
    { title: message('table.whale') },
  );
}

export function whaleChart(whale: readonly WhalePoint[]): ChartSpec {
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
