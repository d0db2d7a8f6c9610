import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type BarChart,
  daysOf,
  denseCodes,
  isPresent,
  isTime,
  type LineChart,
  type Metric,
  message,
  type Note,
  type Period,
  periodLabel,
  periodOfDay,
  type ResultTable,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import {
  type ActiveSpans,
  type ChurnPeriod,
  churnByPeriod,
  type Gaps,
  OPEN,
  proposedWindow,
  purchaseGaps,
  type WindowRow,
  windowRow,
} from './churn-periods.ts';
import { amountsOf, daysInDuration } from './risk-input.ts';
import { requireRows } from './spell-input.ts';

export interface RateParameters {
  readonly period: Period;
  readonly window: string | null;
  readonly asOf: string | null;
  readonly confidence: number;
}

interface RateInput {
  readonly role: 'contracts' | 'transactions';
  readonly spans: ActiveSpans;
  readonly asOf: number;
  readonly hasAmount: boolean;
  readonly window?: number;
  readonly gaps?: Gaps;
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

const MOST_PERIODS = 600;
const WINDOWS = [30, 60, 90, 120, 180, 270, 365];

/** `churn.rate`: how many customers, and how much of their revenue, are lost by period. */
export async function rate(context: AnalysisContext<RateParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const input = context.inputs.contracts ? fromContracts(context) : fromTransactions(context);
  await context.checkpoint();
  const { spans, asOf } = input;
  requireRows(spans.first.length, input.role);
  let earliest = OPEN;
  for (const day of spans.first) if (day < earliest) earliest = day;
  const periodCount = periodOfDay(asOf, parameters.period) - periodOfDay(earliest, parameters.period) + 1;
  if (periodCount > MOST_PERIODS)
    throw new AnalysisError(
      `The data span ${periodCount} periods, more than ${MOST_PERIODS}. Choose a longer 'period'.`,
      {
        text: message('error.tooManyPeriods', { count: periodCount, limit: MOST_PERIODS }),
        path: 'parameters.period',
      },
    );
  const all = churnByPeriod(
    spans,
    parameters.period,
    asOf,
    input.window === undefined ? earliest : earliest + input.window,
  );
  await context.checkpoint();
  // Before the first customers there is nothing to lose.
  const periods = all.filter(({ customers, joined, returned }) => customers + joined + returned > 0);
  const counted = periods.filter(({ complete, customers }) => complete && customers > 0);
  const windows = input.gaps && input.window !== undefined ? windowRows(input.gaps, input.window) : [];
  const total = totals(counted);
  return {
    headline:
      total.customers > 0
        ? message('headline.rate', {
            share: { value: total.churned / total.customers, as: 'percent' },
            periods: counted.length,
            period: message(`period.${parameters.period}`),
          })
        : message('headline.rate.none'),
    metrics: metrics(total, input, parameters.confidence, counted.length),
    tables: {
      rate: rateTable(periods, parameters, input.hasAmount),
      ...(windows.length > 0 ? { windows: windowTable(windows, parameters.confidence, input.window) } : {}),
    },
    charts: [
      rateChart(counted, parameters, input.hasAmount),
      ...(windows.length > 0 ? [windowChart(windows, parameters.confidence)] : []),
    ],
    notes: notes(periods, input, total.customers),
    settled: {
      asOf: new Date(asOf * 86_400_000).toISOString().slice(0, 10),
      ...(input.window === undefined ? {} : { window: `${input.window}d` }),
    },
    leftOut: input.leftOut,
  };
}

function asOfDay(asOf: string | null, latest: number): number {
  return asOf === null ? latest : Date.parse(asOf) / 86_400_000;
}

function fromContracts(context: AnalysisContext<RateParameters>): RateInput {
  const { customer, start, end, amount } = context.inputs.contracts.fields;
  if (!isTime(start) || (end && !isTime(end))) throw new TypeError("'start' and 'end' must be times.");
  requireRows(start.length, 'contracts');
  const first = daysOf(start, context.timeZone);
  const ends = end && isTime(end) ? daysOf(end, context.timeZone) : undefined;
  const last = new Int32Array(first.length).fill(OPEN);
  let latest = Number.NEGATIVE_INFINITY;
  let backwards = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] > latest) latest = first[i];
    if (!end || !ends || !isPresent(end, i)) continue;
    last[i] = ends[i];
    if (ends[i] < first[i]) backwards++;
    if (ends[i] > latest) latest = ends[i];
  }
  const { codes, count } = denseCodes(customer);
  return {
    role: 'contracts',
    spans: { customers: codes, customerCount: count, first, last, amount: amount ? amountsOf(amount) : undefined },
    asOf: asOfDay(context.parameters.asOf, latest),
    hasAmount: amount !== undefined,
    leftOut: backwards > 0 ? [{ role: 'contracts', reason: message('leftOut.backwards'), count: backwards }] : [],
  };
}

function fromTransactions(context: AnalysisContext<RateParameters>): RateInput {
  const { customer, time, amount } = context.inputs.transactions.fields;
  if (!isTime(time)) throw new TypeError("'time' must be a time.");
  requireRows(time.length, 'transactions');
  const first = daysOf(time, context.timeZone);
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < first.length; i++) if (first[i] > latest) latest = first[i];
  const asOf = asOfDay(context.parameters.asOf, latest);
  const { codes, count } = denseCodes(customer);
  const gaps = purchaseGaps(codes, count, first, asOf);
  const { window } = context.parameters;
  const days = window === null ? proposedWindow(gaps) : daysInDuration(window, 'window');
  return {
    role: 'transactions',
    spans: {
      customers: codes,
      customerCount: count,
      first,
      last: first.map((day) => day + days),
      amount: amount ? amountsOf(amount) : undefined,
    },
    asOf,
    hasAmount: amount !== undefined,
    window: days,
    gaps,
    leftOut: [],
  };
}

function windowRows(gaps: Gaps, chosen: number): WindowRow[] {
  const days = [...new Set([...WINDOWS, chosen, proposedWindow(gaps)])].sort((a, b) => a - b);
  return days.map((window) => windowRow(gaps, window));
}

type Totals = Pick<ChurnPeriod, 'customers' | 'churned' | 'revenue' | 'lost' | 'contraction' | 'expansion'>;

function totals(periods: readonly ChurnPeriod[]): Totals {
  const sum = { customers: 0, churned: 0, revenue: 0, lost: 0, contraction: 0, expansion: 0 };
  for (const period of periods) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += period[key];
  return sum;
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function metrics(total: Totals, input: RateInput, confidence: number, periods: number): Record<string, Metric> {
  const { customers, churned } = total;
  return {
    churnRate: {
      value: share(churned, customers),
      ...(customers > 0 ? { interval: wilsonInterval(churned, customers, confidence) } : {}),
      n: customers,
      title: message('metric.meanChurnRate'),
      format: 'percent',
      ...(customers < 30 ? { smallSample: true } : {}),
    },
    churned: { value: churned, title: message('metric.churned'), format: 'integer' },
    periods: { value: periods, title: message('metric.periods'), format: 'integer' },
    ...(input.hasAmount
      ? {
          grossRevenueChurn: {
            value: share(total.lost + total.contraction, total.revenue),
            title: message('metric.grossRevenueChurn'),
            format: 'percent' as const,
          },
          netRevenueChurn: {
            value: share(total.lost + total.contraction - total.expansion, total.revenue),
            title: message('metric.netRevenueChurn'),
            format: 'percent' as const,
          },
        }
      : {}),
    ...(input.window === undefined
      ? {}
      : {
          window: { value: input.window, title: message('metric.window'), format: 'days' as const },
          proposedWindow: {
            value: input.gaps ? proposedWindow(input.gaps) : null,
            title: message('metric.proposedWindow'),
            format: 'days' as const,
          },
        }),
  };
}

function rateTable(periods: readonly ChurnPeriod[], parameters: RateParameters, hasAmount: boolean): ResultTable {
  const money = [
    { name: 'revenue', title: message('column.revenue'), type: 'number' as const, format: 'money' as const },
    { name: 'lost', title: message('column.lost'), type: 'number' as const, format: 'money' as const },
    { name: 'contraction', title: message('column.contraction'), type: 'number' as const, format: 'money' as const },
    { name: 'expansion', title: message('column.expansion'), type: 'number' as const, format: 'money' as const },
    {
      name: 'grossRevenueChurn',
      title: message('metric.grossRevenueChurn'),
      type: 'number' as const,
      format: 'percent' as const,
    },
    {
      name: 'netRevenueChurn',
      title: message('metric.netRevenueChurn'),
      type: 'number' as const,
      format: 'percent' as const,
    },
  ];
  return tableFromRows(
    [
      { name: 'period', title: message('column.period'), type: 'string' },
      { name: 'customers', title: message('column.customersAtStart'), type: 'integer', format: 'integer' },
      { name: 'churned', title: message('column.churned'), type: 'integer', format: 'integer' },
      { name: 'churnRate', title: message('metric.churnRate'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
      { name: 'joined', title: message('column.joined'), type: 'integer', format: 'integer' },
      { name: 'returned', title: message('column.returned'), type: 'integer', format: 'integer' },
      { name: 'complete', title: message('column.complete'), type: 'boolean' },
      ...(hasAmount ? money : []),
    ],
    periods.map((row) => {
      const interval =
        row.customers > 0 ? wilsonInterval(row.churned, row.customers, parameters.confidence) : [null, null];
      return [
        periodLabel(row.period, parameters.period),
        row.customers,
        row.churned,
        share(row.churned, row.customers),
        interval[0],
        interval[1],
        row.joined,
        row.returned,
        row.complete,
        ...(hasAmount
          ? [
              row.revenue,
              row.lost,
              row.contraction,
              row.expansion,
              share(row.lost + row.contraction, row.revenue),
              share(row.lost + row.contraction - row.expansion, row.revenue),
            ]
          : []),
      ];
    }),
    { title: message('table.rate') },
  );
}

function windowTable(rows: readonly WindowRow[], confidence: number, chosen: number | undefined): ResultTable {
  return tableFromRows(
    [
      { name: 'window', title: message('column.window'), type: 'integer', format: 'integer' },
      { name: 'silences', title: message('column.silences'), type: 'integer', format: 'integer' },
      { name: 'cameBack', title: message('column.cameBack'), type: 'integer', format: 'integer' },
      { name: 'cameBackShare', title: message('column.cameBackShare'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
      { name: 'churnedNow', title: message('column.churnedNow'), type: 'integer', format: 'integer' },
      { name: 'chosen', title: message('column.chosen'), type: 'boolean' },
    ],
    rows.map((row) => {
      const interval = row.silences > 0 ? wilsonInterval(row.cameBack, row.silences, confidence) : [null, null];
      return [
        row.days,
        row.silences,
        row.cameBack,
        share(row.cameBack, row.silences),
        interval[0],
        interval[1],
        row.churnedNow,
        row.days === chosen,
      ];
    }),
    { title: message('table.windows') },
  );
}

function rateChart(periods: readonly ChurnPeriod[], parameters: RateParameters, hasAmount: boolean): LineChart {
  const intervals = periods.map(({ churned, customers }) => wilsonInterval(churned, customers, parameters.confidence));
  return {
    kind: 'line',
    id: 'rate',
    title: message('chart.rate'),
    summary: message('chart.rate.summary'),
    table: 'rate',
    xValues: periods.map(({ period }) => periodLabel(period, parameters.period)),
    x: { title: message('column.period') },
    y: { title: message('metric.churnRate'), format: 'percent', minimum: 0 },
    series: [
      {
        name: message('metric.churnRate'),
        values: periods.map(({ churned, customers }) => share(churned, customers)),
        low: intervals.map(([low]) => low),
        high: intervals.map(([, high]) => high),
        points: true,
      },
      ...(hasAmount
        ? [
            {
              name: message('metric.grossRevenueChurn'),
              values: periods.map((row) => share(row.lost + row.contraction, row.revenue)),
              dashed: true,
            },
          ]
        : []),
    ],
  };
}

function windowChart(rows: readonly WindowRow[], confidence: number): BarChart {
  const intervals = rows.map(({ cameBack, silences }) =>
    silences > 0 ? wilsonInterval(cameBack, silences, confidence) : ([null, null] as const),
  );
  return {
    kind: 'bar',
    id: 'windows',
    title: message('chart.windows'),
    summary: message('chart.windows.summary'),
    table: 'windows',
    categories: rows.map(({ days }) => message('value.days', { days })),
    series: [
      {
        name: message('column.cameBackShare'),
        values: rows.map(({ cameBack, silences }) => share(cameBack, silences)),
        low: intervals.map(([low]) => low),
        high: intervals.map(([, high]) => high),
      },
    ],
    value: { title: message('column.cameBackShare'), format: 'percent', minimum: 0 },
    category: { title: message('column.window') },
  };
}

function notes(periods: readonly ChurnPeriod[], input: RateInput, customers: number): Note[] {
  const list: Note[] = [];
  if (customers === 0) list.push({ level: 'warning', text: message('note.noPeriods') });
  if (periods.at(-1)?.complete === false) list.push({ level: 'info', text: message('note.incompletePeriod') });
  if (input.window !== undefined && periods[0]?.complete === false)
    list.push({ level: 'info', text: message('note.firstPeriods', { days: input.window }) });
  if (input.window !== undefined) list.push({ level: 'info', text: message('note.window', { days: input.window }) });
  else list.push({ level: 'info', text: message('note.contracts') });
  return list;
}
