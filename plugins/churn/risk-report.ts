import {
  type BarChart,
  type CellValue,
  type Column,
  codeArray,
  isPresent,
  type LineChart,
  message,
  type ResultTable,
  stringVector,
  type Text,
  tableFromRows,
  textAt,
  validityOf,
  wilsonInterval,
} from '@patron/sdk';
import { type CoefficientLine, STATUS_LABELS } from './coefficient-line.ts';
import type { CalibrationBin, SortedRisks } from './discrimination.ts';
import type { RiskModel } from './risk-model.ts';
import { atThreshold, type Money, type ThresholdRow } from './threshold.ts';

/** What the features that are made from transactions are called; columns of a customer table keep their names. */
export type FeatureTitles = Readonly<Record<string, Text>>;

export const MADE_FEATURES: FeatureTitles = Object.fromEntries(
  ['recency', 'frequency', 'tenure', 'recentPurchases', 'overdue', 'amount', 'averageAmount'].map((name) => [
    name,
    message(`feature.${name}`),
  ]),
);

/** Terms with their log-odds and odds ratios. */
export function coefficientsTable(lines: readonly CoefficientLine[], titles: FeatureTitles): ResultTable {
  return tableFromRows(
    [
      {
        name: 'term',
        title: message('column.term'),
        type: 'string',
        labels: { '(Intercept)': message('value.intercept'), ...titles },
      },
      { name: 'coef', title: message('column.coef'), type: 'number', format: 'decimal4' },
      { name: 'oddsRatio', title: message('column.oddsRatio'), type: 'number', format: 'decimal4' },
      { name: 'se', title: message('column.se'), type: 'number', format: 'decimal4' },
      { name: 'z', title: message('column.z'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'decimal4' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'decimal4' },
      { name: 'covariate', title: message('column.covariate'), type: 'string', labels: titles },
      { name: 'level', title: message('column.level'), type: 'string' },
      { name: 'status', title: message('column.status'), type: 'string', labels: STATUS_LABELS },
    ],
    lines.map((line): CellValue[] => [
      line.term,
      line.coef,
      line.ratio,
      line.se,
      line.z,
      line.p,
      line.low,
      line.high,
      line.covariate,
      line.level,
      line.status,
    ]),
    { title: message('table.coefficients') },
  );
}

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

const BANDS = ['low', 'medium', 'high'];

/** A row per customer, the most at risk first. */
export function customersTable(
  model: RiskModel,
  customer: Column | undefined,
  reasons: { readonly why: Column; readonly main: Column; readonly titles: FeatureTitles },
  order: Uint32Array,
  money: Money,
  split: boolean,
): ResultTable {
  const n = order.length;
  const risk = Float64Array.from(order, (i) => model.risk[i]);
  const bands = codeArray(3, n);
  for (let i = 0; i < n; i++) bands[i] = risk[i] < 0.33 ? 0 : risk[i] < 0.66 ? 1 : 2;
  const worth = risk.map((value) => value * money.valueOfSave - money.costOfContact);
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      { name: 'customer', title: message('column.customer'), column: names(customer, model.rows, order) },
      {
        name: 'risk',
        title: message('column.risk'),
        column: { type: 'number', length: n, values: risk, scale: 1 },
        format: 'percent',
      },
      {
        name: 'band',
        title: message('column.band'),
        column: { type: 'string', layout: 'dictionary', length: n, codes: bands, dictionary: stringVector(BANDS) },
        labels: { low: message('band.low'), medium: message('band.medium'), high: message('band.high') },
      },
      { name: 'mainReason', title: message('column.mainReason'), column: reasons.main, labels: reasons.titles },
      { name: 'why', title: message('column.why'), column: reasons.why },
      {
        name: 'churned',
        title: message('column.churned'),
        column: { type: 'boolean', length: n, values: Uint8Array.from(order, (i) => model.outcome[i]) },
      },
      {
        name: 'expectedGain',
        title: message('column.expectedGain'),
        column: { type: 'number', length: n, values: worth, scale: 1 },
        format: 'money',
      },
      ...(split
        ? [
            {
              name: 'heldOut',
              title: message('column.heldOut'),
              column: {
                type: 'boolean' as const,
                length: n,
                values: Uint8Array.from(order, (i) => 1 - model.learnt[i]),
              },
            },
          ]
        : []),
    ],
  };
}

/** The customers' names in order; row numbers (from 1) where no customer is mapped. */
function names(customer: Column | undefined, rows: Uint32Array, order: Uint32Array): Column {
  const n = order.length;
  if (!customer) return { type: 'integer', length: n, values: Uint32Array.from(order, (i) => rows[i] + 1) };
  if (customer.type === 'string' && customer.layout === 'dictionary') {
    const codes = customer.codes.slice(0, n);
    for (let i = 0; i < n; i++) codes[i] = customer.codes[rows[order[i]]];
    const validity = customer.validity ? validityOf(n, (i) => isPresent(customer, rows[order[i]])) : undefined;
    return { ...customer, length: n, codes, validity };
  }
  if (customer.type !== 'string') {
    const values = customer.values.slice(0, n);
    for (let i = 0; i < n; i++) values[i] = customer.values[rows[order[i]]];
    const validity = customer.validity ? validityOf(n, (i) => isPresent(customer, rows[order[i]])) : undefined;
    return { ...customer, length: n, values, validity } as Column;
  }
  const texts = Array.from(order, (i) => textAt(customer, rows[i]) ?? '');
  return { type: 'string', layout: 'plain', length: n, text: stringVector(texts) };
}
