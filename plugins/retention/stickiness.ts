import {
  type Analysis,
  AnalysisError,
  type AnalysisResult,
  type CellValue,
  type ChartSpec,
  type CustomerKeys,
  calendarSlots,
  customerKeys,
  forEachActivity,
  message,
  PERIODS,
  type Period,
  periodLabel,
  periodOfDay,
  periodStart,
  type RowTableColumn,
  slotsOf,
  type TimeColumn,
  tableFromRows,
} from '@patron/sdk';
import { requireEvents } from './cohorts.ts';

interface StickinessParameters {
  /** What is counted: active days, weeks or months. */
  readonly period: Period;
  /** Within which longer period. */
  readonly within: Period;
}

/** Counts of one longer period. */
interface Stickiness {
  /** Customers by number of active periods, from index 1. */
  readonly byActive: number[];
  /** Periods that it has, as far as the data goes. */
  readonly periods: number;
  /** Whether the data covers it from its first day to its last. */
  readonly whole: boolean;
}

/** `retention.stickiness`: in how many periods customers are active, and how many in a row. */
export const stickiness: Analysis<StickinessParameters> = (context): AnalysisResult => {
  const { period, within } = context.parameters;
  const input = requireEvents(context.inputs.events);
  if (PERIODS.indexOf(within) <= PERIODS.indexOf(period) || (period === 'week' && within !== 'year')) {
    throw new AnalysisError(
      `'period' = '${period}' does not fit into 'within' = '${within}'; count days within weeks, months, quarters or years, weeks within years, months within quarters or years.`,
      { text: message('error.periods'), path: 'parameters.within' },
    );
  }
  const found = measure(
    customerKeys(input.fields.customer),
    input.fields.time as TimeColumn,
    context.timeZone,
    period,
    within,
  );
  const whole = found.spans.filter((span) => span.whole);
  const basis = whole.length > 0 ? whole : found.spans;
  const ratio = ratioOf(basis);
  const longest = found.longest.length - 1;
  return {
    headline: message('headline.stickiness', {
      ratio: { value: ratio, as: 'percent' },
      period: message(`unit.${period}`),
      within: message(`unit.${within}`),
    }),
    metrics: {
      customers: { value: found.customers, title: message('metric.customers'), format: 'integer' },
      stickiness: { value: ratio, n: basis.length, title: message('metric.stickiness'), format: 'percent' },
      meanActive: { value: meanActive(basis), title: message('metric.meanActive'), format: 'decimal' },
      longestStreak: { value: longest, title: message('metric.longestStreak'), format: 'integer' },
    },
    tables: {
      spans: spansTable(found.spans, found.firstSpan, within),
      stickiness: activeTable(found.spans, found.firstSpan, within),
      streaks: streaksTable(found.longest, found.current),
    },
    charts: charts(basis, found),
    notes: [
      { level: 'info', text: message('note.stickiness') },
      { level: 'info', text: message('note.streak') },
    ],
  };
};

interface Found {
  readonly customers: number;
  readonly firstSpan: number;
  readonly spans: readonly Stickiness[];
  /** Customers by length of their longest and of their current run of active periods. */
  readonly longest: readonly number[];
  readonly current: readonly number[];
}

function measure(keys: CustomerKeys, time: TimeColumn, timeZone: string, period: Period, within: Period): Found {
  const calendar = calendarSlots(time, period, timeZone);
  const spanOf = Int32Array.from({ length: calendar.slots }, (_, slot) =>
    periodOfDay(Math.max(calendar.firstDay, periodStart(calendar.firstPeriod + slot, period)), within),
  );
  const firstSpan = spanOf[0];
  const spans = Array.from({ length: spanOf[spanOf.length - 1] - firstSpan + 1 }, (_, i) => ({
    byActive: [] as number[],
    periods: 0,
    whole:
      periodStart(firstSpan + i, within) >= calendar.firstDay &&
      periodStart(firstSpan + i + 1, within) <= calendar.lastDay + 1,
  }));
  for (const span of spanOf) spans[span - firstSpan].periods++;
  const longest: number[] = [];
  const current: number[] = [];
  const count = (list: number[], at: number): void => {
    list[at] = (list[at] ?? 0) + 1;
  };
  const slots = new Int32Array(calendar.slots);
  let customers = 0;
  forEachActivity(keys, calendar.slots, [calendar.reader()], ([active]) => {
    for (let code = 0; code < active.codes; code++) {
      const length = slotsOf(active, code * active.words, slots);
      if (length === 0) continue;
      customers++;
      let best = 0;
      let run = 0;
      let inSpan = 0;
      for (let i = 0; i < length; i++) {
        run = i > 0 && slots[i] === slots[i - 1] + 1 ? run + 1 : 1;
        best = Math.max(best, run);
        inSpan++;
        const span = spanOf[slots[i]];
        if (i + 1 === length || spanOf[slots[i + 1]] !== span) {
          count(spans[span - firstSpan].byActive, inSpan);
          inSpan = 0;
        }
      }
      count(longest, best);
      // A run is current while it reaches the last period or the one before, which may still go on.
      count(current, slots[length - 1] >= calendar.slots - 2 ? run : 0);
    }
  });
  return { customers, firstSpan, spans, longest, current };
}

function customersOf({ byActive }: Stickiness): number {
  return byActive.reduce((sum, count) => sum + (count ?? 0), 0);
}

function activeOf({ byActive }: Stickiness): number {
  return byActive.reduce((sum, count, active) => sum + (count ?? 0) * active, 0);
}

/** Mean customers of a period over customers of the longer one (DAU over MAU), all longer periods together. */
function ratioOf(spans: readonly Stickiness[]): number {
  const active = spans.reduce((sum, span) => sum + activeOf(span) / span.periods, 0);
  return active / spans.reduce((sum, span) => sum + customersOf(span), 0);
}

function meanActive(spans: readonly Stickiness[]): number {
  return spans.reduce((sum, span) => sum + activeOf(span), 0) / spans.reduce((sum, span) => sum + customersOf(span), 0);
}

const column = (name: string, type: RowTableColumn['type'], format?: RowTableColumn['format']): RowTableColumn => ({
  name,
  title: message(`column.${name}`),
  type,
  format,
});

function spansTable(spans: readonly Stickiness[], firstSpan: number, within: Period) {
  return tableFromRows(
    [
      column('span', 'string'),
      column('customers', 'integer', 'integer'),
      column('meanActive', 'number', 'decimal'),
      column('stickiness', 'number', 'percent'),
      column('complete', 'boolean'),
    ],
    spans.map((span, i): CellValue[] => {
      const customers = customersOf(span);
      return [
        periodLabel(firstSpan + i, within),
        customers,
        customers > 0 ? activeOf(span) / customers : null,
        customers > 0 ? activeOf(span) / span.periods / customers : null,
        span.whole,
      ];
    }),
    { title: message('table.spans') },
  );
}

function activeTable(spans: readonly Stickiness[], firstSpan: number, within: Period) {
  const rows = spans.flatMap((span, i) => {
    const customers = customersOf(span);
    return Array.from(span.byActive, (count = 0, active): CellValue[] => [
      periodLabel(firstSpan + i, within),
      active,
      count,
      count / customers,
    ]).slice(1);
  });
  return tableFromRows(
    [
      column('span', 'string'),
      column('activePeriods', 'integer', 'integer'),
      column('customers', 'integer', 'integer'),
      column('share', 'number', 'percent'),
    ],
    rows,
    { title: message('table.stickiness') },
  );
}

function streaksTable(longest: readonly number[], current: readonly number[]) {
  return tableFromRows(
    [
      column('streak', 'integer', 'integer'),
      column('longestStreak', 'integer', 'integer'),
      column('currentStreak', 'integer', 'integer'),
    ],
    Array.from({ length: longest.length }, (_, length): CellValue[] => [
      length,
      longest[length] ?? 0,
      current[length] ?? 0,
    ]),
    { title: message('table.streaks') },
  );
}

function charts(basis: readonly Stickiness[], found: Found): ChartSpec[] {
  const most = Math.max(...basis.map((span) => span.byActive.length - 1));
  const totals = Array.from({ length: most }, (_, i) =>
    basis.reduce((sum, span) => sum + (span.byActive[i + 1] ?? 0), 0),
  );
  const all = totals.reduce((sum, count) => sum + count, 0);
  const streaks = Array.from({ length: found.longest.length - 1 }, (_, i) => found.longest[i + 1] ?? 0);
  return [
    {
      kind: 'bar',
      id: 'stickiness',
      title: message('chart.stickiness'),
      summary: message('chart.stickiness.summary'),
      table: 'stickiness',
      categories: totals.map((_, i) => String(i + 1)),
      series: [{ name: message('column.share'), values: totals.map((count) => count / all) }],
      value: { format: 'percent' },
      category: { title: message('column.activePeriods') },
    },
    {
      kind: 'bar',
      id: 'streaks',
      title: message('chart.streaks'),
      summary: message('chart.streaks.summary'),
      table: 'streaks',
      categories: streaks.map((_, i) => String(i + 1)),
      series: [{ name: message('column.customers'), values: streaks }],
      value: { format: 'integer' },
      category: { title: message('column.streak') },
    },
  ];
}
