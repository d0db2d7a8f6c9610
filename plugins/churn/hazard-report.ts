import { type BarChart, type CellValue, type LineChart, message, type ResultTable, tableFromRows } from '@patron/sdk';
import { type CoefficientLine, STATUS_LABELS } from './coefficient-line.ts';
import { type CoxFit, fullBeta, walkRiskSets } from './cox.ts';
import type { ProportionalityTest } from './proportionality.ts';

export function coefficientTable(lines: readonly CoefficientLine[]): ResultTable {
  return tableFromRows(
    [
      { name: 'term', title: message('column.term'), type: 'string' },
      { name: 'coef', title: message('column.coef'), type: 'number', format: 'decimal4' },
      { name: 'hazardRatio', title: message('column.hazardRatio'), type: 'number', format: 'decimal4' },
      { name: 'se', title: message('column.se'), type: 'number', format: 'decimal4' },
      { name: 'z', title: message('column.z'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'decimal4' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'decimal4' },
      { name: 'covariate', title: message('column.covariate'), type: 'string' },
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

const FOREST_TERMS = 30;

/** Ratios with their intervals, the surest first. */
export function forest(lines: readonly CoefficientLine[], confidence: number): BarChart {
  const shown = lines
    .filter(({ ratio, high }) => ratio !== null && high !== null)
    .sort((a, b) => (a.p ?? 1) - (b.p ?? 1))
    .slice(0, FOREST_TERMS);
  return {
    kind: 'bar',
    id: 'hazardRatios',
    title: message('chart.hazardRatios'),
    summary: message('chart.hazardRatios.summary', { confidence: { value: confidence, as: 'percent' } }),
    table: 'coefficients',
    orientation: 'horizontal',
    categories: shown.map(({ term }) => term),
    series: [
      {
        name: message('column.hazardRatio'),
        values: shown.map(({ ratio }) => ratio),
        low: shown.map(({ low }) => low),
        high: shown.map(({ high }) => high),
      },
    ],
    value: { title: message('column.hazardRatio'), format: 'decimal', minimum: 0 },
  };
}

const BASELINE_TIMES = 2000;

/** The survival of a customer with the mean of every covariate, by stratum (Breslow's or Efron's estimate). */
export function baselineOf(fit: CoxFit, strataNames: readonly string[]): { table: ResultTable; chart: LineChart } {
  const strata = fit.data.strata.length - 1;
  const byStratum: { time: number; hazard: number }[][] = Array.from({ length: strata }, () => []);
  walkRiskSets(fit.data, fullBeta(fit), fit.ties, ({ time, stratum, hazard: increment }) => {
    byStratum[stratum].push({ time, hazard: increment });
  });
  const curves = byStratum.map((steps) => {
    let sum = 0;
    return steps.reverse().map(({ time, hazard: increment }) => {
      sum += increment;
      return { time, hazard: sum };
    });
  });
  const distinct = curves.reduce((total, curve) => total + curve.length, 0);
  const step = Math.max(1, Math.ceil(distinct / BASELINE_TIMES));
  const rows = curves.flatMap((curve, stratum) =>
    curve
      .filter((_, i) => (i + 1) % step === 0 || i === curve.length - 1)
      .map(({ time, hazard: cumulative }): CellValue[] => [
        strataNames[stratum] ?? 'all',
        time,
        cumulative,
        Math.exp(-cumulative),
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
  const times = [...new Set([0, ...drawn.flatMap((curve) => curve.map(({ time }) => time))])].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(times.length / 200));
  const xValues = times.filter((_, i) => i % every === 0 || i === times.length - 1);
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
        let hazardThere = 0;
        for (const { time, hazard: cumulative } of curve) {
          if (time > x) break;
          hazardThere = cumulative;
        }
        return Math.exp(-hazardThere);
      }),
    })),
  };
  return { table, chart };
}
