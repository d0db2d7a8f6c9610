import {
  type CellValue,
  type Column,
  decimalColumn,
  integerColumn,
  message,
  type NumericArray,
  numberColumn,
  type ResultTable,
  type Rows,
  type RowTableColumn,
  stringVector,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import { ruleText, type SegmentGrid, type SegmentRule } from './rules.ts';
import { MEASURES, type Scores } from './scores.ts';
import { type ScoreMatrix, type SegmentStatistics, SMALL_SAMPLE } from './segment-statistics.ts';
import { isKnown } from './segmentation.ts';

/** Heading of a segment: its catalogue name, or what its rule calls it. */
export function segmentName(segment: string, rules: readonly SegmentRule[], inSentence = false): Text {
  const named = rules.find((rule) => rule.segment === segment && rule.name !== undefined)?.name;
  if (named !== undefined) return named;
  return isKnown(segment) ? message(`segment.${segment}${inSentence ? '.inSentence' : ''}`) : segment;
}

/** Headings of all segments by id, for a column that holds ids. */
export function segmentLabels(grid: SegmentGrid): Record<string, Text> {
  return Object.fromEntries(grid.segments.map((segment) => [segment, segmentName(segment, grid.rules)]));
}

const column = (
  name: string,
  type: RowTableColumn['type'],
  format?: RowTableColumn['format'],
  labels?: RowTableColumn['labels'],
): RowTableColumn => ({ name, title: message(`column.${name}`), type, format, labels });

/** The table `segments`. */
export function segmentsTable(grid: SegmentGrid, statistics: readonly SegmentStatistics[]): ResultTable {
  const treatments: Record<string, Text> = {};
  const rows: Rows = grid.segments.map((segment, index) => {
    const figures = statistics[index];
    const own = grid.rules.filter((rule) => rule.segment === segment);
    const treatment = own.find((rule) => rule.treatment !== undefined)?.treatment;
    const known = treatment ?? (isKnown(segment) ? segment : null);
    if (treatment === undefined && known !== null) treatments[segment] = message(`treatment.${segment}`);
    return [
      segment,
      figures.customers,
      figures.share,
      ...figures.shareInterval,
      figures.revenue,
      figures.revenueShare,
      figures.meanRecency,
      figures.meanFrequency,
      figures.meanMonetary,
      figures.meanMonetaryInterval?.[0] ?? null,
      figures.meanMonetaryInterval?.[1] ?? null,
      figures.medianRecency,
      figures.medianFrequency,
      figures.medianMonetary,
      figures.customers < SMALL_SAMPLE,
      own.map(ruleText).join('; '),
      known,
    ];
  });
  return tableFromRows(
    [
      column('segment', 'string', undefined, segmentLabels(grid)),
      column('customers', 'integer', 'integer'),
      column('share', 'number', 'percent'),
      column('shareLow', 'number', 'percent'),
      column('shareHigh', 'number', 'percent'),
      column('revenue', 'number', 'money'),
      column('revenueShare', 'number', 'percent'),
      column('meanRecency', 'number', 'days'),
      column('meanFrequency', 'number', 'decimal'),
      column('meanMonetary', 'number', 'money'),
      column('meanMonetaryLow', 'number', 'money'),
      column('meanMonetaryHigh', 'number', 'money'),
      column('medianRecency', 'number', 'days'),
      column('medianFrequency', 'number', 'decimal'),
      column('medianMonetary', 'number', 'money'),
      column('smallSample', 'boolean'),
      column('rule', 'string'),
      column('treatment', 'string', undefined, treatments),
    ],
    rows,
    { title: message('table.segments'), rowsBehind: { table: 'customers', column: 'segment', by: 'segment' } },
  );
}

/** A column of the measures: whole numbers where they are counted, money by its scale. */
export function moneyColumn(units: Float64Array, scale: number): Column {
  return scale > 1 ? decimalColumn(units, scale) : numberColumn(units);
}

function measureColumn(values: NumericArray): Column {
  return values instanceof Float64Array ? numberColumn(values) : integerColumn(values);
}

/** A text column of segment ids by index. */
export function segmentColumn(segments: Uint8Array, ids: readonly string[]): Column {
  return {
    type: 'string',
    layout: 'dictionary',
    length: segments.length,
    codes: segments,
    dictionary: stringVector(ids),
  };
}

/** The table `customers`, a row a customer. */
export function customersTable(
  facts: CustomerFacts,
  scores: Scores,
  grid: SegmentGrid,
  segments: Uint8Array,
): ResultTable {
  const titled = (name: string): { name: string; title: Text } => ({ name, title: message(`column.${name}`) });
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      { ...titled('customer'), column: facts.keys.columnOf(facts.codes) },
      { ...titled('recency'), column: measureColumn(facts.recency), format: 'days' },
      { ...titled('frequency'), column: measureColumn(facts.frequency), format: 'integer' },
      { ...titled('monetary'), column: moneyColumn(facts.monetary, facts.scale), format: 'money' },
      { ...titled('r'), column: integerColumn(scores.r), format: 'integer' },
      { ...titled('f'), column: integerColumn(scores.f), format: 'integer' },
      { ...titled('m'), column: integerColumn(scores.m), format: 'integer' },
      { ...titled('segment'), column: segmentColumn(segments, grid.segments), labels: segmentLabels(grid) },
    ],
  };
}

/** The table `scores`: what each score stands for in days, purchases and money, and how many customers have it. */
export function scoresTable(facts: CustomerFacts, scores: Scores): ResultTable {
  const values = { recency: facts.recency, frequency: facts.frequency, monetary: facts.monetary };
  const given = { recency: scores.r, frequency: scores.f, monetary: scores.m };
  const rows: CellValue[][] = [];
  for (const measure of MEASURES) {
    const scale = measure === 'monetary' ? facts.scale : 1;
    const low = new Float64Array(scores.bins).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(scores.bins).fill(Number.NEGATIVE_INFINITY);
    const counts = new Uint32Array(scores.bins);
    for (let i = 0; i < facts.customers; i++) {
      const score = given[measure][i] - 1;
      const value = values[measure][i];
      counts[score]++;
      if (value < low[score]) low[score] = value;
      if (value > high[score]) high[score] = value;
    }
    for (let score = scores.bins - 1; score >= 0; score--) {
      const present = counts[score] > 0;
      rows.push([
        measure,
        score + 1,
        present ? low[score] / scale : null,
        present ? high[score] / scale : null,
        counts[score],
      ]);
    }
  }
  const labels = Object.fromEntries(MEASURES.map((measure) => [measure, message(`measure.${measure}`)]));
  return tableFromRows(
    [
      column('measure', 'string', undefined, labels),
      column('score', 'integer', 'integer'),
      column('from', 'number', 'decimal'),
      column('to', 'number', 'decimal'),
      column('customers', 'integer', 'integer'),
    ],
    rows,
    { title: message('table.scores') },
  );
}

/** The table `cells`: customers and revenue of every r × f × m cell. */
export function cellsTable(matrix: ScoreMatrix, scale: number): ResultTable {
  const { bins } = matrix;
  const rows: CellValue[][] = [];
  for (let cell = matrix.customers.length - 1; cell >= 0; cell--) {
    const r = Math.floor(cell / bins / bins) + 1;
    const f = (Math.floor(cell / bins) % bins) + 1;
    rows.push([r, f, (cell % bins) + 1, matrix.customers[cell], matrix.units[cell] / scale]);
  }
  return tableFromRows(
    [
      column('r', 'integer', 'integer'),
      column('f', 'integer', 'integer'),
      column('m', 'integer', 'integer'),
      column('customers', 'integer', 'integer'),
      column('revenue', 'number', 'money'),
    ],
    rows,
    { title: message('table.cells') },
  );
}
