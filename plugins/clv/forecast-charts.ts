import { type ChartSpec, message, quantile, type Text, type ValueFormat } from '@patron/sdk';
import type { Forecast } from './forecast-outcome.ts';
import type { ForecastSettings } from './forecast-parameters.ts';
import type { Matrix } from './frequency-recency-matrix.ts';
import { spendLogLikelihood } from './gamma-gamma.ts';
import type { Holdout, RepeatCounts, Tracking } from './tracking.ts';

/** Repeat purchases over time, cumulative and by period, with a mark at the end of the calibration. */
export function trackingCharts({ base, settings }: Forecast, tracking: Tracking): ChartSpec[] {
  const log = base.log as NonNullable<typeof base.log>;
  const { purchases } = log;
  const end = (log.calibrationEnd - purchases.stepOf(purchases.firstDay)) / purchases.stepsPerUnit;
  const chart = (id: string, actual: Float64Array, expected: Float64Array): ChartSpec => ({
    kind: 'line',
    id,
    title: message(`chart.${id}`),
    summary: message(`chart.${id}.summary`),
    table: 'tracking',
    xValues: Array.from(tracking.until),
    x: { title: message('axis.time', { unit: message(`unit.${settings.unit}`) }), format: 'integer' },
    y: { title: message('axis.repeatPurchases'), format: 'integer', minimum: 0 },
    series: [
      { name: message('series.actual'), values: Array.from(actual) },
      { name: message('series.expected'), values: Array.from(expected), dashed: true },
    ],
    references: log.holdout > 0 ? [{ axis: 'x', at: end, label: message('reference.calibrationEnd') }] : [],
  });
  return [
    chart('trackingCumulative', tracking.actualCumulative, tracking.expectedCumulative),
    chart('trackingIncremental', tracking.actual, tracking.expected),
  ];
}

/** Mean purchases in the holdout by frequency in the calibration. */
export function comparisonCharts({ groups }: Holdout): ChartSpec[] {
  return [
    {
      kind: 'line',
      id: 'conditional',
      title: message('chart.conditional'),
      summary: message('chart.conditional.summary'),
      table: 'holdout',
      xValues: groups.map(({ frequency }) => (frequency >= 7 ? '7+' : String(frequency))),
      x: { title: message('axis.frequency') },
      y: { title: message('axis.holdoutPurchases'), format: 'decimal', minimum: 0 },
      series: [
        { name: message('series.actual'), values: groups.map((group) => group.actual / group.customers), points: true },
        {
          name: message('series.expected'),
          values: groups.map((group) => group.expected / group.customers),
          points: true,
          dashed: true,
        },
      ],
    },
  ];
}

/** Customers by number of repeat purchases, counted and expected. */
export function repeatChart({ actual, expected }: RepeatCounts): ChartSpec {
  const last = actual.length - 1;
  return {
    kind: 'bar',
    id: 'repeats',
    title: message('chart.repeats'),
    summary: message('chart.repeats.summary'),
    table: 'repeats',
    categories: Array.from(actual, (_, x) => (x === last ? `${x}+` : String(x))),
    category: { title: message('axis.repeats') },
    series: [
      { name: message('series.actual'), values: Array.from(actual) },
      { name: message('series.expected'), values: Array.from(expected) },
    ],
    value: { title: message('axis.customers'), format: 'integer', minimum: 0 },
  };
}

/** The frequency–recency matrices. */
export function matrixCharts(matrix: Matrix, settings: ForecastSettings): ChartSpec[] {
  const unit = message(`unit.${settings.unit}`);
  const chart = (id: string, cells: readonly (number | null)[], format: ValueFormat): ChartSpec => ({
    kind: 'heatMap',
    id,
    title: message(`chart.${id}`, { horizon: { value: settings.horizon, as: 'decimal' }, unit }),
    summary: message(`chart.${id}.summary`),
    table: 'matrix',
    columns: matrix.recencies.map((recency) => recency.toFixed(matrix.T < 20 ? 1 : 0)),
    rows: matrix.frequencies.map(String),
    cells,
    x: { title: message('axis.recency', { unit }) },
    y: { title: message('axis.repeats') },
    value: { format },
  });
  return [chart('aliveMatrix', matrix.alive, 'percent'), chart('expectedMatrix', matrix.expected, 'decimal')];
}

/** The mean time between purchases of customers who came back. */
export function gapChart({ base, settings }: Forecast): ChartSpec[] {
  const gaps: number[] = [];
  const stride = Math.ceil(base.customers / 100_000);
  for (let i = 0; i < base.customers; i += stride) {
    if (base.frequency[i] > 0) gaps.push(base.recency[i] / base.frequency[i]);
  }
  const highest = quantile(Float64Array.from(gaps), 0.99);
  if (!(highest > 0)) return [];
  const unit = message(`unit.${settings.unit}`);
  const axis = message('axis.averageGap', { unit });
  return [
    histogramOf('averageGap', Float64Array.from(gaps), message('chart.averageGap'), axis, 'decimal', 24, highest),
  ];
}

/** Mean amounts of customers who came back: their density and the model's. */
export function spendChart({ base, spend, rows }: Forecast): ChartSpec[] {
  if (!spend || !base.monetary) return [];
  const amounts = base.monetary.filter((amount) => amount > 0);
  const highest = quantile(evenSample(amounts).sort(), 0.98) * 1.1;
  const bins = 40;
  const width = highest / bins;
  const observed = new Array<number>(bins).fill(0);
  for (const amount of amounts)
    if (amount < highest) observed[Math.floor(amount / width)] += 1 / (amounts.length * width);
  let returning = 0;
  const counts = new Map<number, number>();
  for (let i = 0; i < rows.size; i++) {
    if (rows.frequency[i] === 0) continue;
    returning += rows.weight[i];
    counts.set(rows.frequency[i], (counts.get(rows.frequency[i]) ?? 0) + rows.weight[i]);
  }
  const parameters = Array.from(spend.fit.estimates);
  const middles = observed.map((_, bin) => (bin + 0.5) * width);
  const modelled = middles.map((middle) => {
    let density = 0;
    for (const [x, count] of counts)
      density += (count / returning) * Math.exp(spendLogLikelihood(parameters, x, middle));
    return density;
  });
  return [
    {
      kind: 'line',
      id: 'spend',
      title: message('chart.spend'),
      summary: message('chart.spend.summary'),
      xValues: middles,
      x: { title: message('axis.meanAmount'), format: 'integer', minimum: 0 },
      y: { title: message('axis.density'), format: 'decimal4', minimum: 0 },
      series: [
        { name: message('series.actual'), values: observed, points: true },
        { name: message('series.expected'), values: modelled, dashed: true },
      ],
    },
  ];
}

/** Some thousand values, evenly taken. */
function evenSample(values: Float64Array): Float64Array {
  const stride = Math.ceil(values.length / 20_000);
  return Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]);
}

/** A histogram of `bins` classes from 0 to `highest`. */
export function histogramOf(
  id: string,
  values: Float64Array,
  title: Text,
  axis: Text,
  format: ValueFormat,
  bins: number,
  highest: number,
): ChartSpec {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value >= 0 && value <= highest) counts[Math.min(bins - 1, Math.floor((value / highest) * bins))]++;
  }
  return {
    kind: 'histogram',
    id,
    title,
    table: 'customers',
    edges: Array.from({ length: bins + 1 }, (_, k) => (highest * k) / bins),
    counts,
    x: { title: axis, format },
    y: { title: message('axis.customers'), format: 'integer' },
  };
}
