import { type CohortCounts, type Interval, periodOfDay, periodStart, WINDOW_DAYS, wilsonInterval } from '@patron/sdk';

/** What a cell of the grid is a share of. */
export type Against = 'first' | 'previous';

/** One cell: customers of a cohort who came back at an offset (or within a bracket). */
export interface CohortCell {
  readonly cohort: number;
  /** Column of the grid: offset, or number of the bracket. */
  readonly column: number;
  readonly customers: number;
  /** What the share is of: the cohort's size, or those of the column before. */
  readonly base: number;
  readonly share: number | null;
  readonly interval: Interval;
  readonly revenue: number | null;
  readonly revenueShare: number | null;
  /** What a customer of the cohort has brought in on average up to and with this offset. */
  readonly revenuePerCustomer: number | null;
  readonly complete: boolean;
}

export interface GridOptions {
  readonly against: Against;
  readonly windows: 'calendar' | 'rolling';
  readonly brackets?: readonly (readonly [number, number])[];
  /** Last day (days since 1970-01-01) up to which the data is whole. */
  readonly observedTo: number;
}

/** The cells that the data has reached, cohort by cohort. Cohorts without customers have none. */
export function cohortCells(counts: CohortCounts, options: GridOptions): CohortCell[] {
  const cells: CohortCell[] = [];
  for (let cohort = 0; cohort < counts.cohorts; cohort++) {
    if (counts.sizes[cohort] === 0) continue;
    const row = cohort * counts.offsets;
    let unitsSoFar = 0;
    for (let column = 0; column < counts.offsets; column++) {
      const [from, to] = options.brackets?.[column] ?? [column, column];
      if (dayOfOffset(counts, cohort, from, options) > counts.lastDay) break;
      const customers = counts.counts[row + column];
      const size = counts.sizes[cohort];
      const base = options.against === 'previous' && column > 0 ? counts.counts[row + column - 1] : size;
      const units = counts.units?.[row + column];
      unitsSoFar += units ?? 0;
      const baseUnits = counts.units?.[row + (options.against === 'previous' && column > 0 ? column - 1 : 0)];
      cells.push({
        cohort,
        column,
        customers,
        base,
        share: base > 0 ? customers / base : null,
        interval: wilsonInterval(Math.min(customers, base), base),
        revenue: units === undefined ? null : units / counts.scale,
        revenueShare: units !== undefined && baseUnits !== undefined && baseUnits > 0 ? units / baseUnits : null,
        revenuePerCustomer: units === undefined ? null : unitsSoFar / counts.scale / size,
        complete: dayAfterOffset(counts, cohort, to, options) <= options.observedTo + 1,
      });
    }
  }
  return cells;
}

/** First day on which a customer of the cohort can be at the offset. */
function dayOfOffset(
  { period, firstPeriod }: CohortCounts,
  cohort: number,
  offset: number,
  options: GridOptions,
): number {
  if (options.windows === 'calendar') return periodStart(firstPeriod + cohort + offset, period);
  return periodStart(firstPeriod + cohort, period) + offset * WINDOW_DAYS[period];
}

/** First day on which no customer of the cohort can be at the offset any more. */
function dayAfterOffset(
  { period, firstPeriod }: CohortCounts,
  cohort: number,
  offset: number,
  options: GridOptions,
): number {
  if (options.windows === 'calendar') return periodStart(firstPeriod + cohort + offset + 1, period);
  return periodStart(firstPeriod + cohort + 1, period) + (offset + 1) * WINDOW_DAYS[period];
}

/** Whether the first cohort's period had begun before the data did, so that its customers may not be new. */
export function startsMidPeriod({ period, firstPeriod, firstDay }: CohortCounts): boolean {
  return periodOfDay(firstDay, period) === firstPeriod && firstDay > periodStart(firstPeriod, period);
}

/** One point of the retention curve, from complete cells only. */
export interface CurvePoint {
  readonly column: number;
  readonly cohorts: number;
  readonly customers: number;
  readonly base: number;
  /** All customers alike. */
  readonly weighted: number;
  readonly interval: Interval;
  /** All cohorts alike. */
  readonly simple: number;
  readonly revenueShare: number | null;
}

/** The mean curve over the cohorts whose cell is complete. */
export function retentionCurve(cells: readonly CohortCell[], columns: number): CurvePoint[] {
  const sums = Array.from({ length: columns }, () => ({
    cohorts: 0,
    customers: 0,
    base: 0,
    shares: 0,
    revenue: 0,
    firstRevenue: 0,
  }));
  let firstRevenue = 0;
  for (const cell of cells) {
    if (cell.column === 0) firstRevenue = cell.revenue ?? 0;
    if (!cell.complete || cell.share === null) continue;
    const sum = sums[cell.column];
    sum.cohorts++;
    sum.customers += cell.customers;
    sum.base += cell.base;
    sum.shares += cell.share;
    sum.revenue += cell.revenue ?? 0;
    sum.firstRevenue += firstRevenue;
  }
  return sums.flatMap((sum, column) =>
    sum.cohorts === 0
      ? []
      : [
          {
            column,
            cohorts: sum.cohorts,
            customers: sum.customers,
            base: sum.base,
            weighted: sum.customers / sum.base,
            interval: wilsonInterval(Math.min(sum.customers, sum.base), sum.base),
            simple: sum.shares / sum.cohorts,
            revenueShare: sum.firstRevenue > 0 ? sum.revenue / sum.firstRevenue : null,
          },
        ],
  );
}
