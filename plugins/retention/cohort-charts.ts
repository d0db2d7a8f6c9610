import { type ChartSpec, type CohortCounts, type Message, message, periodLabel } from '@patron/sdk';
import type { CohortCell, CurvePoint } from './cohort-grid.ts';
import { type Brackets, offsetText } from './cohort-tables.ts';

/** The grid shows at most so many cohorts (the latest) and offsets; the table has them all. */
const MOST_ROWS = 40;
const MOST_COLUMNS = 40;

/** The cohort grid, the retention curve with its interval, and how the first return changed from cohort to cohort. */
export function cohortCharts(
  counts: CohortCounts,
  cells: readonly CohortCell[],
  curve: readonly CurvePoint[],
  brackets: Brackets,
): ChartSpec[] {
  const unit = message(`unit.${counts.period}`);
  const charts: ChartSpec[] = [grid(counts, cells, brackets, unit)];
  if (curve.length > 1) charts.push(curveChart(counts, curve, brackets, unit));
  const change = changeChart(counts, cells, brackets, unit);
  if (change) charts.push(change);
  return charts;
}

function grid(counts: CohortCounts, cells: readonly CohortCell[], brackets: Brackets, unit: Message): ChartSpec {
  const cohorts = [...new Set(cells.map((cell) => cell.cohort))].slice(-MOST_ROWS);
  const columns = Math.min(
    MOST_COLUMNS,
    cells.reduce((most, cell) => Math.max(most, cell.column + 1), 0),
  );
  const place = new Map(cohorts.map((cohort, row) => [cohort, row]));
  const shares = new Array<number | null>(cohorts.length * columns).fill(null);
  const incomplete = new Array<boolean>(shares.length).fill(false);
  for (const cell of cells) {
    const row = place.get(cell.cohort);
    if (row === undefined || cell.column >= columns) continue;
    shares[row * columns + cell.column] = cell.share;
    incomplete[row * columns + cell.column] = !cell.complete;
  }
  return {
    kind: 'heatMap',
    id: 'cohorts',
    title: message('chart.cohorts'),
    summary: message('chart.cohorts.summary', { cohorts: cohorts.length }),
    table: 'cohorts',
    rows: cohorts.map((cohort) => {
      const name = periodLabel(counts.firstPeriod + cohort, counts.period);
      return message('chart.cohorts.row', { cohort: name, size: counts.sizes[cohort] });
    }),
    columns: Array.from({ length: columns }, (_, column) => offsetText(column, brackets)),
    cells: shares,
    incomplete,
    x: { title: message('axis.offset', { unit: unit }) },
    y: { title: message('column.cohort') },
    value: { title: message('column.share'), format: 'percent' },
  };
}

function curveChart(counts: CohortCounts, curve: readonly CurvePoint[], brackets: Brackets, unit: Message): ChartSpec {
  return {
    kind: 'line',
    id: 'curve',
    title: message('chart.curve'),
    summary: message('chart.curve.summary'),
    table: 'curve',
    xValues: curve.map((point) => (brackets ? offsetText(point.column, brackets) : point.column)),
    x: { title: message('axis.offset', { unit: unit }) },
    y: { title: message('column.share'), format: 'percent', minimum: 0 },
    series: [
      {
        name: message('column.weightedMean'),
        values: curve.map((point) => point.weighted),
        low: curve.map((point) => point.interval[0]),
        high: curve.map((point) => point.interval[1]),
        points: true,
      },
      { name: message('column.simpleMean'), values: curve.map((point) => point.simple), dashed: true },
      ...(counts.units
        ? [{ name: message('column.revenueShare'), values: curve.map((point) => point.revenueShare) }]
        : []),
    ],
  };
}

function changeChart(
  counts: CohortCounts,
  cells: readonly CohortCell[],
  brackets: Brackets,
  unit: Message,
): ChartSpec | undefined {
  const column = brackets ? 0 : 1;
  const first = cells.filter((cell) => cell.column === column && cell.complete);
  if (first.length < 3) return undefined;
  return {
    kind: 'line',
    id: 'change',
    title: message('chart.change', { offset: offsetText(column, brackets), unit: unit }),
    summary: message('chart.change.summary'),
    table: 'cohorts',
    xValues: first.map((cell) => periodLabel(counts.firstPeriod + cell.cohort, counts.period)),
    x: { title: message('column.cohort') },
    y: { title: message('column.share'), format: 'percent', minimum: 0 },
    series: [
      {
        name: message('column.share'),
        values: first.map((cell) => cell.share),
        low: first.map((cell) => cell.interval[0]),
        high: first.map((cell) => cell.interval[1]),
        points: true,
      },
    ],
  };
}
