import {
  type BarChart,
  type CellValue,
  message,
  normalTwoSided,
  type ResultTable,
  type RowTableColumn,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import type { DesignMatrix } from './design-matrix.ts';

export type TermStatus = 'ok' | 'aliased' | 'infinite';

/** One line of the table of coefficients; a term that could not be estimated has no numbers. */
export interface CoefficientLine {
  readonly term: string;
  readonly covariate: string;
  readonly level: string | null;
  readonly status: TermStatus;
  readonly coef: number | null;
  readonly ratio: number | null;
  readonly se: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The line of one estimate and its standard error; `low` and `high` bound the ratio. */
export function coefficientLine(
  term: DesignMatrix['terms'][number],
  status: TermStatus,
  coef: number | null,
  se: number | null,
  critical: number,
): CoefficientLine {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const known = coef !== null && se !== null;
  return {
    term: term.name,
    covariate: term.covariate,
    level: term.level ?? null,
    status,
    coef,
    ratio: known ? finite(Math.exp(coef)) : null,
    se,
    z: known ? finite(coef / se) : null,
    p: known ? finite(normalTwoSided(coef / se)) : null,
    low: known ? finite(Math.exp(coef - critical * se)) : null,
    high: known ? finite(Math.exp(coef + critical * se)) : null,
  };
}

const STATUS_LABELS: Readonly<Record<TermStatus, Text>> = {
  ok: message('status.ok'),
  aliased: message('status.aliased'),
  infinite: message('status.infinite'),
};

/** What the exponential of a coefficient is a ratio of. */
export type Ratio = 'hazardRatio' | 'oddsRatio' | 'timeRatio';

/** The terms with their coefficients and ratios; `titles` are what covariates are called that are no columns. */
export function coefficientTable(
  lines: readonly CoefficientLine[],
  ratio: Ratio,
  titles: Readonly<Record<string, Text>> = {},
): ResultTable {
  const number = (name: string, format: RowTableColumn['format']): RowTableColumn => ({
    name,
    title: message(`column.${name}`),
    type: 'number',
    format,
  });
  const labels = { '(Intercept)': message('value.intercept'), ...titles };
  return tableFromRows(
    [
      { name: 'term', title: message('column.term'), type: 'string', labels },
      number('coef', 'decimal4'),
      number(ratio, 'decimal4'),
      number('se', 'decimal4'),
      number('z', 'decimal'),
      number('p', 'pValue'),
      number('low', 'decimal4'),
      number('high', 'decimal4'),
      { name: 'covariate', title: message('column.covariate'), type: 'string', labels },
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

const FOREST_TERMS = 30;

/** Ratios with their intervals on a logarithmic axis, the surest first, and the line where a term changes nothing. */
export function forestChart(
  lines: readonly CoefficientLine[],
  ratio: Ratio,
  confidence: number,
  titles: Readonly<Record<string, Text>> = {},
): BarChart {
  const shown = lines
    .filter(({ covariate, ratio: value, low, high }) => covariate !== '(Intercept)' && value && low && high)
    .sort((a, b) => (a.p ?? 1) - (b.p ?? 1))
    .slice(0, FOREST_TERMS);
  return {
    kind: 'bar',
    id: `${ratio}s`,
    title: message(`chart.${ratio}s`),
    summary: message(`chart.${ratio}s.summary`, { confidence: { value: confidence, as: 'percent' } }),
    table: 'coefficients',
    orientation: 'horizontal',
    points: true,
    categories: shown.map(({ term }) => titles[term] ?? term),
    series: [
      {
        name: message(`column.${ratio}`),
        values: shown.map(({ ratio: value }) => value),
        low: shown.map(({ low }) => low),
        high: shown.map(({ high }) => high),
      },
    ],
    value: { title: message(`column.${ratio}`), format: 'decimal', logarithmic: true },
    references: [{ axis: 'x', at: 1, label: message('chart.noEffect') }],
  };
}
