import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  type Metric,
  message,
  numberColumn,
  numbersOf,
  quantile,
  type ResultColumn,
  tableFromRows,
  takeRows,
} from '@patron/sdk';
import {
  fitOpportunities,
  type OpportunityRows,
  opportunityAlive,
  opportunityDistribution,
  opportunityExpectation,
} from './beta-geometric-beta-binomial.ts';
import { fitMetrics, fitNotes, parameterTable } from './fit-report.ts';
import type { Fit } from './likelihood-fit.ts';
import { drawParameters } from './parameter-draws.ts';
import { groupRows } from './weighted-rows.ts';

export interface DiscreteParameters {
  readonly horizon: number;
  readonly discountRate: number;
  readonly confidence: number;
  readonly draws: number;
}

interface Histories {
  /** As given, a row a row. */
  readonly kept: Uint32Array;
  readonly rowOf: Uint32Array;
  readonly weight: Float64Array;
  /** The distinct ones. */
  readonly rows: OpportunityRows;
  readonly customers: number;
  readonly leftOut: number;
}

/** `clv.discrete`: purchases that can only happen at given opportunities (yearly gifts, seasons, cruises). */
export async function discrete(context: AnalysisContext<DiscreteParameters>): Promise<AnalysisResult> {
  const { parameters, inputs } = context;
  const { horizon, discountRate, confidence } = parameters;
  const input = inputs.summary;
  const found = readHistories(input.rows, input.fields);
  const { rows, customers } = found;
  if (rows.frequency.every((x) => x === 0)) {
    throw new AnalysisError('No customer came back: without a repeat purchase no purchase rate can be estimated.', {
      text: message('error.noRepeats'),
      path: 'inputs.summary.frequency',
    });
  }
  if (rows.weight.length < 5) {
    throw new AnalysisError(
      `The ${customers} customers have only ${rows.weight.length} different histories; a model of how customers differ needs more.`,
      { text: message('error.identical', { customers, histories: rows.weight.length }), path: 'inputs.summary' },
    );
  }
  const fit = await fitOpportunities(rows);
  const notes = fitNotes(fit, 'bg-bb');
  await context.checkpoint();
  const count = rows.weight.length;
  const each = (f: (x: number, recency: number, n: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => f(rows.frequency[i], rows.recency[i], rows.periods[i]));
  const alive = each((x, recency, n) => opportunityAlive(fit.estimates, x, recency, n));
  const expected = each((x, recency, n) => opportunityExpectation(fit.estimates, x, recency, n, horizon));
  const discounted = each((x, recency, n) =>
    opportunityExpectation(fit.estimates, x, recency, n, horizon, discountRate),
  );
  const sum = (values: Float64Array): number => values.reduce((total, value, i) => total + rows.weight[i] * value, 0);
  const bands = drawn(fit, rows, parameters, context);
  await context.checkpoint();
  const total = (values: Float64Array, name: string, interval?: readonly [number, number]): Metric => ({
    value: sum(values),
    interval,
    n: customers,
    title: message(`metric.${name}`),
    format: 'integer',
  });
  const column = (name: string, values: Float64Array, format: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: numberColumn(Float64Array.from(found.rowOf, (row) => values[row])),
    format,
  });
  const given = (name: string, source: Column): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: takeRows(source, found.kept),
  });
  const repeats = repeatRows(fit, rows);
  return {
    headline: message('discrete.headline', {
      customers: { value: customers, as: 'integer' },
      horizon,
      purchases: { value: sum(expected), as: 'integer' },
    }),
    metrics: {
      customers: { value: customers, title: message('metric.customers'), format: 'integer' },
      activeCustomers: total(alive, 'activeCustomers', bands?.active),
      expectedTransactions: total(expected, 'expectedTransactions', bands?.purchases),
      discountedTransactions: total(discounted, 'discountedTransactions'),
      ...fitMetrics(fit, confidence, 'logLikelihood'),
    },
    tables: {
      parameters: parameterTable([{ model: 'bg-bb', fit }], confidence),
      customers: {
        title: message('table.histories'),
        ...(input.fields.customer ? { rowPer: 'customer' as const } : {}),
        columns: [
          ...(input.fields.customer ? [given('customer', input.fields.customer)] : []),
          given('frequency', input.fields.frequency),
          given('recency', input.fields.recency),
          given('periods', input.fields.periods),
          { name: 'weight', title: message('column.weight'), column: numberColumn(found.weight), format: 'integer' },
          column('pAlive', alive, 'percent'),
          column('expectedTransactions', expected, 'decimal'),
          ...(bands
            ? [
                column('expectedTransactionsLow', bands.low, 'decimal'),
                column('expectedTransactionsHigh', bands.high, 'decimal'),
              ]
            : []),
          column('discountedTransactions', discounted, 'decimal'),
        ],
      },
      repeats: tableFromRows(
        [
          { name: 'repeats', title: message('column.repeats'), type: 'integer' },
          { name: 'actual', title: message('column.actualCustomers'), type: 'number', format: 'integer' },
          { name: 'expected', title: message('column.expectedCustomers'), type: 'number', format: 'decimal' },
        ],
        repeats,
        { title: message('table.repeats') },
      ),
    },
    charts: [
      {
        kind: 'bar',
        id: 'repeats',
        title: message('chart.repeats'),
        summary: message('chart.repeats.summary'),
        table: 'repeats',
        categories: repeats.map(([x]) => String(x)),
        category: { title: message('axis.repeats') },
        series: [
          { name: message('series.actual'), values: repeats.map((row) => row[1]) },
          { name: message('series.expected'), values: repeats.map((row) => row[2]) },
        ],
        value: { title: message('axis.customers'), format: 'integer', minimum: 0 },
      },
      ...matrices(fit, rows, horizon),
    ],
    notes: [
      ...notes,
      {
        level: 'info',
        text: message('note.intervals.drawn', {
          confidence: { value: confidence, as: 'percent' },
          draws: parameters.draws,
        }),
      },
      { level: 'info', text: message('note.discrete') },
    ],
    leftOut:
      found.leftOut > 0 ? [{ role: 'summary', reason: message('leftOut.opportunities'), count: found.leftOut }] : [],
  };
}

function readHistories(length: number, fields: Readonly<Record<string, Column>>): Histories {
  const frequency = numbersOf(fields.frequency);
  const recency = numbersOf(fields.recency);
  const periods = numbersOf(fields.periods);
  const weight = fields.weight ? numbersOf(fields.weight) : new Float64Array(length).fill(1);
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 0;
  const kept = Uint32Array.from({ length }, (_, i) => i).filter(
    (i) =>
      whole(frequency[i]) &&
      whole(recency[i]) &&
      whole(periods[i]) &&
      periods[i] < 10_000 &&
      frequency[i] <= recency[i] &&
      recency[i] <= periods[i] &&
      (frequency[i] > 0 || recency[i] === 0) &&
      weight[i] > 0,
  );
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]);
  const weights = pick(weight);
  const grouped = groupRows(pick(frequency), pick(recency), pick(periods), weights);
  return {
    kept,
    rowOf: grouped.rowOf,
    weight: weights,
    rows: { frequency: grouped.frequency, recency: grouped.recency, periods: grouped.T, weight: grouped.weight },
    customers: grouped.total,
    leftOut: length - kept.length,
  };
}

interface Bands {
  readonly active: readonly [number, number];
  readonly purchases: readonly [number, number];
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Intervals from seeded draws of the parameters, for each history and for the totals. */
function drawn(
  fit: Fit,
  rows: OpportunityRows,
  { horizon, confidence, draws }: DiscreteParameters,
  context: AnalysisContext<DiscreteParameters>,
): Bands | undefined {
  const count = rows.weight.length;
  const parameters = drawParameters(fit, draws, context.random);
  if (!parameters || draws < 2) return undefined;
  const expected = Array.from({ length: count }, () => new Float64Array(draws));
  const active = new Float64Array(draws);
  const purchases = new Float64Array(draws);
  parameters.forEach((at, k) => {
    for (let i = 0; i < count; i++) {
      const history = [rows.frequency[i], rows.recency[i], rows.periods[i]] as const;
      const value = opportunityExpectation(at, ...history, horizon);
      expected[i][k] = value;
      purchases[k] += rows.weight[i] * value;
      active[k] += rows.weight[i] * opportunityAlive(at, ...history);
    }
  });
  const tail = (1 - confidence) / 2;
  const interval = (values: Float64Array): [number, number] => [quantile(values, tail), quantile(values, 1 - tail)];
  return {
    active: interval(active),
    purchases: interval(purchases),
    low: Float64Array.from(expected, (values) => quantile(values, tail)),
    high: Float64Array.from(expected, (values) => quantile(values, 1 - tail)),
  };
}

function repeatRows(fit: Fit, rows: OpportunityRows): [number, number, number][] {
  const longest = rows.periods.reduce((most, n) => Math.max(most, n), 0);
  const actual = new Float64Array(longest + 1);
  const expected = new Float64Array(longest + 1);
  const byPeriods = new Map<number, number>();
  rows.weight.forEach((weight, i) => {
    actual[rows.frequency[i]] += weight;
    byPeriods.set(rows.periods[i], (byPeriods.get(rows.periods[i]) ?? 0) + weight);
  });
  for (const [periods, weight] of byPeriods) {
    opportunityDistribution(fit.estimates, periods).forEach((share, x) => {
      expected[x] += weight * share;
    });
  }
  return Array.from(actual, (count, x) => [x, count, expected[x]]);
}

function matrices(fit: Fit, rows: OpportunityRows, horizon: number): AnalysisResult['charts'] {
  const n = rows.periods.reduce((most, periods) => Math.max(most, periods), 0);
  if (n > 24) return [];
  const range = Array.from({ length: n + 1 }, (_, i) => i);
  const cells = (f: (x: number, recency: number) => number): (number | null)[] =>
    range.flatMap((x) => range.map((recency) => (x <= recency && (x > 0 || recency === 0) ? f(x, recency) : null)));
  const shared = { columns: range.map(String), rows: range.map(String), y: { title: message('axis.repeats') } };
  return [
    {
      kind: 'heatMap',
      id: 'aliveMatrix',
      title: message('chart.aliveMatrix'),
      summary: message('chart.aliveMatrix.summary'),
      ...shared,
      cells: cells((x, recency) => opportunityAlive(fit.estimates, x, recency, n)),
      x: { title: message('axis.opportunity') },
      value: { format: 'percent' },
    },
    {
      kind: 'heatMap',
      id: 'expectedMatrix',
      title: message('chart.discrete.expectedMatrix', { horizon }),
      summary: message('chart.expectedMatrix.summary'),
      ...shared,
      cells: cells((x, recency) => opportunityExpectation(fit.estimates, x, recency, n, horizon)),
      x: { title: message('axis.opportunity') },
      value: { format: 'decimal' },
    },
  ];
}
