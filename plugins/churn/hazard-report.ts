import { type CellValue, type LineChart, message, type ResultTable, tableFromRows } from '@patron/sdk';
import type { BaselineHazard } from './cox.ts';
import { lastIndexAt } from './kaplan-meier.ts';
import type { ProportionalityTest } from './proportionality.ts';

export function proportionalityTable(tests: readonly ProportionalityTest[]): ResultTable {
  return tableFromRows(
    [
      {
        name: 'covariate',
        title: message('column.covariate'),
        type: 'string',
        labels: { GLOBAL: message('value.global') },
      },
      { name: 'chiSquare', title: message('column.chiSquare'), type: 'number', format: 'decimal' },
      { name: 'degrees', title: message('column.degrees'), type: 'integer', format: 'integer' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
    ],
    tests.map(({ covariate, statistic, degrees, pValue }) => [covariate, statistic, degrees, pValue]),
    { title: message('table.proportionality') },
  );
}

const BASELINE_TIMES = 2000;
const CHART_TIMES = 200;

/** The survival of a customer with the mean of every covariate, by stratum (Breslow's or Efron's estimate). */
export function baselineOf(
  curves: readonly BaselineHazard[],
  strataNames: readonly string[],
): { table: ResultTable; chart: LineChart } {
  const distinct = curves.reduce((total, { times }) => total + times.length, 0);
  const step = Math.max(1, Math.ceil(distinct / BASELINE_TIMES));
  const rows = curves.flatMap(({ times, cumulative }, stratum) =>
    everySo(times.length, step).map((i): CellValue[] => [
      strataNames[stratum] ?? 'all',
      times[i],
      cumulative[i],
      Math.exp(-cumulative[i]),
    ]),
  );
  const table = tableFromRows(
    [
      { name: 'stratum', title: message('column.stratum'), type: 'string', labels: { all: message('value.all') } },
      { name: 'time', title: message('column.time'), type: 'number', format: 'decimal' },
      { name: 'cumulativeHazard', title: message('column.cumulativeHazard'), type: 'number', format: 'decimal4' },
      { name: 'survival', title: message('column.survival'), type: 'number', format: 'percent' },
    ],
    rows,
    { title: message('table.baseline') },
  );
  const drawn = curves.slice(0, 8);
  const shown = drawn.flatMap(({ times }) =>
    everySo(times.length, Math.ceil((times.length * drawn.length) / CHART_TIMES)).map((i) => times[i]),
  );
  const xValues = [...new Set([0, ...shown])].sort((a, b) => a - b);
  const chart: LineChart = {
    kind: 'line',
    id: 'baseline',
    title: message('chart.baseline'),
    summary: message('chart.baseline.summary'),
    table: 'baseline',
    xValues,
    x: { title: message('column.time'), format: 'decimal', minimum: 0 },
    y: { title: message('column.survival'), format: 'percent', minimum: 0, maximum: 1 },
    series: drawn.map((curve, stratum) => ({
      name: strataNames[stratum] ?? message('value.all'),
      step: true,
      values: xValues.map((x) => {
        const at = lastIndexAt(curve.times, x);
        return at < 0 ? 1 : Math.exp(-curve.cumulative[at]);
      }),
    })),
  };
  return { table, chart };
}

/** Every `step`-th index below `length`, the last among them. */
function everySo(length: number, step: number): number[] {
  return Array.from({ length: Math.ceil(length / Math.max(1, step)) }, (_, i) =>
    Math.min(length - 1, (i + 1) * step - 1),
  );
}
