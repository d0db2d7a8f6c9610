import {
  type CellValue,
  type ChartSpec,
  type CohortColumns,
  type CohortOptions,
  type Column,
  cohortCounts,
  customerKeys,
  denseCodes,
  isPresent,
  type Message,
  message,
  type ResultTable,
  type RowTableColumn,
  tableFromRows,
} from '@patron/sdk';
import { type CurvePoint, cohortCells, type GridOptions, retentionCurve } from './cohort-grid.ts';
import { type Brackets, offsetText } from './cohort-tables.ts';

/** Values with the most customers that get a curve of their own. */
const MOST_VALUES = 10;

/** The retention curve of the customers whose first start has one value of a column. */
interface BreakdownCurve {
  readonly value: string;
  readonly customers: number;
  readonly curve: readonly CurvePoint[];
}

/** One curve for each of the commonest values of `property` at the customers' first start. */
export function breakdownCurves(
  columns: CohortColumns,
  property: Column,
  options: CohortOptions,
  grid: Omit<GridOptions, 'observedTo'> & { readonly observedTo?: number },
): BreakdownCurve[] {
  const { codes, count, label } = denseCodes(property);
  const values = firstValues(columns, property, codes, options.starts);
  const sizes = new Uint32Array(count);
  for (const value of values.byCode) if (value >= 0) sizes[value]++;
  const common = [...sizes.keys()].filter((value) => sizes[value] > 0).sort((a, b) => sizes[b] - sizes[a]);
  return common.slice(0, MOST_VALUES).map((value) => {
    const starts = new Uint8Array(property.length);
    for (let row = 0; row < starts.length; row++) {
      const wanted = values.byCode[values.customers[row] - values.offset] === value;
      starts[row] = wanted && (options.starts === undefined || options.starts[row] === 1) ? 1 : 0;
    }
    const counts = cohortCounts({ customer: columns.customer, time: columns.time }, { ...options, starts });
    const cells = cohortCells(counts, { ...grid, observedTo: grid.observedTo ?? counts.lastDay });
    return { value: label(value), customers: sizes[value], curve: retentionCurve(cells, counts.offsets) };
  });
}

/** Each customer's value at the first start (the first row of it, where several are at one time); −1 for none. */
function firstValues(columns: CohortColumns, property: Column, codes: ArrayLike<number>, starts?: Uint8Array) {
  const keys = customerKeys(columns.customer);
  const times = (columns.time as Extract<Column, { type: 'date' | 'timestamp' }>).values;
  const first = new Float64Array(keys.count).fill(Number.POSITIVE_INFINITY);
  const byCode = new Int32Array(keys.count).fill(-1);
  for (let row = 0; row < property.length; row++) {
    const code = keys.values[row] - keys.offset;
    if (times[row] >= first[code] || (starts && starts[row] === 0)) continue;
    first[code] = times[row];
    byCode[code] = isPresent(property, row) ? codes[row] : -1;
  }
  return { byCode, customers: keys.values, offset: keys.offset };
}

/** The table `breakdown`. */
export function breakdownTable(curves: readonly BreakdownCurve[], brackets: Brackets): ResultTable {
  const column = (name: string, type: RowTableColumn['type'], format?: RowTableColumn['format']): RowTableColumn => ({
    name,
    title: message(`column.${name}`),
    type,
    format,
  });
  return tableFromRows(
    [
      column('value', 'string'),
      column('offset', 'integer', 'integer'),
      column('customers', 'integer', 'integer'),
      column('base', 'integer', 'integer'),
      column('weightedMean', 'number', 'percent'),
      column('shareLow', 'number', 'percent'),
      column('shareHigh', 'number', 'percent'),
    ],
    curves.flatMap(({ value, curve }) =>
      curve.map((point): CellValue[] => [
        value,
        brackets?.[point.column][0] ?? point.column,
        point.customers,
        point.base,
        point.weighted,
        ...point.interval,
      ]),
    ),
    { title: message('table.breakdown') },
  );
}

/** A line for each value. */
export function breakdownChart(curves: readonly BreakdownCurve[], brackets: Brackets, unit: Message): ChartSpec {
  const columns = [...new Set(curves.flatMap(({ curve }) => curve.map((point) => point.column)))].sort((a, b) => a - b);
  return {
    kind: 'line',
    id: 'breakdown',
    title: message('chart.breakdown'),
    summary: message('chart.breakdown.summary', { values: curves.length }),
    table: 'breakdown',
    xValues: columns.map((column) => (brackets ? offsetText(column, brackets) : column)),
    x: { title: message('axis.offset', { unit }) },
    y: { title: message('column.share'), format: 'percent', minimum: 0 },
    series: curves.map(({ value, curve }) => {
      const at = new Map(curve.map((point) => [point.column, point]));
      return {
        name: value,
        values: columns.map((column) => at.get(column)?.weighted ?? null),
        low: columns.map((column) => at.get(column)?.interval[0] ?? null),
        high: columns.map((column) => at.get(column)?.interval[1] ?? null),
        points: true,
      };
    }),
  };
}
