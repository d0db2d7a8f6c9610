import {
  type CellValue,
  type CohortCounts,
  type Column,
  integerColumn,
  message,
  numberColumn,
  periodLabel,
  type ResultColumn,
  type ResultTable,
  type RowTableColumn,
  stringVector,
  tableFromRows,
} from '@patron/sdk';
import type { CohortCell, CurvePoint } from './cohort-grid.ts';
import { compareCohorts, holm } from './cohort-tests.ts';

export type Brackets = readonly (readonly [number, number])[] | undefined;

/** Text of a grid column: `3`, or `1–3` for a bracket. */
export function offsetText(column: number, brackets: Brackets): string {
  const bracket = brackets?.[column];
  if (!bracket) return String(column);
  return bracket[0] === bracket[1] ? String(bracket[0]) : `${bracket[0]}–${bracket[1]}`;
}

/** The table `cohorts`, a row a cell. Built as columns, for cohorts by day come to half a million cells. */
export function cohortsTable(
  counts: CohortCounts,
  cells: readonly CohortCell[],
  brackets: Brackets,
  withCustomers: boolean,
): ResultTable {
  const numbers = (value: (cell: CohortCell) => number | null): Column =>
    numberColumn(Float64Array.from(cells, (cell) => value(cell) ?? Number.NaN));
  const whole = (value: (cell: CohortCell) => number): Column =>
    integerColumn(Int32Array.from(cells, (cell) => value(cell)));
  const column = (name: string, held: Column, format?: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: held,
    format,
  });
  const labels = Array.from({ length: counts.cohorts }, (_, i) => periodLabel(counts.firstPeriod + i, counts.period));
  const cohort: Column = {
    type: 'string',
    layout: 'dictionary',
    length: cells.length,
    codes: Uint32Array.from(cells, (cell) => cell.cohort),
    dictionary: stringVector(labels),
  };
  const complete: Column = {
    type: 'boolean',
    length: cells.length,
    values: Uint8Array.from(cells, (cell) => Number(cell.complete)),
  };
  return {
    title: message('table.cohorts'),
    rowsBehind: withCustomers ? { table: 'customers', column: 'cohort', by: 'cohort' } : undefined,
    columns: [
      column('cohort', cohort),
      column(
        'offset',
        whole((cell) => brackets?.[cell.column][0] ?? cell.column),
        'integer',
      ),
      ...(brackets
        ? [
            column(
              'through',
              whole((cell) => brackets[cell.column][1]),
              'integer',
            ),
          ]
        : []),
      column(
        'customers',
        whole((cell) => cell.customers),
        'integer',
      ),
      column(
        'share',
        numbers((cell) => cell.share),
        'percent',
      ),
      column('complete', complete),
      column(
        'shareLow',
        numbers((cell) => cell.interval[0]),
        'percent',
      ),
      column(
        'shareHigh',
        numbers((cell) => cell.interval[1]),
        'percent',
      ),
      column(
        'size',
        whole((cell) => counts.sizes[cell.cohort]),
        'integer',
      ),
      ...(counts.units
        ? [
            column(
              'revenue',
              numbers((cell) => cell.revenue),
              'money',
            ),
            column(
              'revenueShare',
              numbers((cell) => cell.revenueShare),
              'percent',
            ),
            column(
              'revenuePerCustomer',
              numbers((cell) => cell.revenuePerCustomer),
              'money',
            ),
          ]
        : []),
    ],
  };
}

const titled = (name: string, type: RowTableColumn['type'], format?: RowTableColumn['format']): RowTableColumn => ({
  name,
  title: message(`column.${name}`),
  type,
  format,
});

/** The table `curve`: the mean over cohorts at each offset. */
export function curveTable(points: readonly CurvePoint[], brackets: Brackets, withRevenue: boolean): ResultTable {
  return tableFromRows(
    [
      titled('offset', 'integer', 'integer'),
      ...(brackets ? [titled('through', 'integer', 'integer')] : []),
      titled('cohorts', 'integer', 'integer'),
      titled('customers', 'integer', 'integer'),
      titled('base', 'integer', 'integer'),
      titled('weightedMean', 'number', 'percent'),
      titled('shareLow', 'number', 'percent'),
      titled('shareHigh', 'number', 'percent'),
      titled('simpleMean', 'number', 'percent'),
      ...(withRevenue ? [titled('revenueShare', 'number', 'percent')] : []),
    ],
    points.map((point): CellValue[] => [
      brackets?.[point.column][0] ?? point.column,
      ...(brackets ? [brackets[point.column][1]] : []),
      point.cohorts,
      point.customers,
      point.base,
      point.weighted,
      ...point.interval,
      point.simple,
      ...(withRevenue ? [point.revenueShare] : []),
    ]),
    { title: message('table.curve') },
  );
}

/** The table `tests`: whether the cohorts differ at an offset, from complete cells against the cohorts' size. */
export function testsTable(counts: CohortCounts, cells: readonly CohortCell[], brackets: Brackets): ResultTable {
  const byColumn = new Map<number, { size: number; customers: number }[]>();
  for (const cell of cells) {
    if (!cell.complete) continue;
    const list = byColumn.get(cell.column) ?? [];
    list.push({ size: counts.sizes[cell.cohort], customers: cell.customers });
    byColumn.set(cell.column, list);
  }
  const tests = [...byColumn].flatMap(([column, shares]) => {
    const test = compareCohorts(shares);
    return test ? [{ column, test }] : [];
  });
  const corrected = holm(tests.map(({ test }) => test.p));
  const correctedTrend = holm(tests.map(({ test }) => test.trendP));
  return tableFromRows(
    [
      titled('offset', 'integer', 'integer'),
      titled('cohorts', 'integer', 'integer'),
      titled('chiSquare', 'number', 'decimal'),
      titled('degrees', 'integer', 'integer'),
      titled('p', 'number', 'pValue'),
      titled('pCorrected', 'number', 'pValue'),
      titled('trendZ', 'number', 'decimal'),
      titled('trendP', 'number', 'pValue'),
      titled('trendPCorrected', 'number', 'pValue'),
      titled('smallSample', 'boolean'),
    ],
    tests.map(({ column, test }, index): CellValue[] => [
      brackets?.[column][0] ?? column,
      test.cohorts,
      test.chiSquare,
      test.degrees,
      test.p,
      corrected[index],
      test.trendZ,
      test.trendP,
      correctedTrend[index],
      test.smallSample,
    ]),
    { title: message('table.tests') },
  );
}
