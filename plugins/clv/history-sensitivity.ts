import { type ChartSpec, message, type ResultTable, tableFromRows } from '@patron/sdk';
import type { History } from './history-outcome.ts';

const DRIVERS = ['averageOrderValue', 'purchaseFrequency', 'lifetime', 'margin', 'acquisitionCost'] as const;
const CHANGES = [-0.2, -0.1, 0.1, 0.2];

/** The simple value net of the cost of acquisition where one driver moves and the others stay. */
function netAt({ sums, settings, acquisitionCost }: History, driver: (typeof DRIVERS)[number], change: number): number {
  const factor = driver === 'acquisitionCost' ? 1 : 1 + change;
  const cost = driver === 'acquisitionCost' ? 1 + change : 1;
  // A margin cannot exceed the whole.
  const capped = driver === 'margin' ? Math.min(factor, 1 / settings.margin) : factor;
  return sums.simpleClv * capped - acquisitionCost * cost;
}

export function sensitivityTable(found: History): ResultTable {
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

export function sensitivityChart(found: History): ChartSpec {
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
