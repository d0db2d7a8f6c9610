import { type BarChart, type LineChart, message, type ResultTable, tableFromRows, wilsonInterval } from '@patron/sdk';
import type { CalibrationBin, SortedRisks } from './discrimination.ts';
import type { FeatureTitles } from './made-features.ts';
import { atThreshold, type Money, type ThresholdRow } from './threshold.ts';

/** Features by how much they move the risk. */
export function importanceTable(
  covariates: readonly string[],
  importance: Float64Array,
  titles: FeatureTitles,
): ResultTable {
  const total = importance.reduce((sum, value) => sum + value, 0);
  return tableFromRows(
    [
      { name: 'feature', title: message('column.feature'), type: 'string', labels: titles },
      { name: 'importance', title: message('column.importance'), type: 'number', format: 'decimal4' },
      { name: 'share', title: message('column.share'), type: 'number', format: 'percent' },
    ],
    ranked(importance).map((i) => [covariates[i], importance[i], total > 0 ? importance[i] / total : null]),
    { title: message('table.importance') },
  );
}

function ranked(importance: Float64Array): number[] {
  return Array.from(importance, (_, i) => i).sort((a, b) => importance[b] - importance[a] || a - b);
}

export function importanceChart(
  covariates: readonly string[],
  importance: Float64Array,
  titles: FeatureTitles,
): BarChart {
  const shown = ranked(importance).slice(0, 20);
  return {
    kind: 'bar',
    id: 'importance',
    title: message('chart.importance'),
    summary: message('chart.importance.summary', {
      feature: titles[covariates[shown[0]]] ?? covariates[shown[0]] ?? '–',
    }),
    table: 'importance',
    orientation: 'horizontal',
    categories: shown.map((i) => titles[covariates[i]] ?? covariates[i]),
    series: [{ name: message('column.importance'), values: shown.map((i) => importance[i]) }],
    value: { title: message('column.importance'), format: 'decimal', minimum: 0 },
  };
}

export function calibrationTable(bins: readonly CalibrationBin[], confidence: number): ResultTable {
  return tableFromRows(
    [
      { name: 'bin', title: message('column.bin'), type: 'integer', format: 'integer' },
      { name: 'from', title: message('column.riskFrom'), type: 'number', format: 'percent' },
      { name: 'to', title: message('column.riskTo'), type: 'number', format: 'percent' },
      { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
      { name: 'predicted', title: message('column.predicted'), type: 'number', format: 'percent' },
      { name: 'churned', title: message('column.churned'), type: 'integer', format: 'integer' },
      { name: 'observed', title: message('column.observed'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
    ],
    bins.map((bin, i) => {
      const [low, high] = wilsonInterval(bin.churned, bin.customers, confidence);
      return [
        i + 1,
        bin.from,
        bin.to,
        bin.customers,
        bin.meanRisk,
        bin.churned,
        bin.churned / bin.customers,
        low,
        high,
      ];
    }),
    { title: message('table.calibration') },
  );
}

export function calibrationChart(bins: readonly CalibrationBin[], confidence: number): LineChart {
  const intervals = bins.map(({ churned, customers }) => wilsonInterval(churned, customers, confidence));
  return {
    kind: 'line',
    id: 'calibration',
    title: message('chart.calibration'),
    summary: message('chart.calibration.summary'),
    table: 'calibration',
    xValues: bins.map(({ meanRisk }) => meanRisk),
    x: { title: message('column.predicted'), format: 'percent', minimum: 0, maximum: 1 },
    y: { title: message('column.observed'), format: 'percent', minimum: 0, maximum: 1 },
    series: [
      {
        name: message('column.observed'),
        values: bins.map(({ churned, customers }) => churned / customers),
        low: intervals.map(([low]) => low),
        high: intervals.map(([, high]) => high),
        points: true,
      },
    ],
    diagonal: true,
  };
}

/** The ROC curve, or precision against recall. */
export function curveChart(
  id: 'roc' | 'precisionRecall',
  x: readonly number[],
  y: readonly number[],
  diagonal: boolean,
): LineChart {
  return {
    kind: 'line',
    id,
    title: message(`chart.${id}`),
    summary: message(`chart.${id}.summary`),
    xValues: x,
    x: { title: message(`chart.${id}.x`), format: 'percent', minimum: 0, maximum: 1 },
    y: { title: message(`chart.${id}.y`), format: 'percent', minimum: 0, maximum: 1 },
    series: [{ name: message(`chart.${id}`), values: y }],
    diagonal,
  };
}

const STEPS = Array.from({ length: 21 }, (_, i) => i / 20);

/** The confusion and the profit at every twentieth, at a half, and at the most profitable threshold. */
export function thresholdTable(sorted: SortedRisks, money: Money, best: ThresholdRow): ResultTable {
  const rows = [...STEPS.map((threshold) => atThreshold(sorted, threshold, money)), best].sort(
    (a, b) => a.threshold - b.threshold,
  );
  return tableFromRows(
    [
      { name: 'threshold', title: message('column.threshold'), type: 'number', format: 'percent' },
      { name: 'contacted', title: message('column.contacted'), type: 'integer', format: 'integer' },
      { name: 'truePositives', title: message('metric.truePositives'), type: 'integer', format: 'integer' },
      { name: 'falsePositives', title: message('metric.falsePositives'), type: 'integer', format: 'integer' },
      { name: 'falseNegatives', title: message('metric.falseNegatives'), type: 'integer', format: 'integer' },
      { name: 'trueNegatives', title: message('metric.trueNegatives'), type: 'integer', format: 'integer' },
      { name: 'precision', title: message('metric.precision'), type: 'number', format: 'percent' },
      { name: 'recall', title: message('metric.recall'), type: 'number', format: 'percent' },
      { name: 'accuracy', title: message('metric.accuracy'), type: 'number', format: 'percent' },
      { name: 'profit', title: message('column.profit'), type: 'number', format: 'money' },
      { name: 'best', title: message('column.best'), type: 'boolean' },
    ],
    rows.map((row) => [
      row.threshold,
      row.contacted,
      row.truePositives,
      row.falsePositives,
      row.falseNegatives,
      row.trueNegatives,
      row.precision,
      row.recall,
      row.accuracy,
      row.profit,
      row === best,
    ]),
    { title: message('table.threshold') },
  );
}

export function profitChart(sorted: SortedRisks, money: Money, best: ThresholdRow): LineChart {
  const thresholds = Array.from({ length: 101 }, (_, i) => i / 100);
  return {
    kind: 'line',
    id: 'profit',
    title: message('chart.profit'),
    summary: message('chart.profit.summary', {
      threshold: { value: best.threshold, as: 'percent' },
      profit: { value: best.profit, as: 'money' },
    }),
    table: 'threshold',
    xValues: thresholds,
    x: { title: message('column.threshold'), format: 'percent', minimum: 0, maximum: 1 },
    y: { title: message('column.profit'), format: 'money' },
    series: [{ name: message('column.profit'), values: thresholds.map((at) => atThreshold(sorted, at, money).profit) }],
    references: [{ axis: 'x', at: best.threshold, label: message('chart.profit.best') }],
  };
}
