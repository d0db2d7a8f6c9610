import {
  type Analysis,
  AnalysisError,
  type AnalysisResult,
  type CellValue,
  type ChartSpec,
  customerKeys,
  message,
  type Note,
  quantiles,
  type RowTableColumn,
  type TimeColumn,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { requireEvents } from './cohorts.ts';
import {
  daysCovering,
  type UsageIntervals,
  usageIntervals,
  type WindowOutcome,
  windowOutcome,
} from './usage-intervals.ts';

interface IntervalParameters {
  /** Share of the intervals between active days that the churn window must cover. */
  readonly coverage: number;
}

const WINDOWS = [7, 14, 30, 45, 60, 90, 120, 180, 270, 365];
const FEW_INTERVALS = 100;

/** `retention.interval`: how often customers naturally come, and after how long a silence they should count as lost. */
export const interval: Analysis<IntervalParameters> = (context): AnalysisResult => {
  const { coverage } = context.parameters;
  const input = requireEvents(context.inputs.events);
  if (!(coverage > 0 && coverage < 1)) {
    throw new AnalysisError(`'coverage' is ${coverage}; give a share between 0 and 1, such as 0.9.`, {
      text: message('error.coverage'),
      path: 'parameters.coverage',
    });
  }
  const time = input.fields.time as TimeColumn;
  const found = usageIntervals(customerKeys(input.fields.customer), time, context.timeZone);
  const intervals = found.completed.reduce((sum, count) => sum + count, 0);
  if (intervals === 0) {
    throw new AnalysisError('No customer was active on two days, so there is no interval to measure.', {
      text: message('error.noIntervals'),
      path: 'inputs.events',
    });
  }
  const churnWindow = daysCovering(found.completed, coverage);
  const chosen = windowOutcome(found, churnWindow);
  const [middle, usage] = quantiles(found.means, [0.5, 0.8]);
  const span = found.lastDay - found.firstDay + 1;
  return {
    headline: message('headline.interval', {
      median: { value: middle, as: 'days' },
      window: churnWindow,
      coverage: { value: coverage, as: 'percent' },
    }),
    metrics: {
      churnWindow: { value: churnWindow, n: intervals, title: message('metric.churnWindow'), format: 'days' },
      medianInterval: { value: middle, n: found.repeaters, title: message('metric.medianInterval'), format: 'days' },
      usageInterval: { value: usage, n: found.repeaters, title: message('metric.usageInterval'), format: 'days' },
      repeaters: {
        value: found.repeaters / found.customers,
        interval: wilsonInterval(found.repeaters, found.customers),
        n: found.customers,
        title: message('metric.repeaters'),
        format: 'percent',
      },
      churned: {
        value: chosen.churned / found.customers,
        interval: wilsonInterval(chosen.churned, found.customers),
        n: found.customers,
        title: message('metric.churned'),
        format: 'percent',
      },
    },
    tables: {
      windows: windowsTable(found, churnWindow, span),
      intervals: intervalsTable(found, intervals),
    },
    charts: charts(found, churnWindow, intervals),
    notes: notes(intervals, churnWindow, span),
  };
};

const column = (name: string, type: RowTableColumn['type'], format?: RowTableColumn['format']): RowTableColumn => ({
  name,
  title: message(`column.${name}`),
  type,
  format,
});

function windowsTable(found: UsageIntervals, churnWindow: number, span: number) {
  const windows = [...new Set([...WINDOWS.filter((days) => days < span), churnWindow])].sort((a, b) => a - b);
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  return tableFromRows(
    [
      column('window', 'integer', 'days'),
      column('proposed', 'boolean'),
      column('covered', 'number', 'percent'),
      column('churned', 'integer', 'integer'),
      column('churnedShare', 'number', 'percent'),
      column('churnedLow', 'number', 'percent'),
      column('churnedHigh', 'number', 'percent'),
      column('silences', 'integer', 'integer'),
      column('cameBack', 'integer', 'integer'),
      column('cameBackShare', 'number', 'percent'),
    ],
    windows.map((days): CellValue[] => {
      const outcome: WindowOutcome = windowOutcome(found, days);
      return [
        days,
        days === churnWindow,
        outcome.covered,
        outcome.churned,
        outcome.churned / found.customers,
        ...wilsonInterval(outcome.churned, found.customers),
        outcome.silences,
        outcome.cameBack,
        share(outcome.cameBack, outcome.silences),
      ];
    }),
    { title: message('table.windows') },
  );
}

const SHARES = [0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95, 0.99];

function intervalsTable(found: UsageIntervals, intervals: number) {
  const means = quantiles(found.means, SHARES);
  return tableFromRows(
    [
      column('percentile', 'number', 'percent'),
      column('allIntervals', 'integer', 'days'),
      column('customerMeans', 'number', 'days'),
    ],
    SHARES.map((share, i): CellValue[] => [
      share,
      intervals > 0 ? daysCovering(found.completed, share) : null,
      Number.isNaN(means[i]) ? null : means[i],
    ]),
    { title: message('table.intervals') },
  );
}

const BARS = 40;

function charts(found: UsageIntervals, churnWindow: number, intervals: number): ChartSpec[] {
  const reach = Math.max(1, daysCovering(found.completed, 0.99));
  const width = Math.max(1, Math.ceil(reach / BARS));
  const bars = Math.ceil(reach / width);
  const counts = new Array<number>(bars).fill(0);
  for (let days = 1; days <= reach; days++) counts[Math.floor((days - 1) / width)] += found.completed[days];
  const days = Array.from({ length: Math.min(found.completed.length, reach * 2) }, (_, day) => day);
  let within = 0;
  const covered = days.map((day) => {
    within += found.completed[day];
    return within / intervals;
  });
  const line = { at: churnWindow, axis: 'x' as const, label: message('metric.churnWindow') };
  return [
    {
      kind: 'histogram',
      id: 'intervals',
      title: message('chart.intervals'),
      summary: message('chart.intervals.summary', { window: churnWindow }),
      table: 'intervals',
      edges: Array.from({ length: bars + 1 }, (_, i) => 1 + i * width),
      counts,
      x: { title: message('axis.days'), format: 'days' },
      y: { title: message('axis.intervals'), format: 'integer' },
      references: [line],
    },
    {
      kind: 'line',
      id: 'covered',
      title: message('chart.covered'),
      summary: message('chart.covered.summary'),
      table: 'windows',
      xValues: days,
      x: { title: message('axis.days'), format: 'days' },
      y: { title: message('column.covered'), format: 'percent', minimum: 0, maximum: 1 },
      series: [{ name: message('column.covered'), values: covered, step: true }],
      references: [line],
    },
  ];
}

function notes(intervals: number, churnWindow: number, span: number): Note[] {
  const list: Note[] = [
    { level: 'info', text: message('note.interval') },
    { level: 'info', text: message('note.censored') },
  ];
  if (intervals < FEW_INTERVALS) list.push({ level: 'warning', text: message('note.fewIntervals', { intervals }) });
  if (churnWindow * 3 > span)
    list.push({ level: 'warning', text: message('note.shortSpan', { span, window: churnWindow }) });
  return list;
}
