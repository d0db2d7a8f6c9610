import { type Period, periodOfDay, periodStart } from '@patron/sdk';

/** Spans of days in which a customer counts as active, one entry each; a contract, or a purchase and the window after it. */
export interface ActiveSpans {
  readonly customers: ArrayLike<number>;
  readonly customerCount: number;
  /** First and last active day, days since 1970; a last day of `OPEN` has no end yet. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** What a span is worth; 1 where absent. */
  readonly amount?: ArrayLike<number>;
}

export const OPEN = 2_147_483_647;

/** Customers and revenue at the start of a period, and what became of them by its end. */
export interface ChurnPeriod {
  readonly period: number;
  readonly customers: number;
  readonly churned: number;
  /** Active at the end and not at the start: for the first time, or again. */
  readonly joined: number;
  readonly returned: number;
  readonly revenue: number;
  readonly lost: number;
  readonly contraction: number;
  readonly expansion: number;
  /** False where the data end before the period does, or begin too late to know who was active at its start. */
  readonly complete: boolean;
}

/**
 * Churn by calendar period: a customer is active at a day's start where a span began before it and lasts at least to it;
 * churned in a period is who was active at its start and not at its end. Cost: spans × periods.
 *
 * @param asOf last day of the data
 * @param knownFrom first day at whose start all active customers are known
 */
export function churnByPeriod(spans: ActiveSpans, period: Period, asOf: number, knownFrom: number): ChurnPeriod[] {
  const { first } = spans;
  let earliest = OPEN;
  for (let i = 0; i < first.length; i++) if (first[i] < earliest) earliest = first[i];
  const from = periodOfDay(earliest, period);
  const to = periodOfDay(asOf, period);
  const ever = new Uint8Array(spans.customerCount);
  let before = stateAt(spans, periodStart(from, period));
  const periods: ChurnPeriod[] = [];
  for (let index = from; index <= to; index++) {
    const end = periodStart(index + 1, period);
    const after = stateAt(spans, Math.min(end, asOf + 1));
    const complete = end <= asOf + 1 && periodStart(index, period) >= knownFrom;
    periods.push({ ...compare(before, after, ever), period: index, complete });
    before = after;
  }
  return periods;
}

interface State {
  readonly active: Uint8Array;
  readonly worth: Float64Array;
}

function stateAt(spans: ActiveSpans, day: number): State {
  const { customers, first, last, amount } = spans;
  const active = new Uint8Array(spans.customerCount);
  const worth = new Float64Array(spans.customerCount);
  for (let i = 0; i < first.length; i++) {
    if (first[i] >= day || last[i] < day) continue;
    active[customers[i]] = 1;
    worth[customers[i]] += amount ? amount[i] : 1;
  }
  return { active, worth };
}

function compare(before: State, after: State, ever: Uint8Array): Omit<ChurnPeriod, 'period' | 'complete'> {
  let customers = 0;
  let churned = 0;
  let joined = 0;
  let returned = 0;
  let revenue = 0;
  let lost = 0;
  let contraction = 0;
  let expansion = 0;
  for (let c = 0; c < ever.length; c++) {
    if (before.active[c] === 1) {
      customers++;
      ever[c] = 1;
      revenue += before.worth[c];
      const change = after.worth[c] - before.worth[c];
      if (after.active[c] === 0) {
        churned++;
        lost += before.worth[c];
      } else if (change < 0) contraction -= change;
      else expansion += change;
    } else if (after.active[c] === 1) {
      if (ever[c] === 1) returned++;
      else joined++;
      ever[c] = 1;
    }
  }
  return { customers, churned, joined, returned, revenue, lost, contraction, expansion };
}

/** How a definition "silent for more than `days`" fares on customers' purchase days. */
export interface WindowRow {
  readonly days: number;
  /** Silences that have lasted longer than the window by the end of the data, over or not. */
  readonly silences: number;
  /** Of these, how many ended with a purchase: churn called too early. */
  readonly cameBack: number;
  /** Customers who are in such a silence at the end of the data. */
  readonly churnedNow: number;
}

/** Days between purchases: those that a purchase ended, and the open ones at the end of the data. Ascending. */
export interface Gaps {
  readonly closed: Int32Array;
  readonly open: Int32Array;
}

/** Gaps between the distinct purchase days of each customer, up to `asOf`. */
export function purchaseGaps(codes: ArrayLike<number>, count: number, days: Int32Array, asOf: number): Gaps {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < days.length; i++) if (days[i] <= asOf) starts[codes[i] + 1]++;
  for (let code = 0; code < count; code++) starts[code + 1] += starts[code];
  const filled = starts.slice(0, count);
  const sorted = new Int32Array(starts[count]);
  for (let i = 0; i < days.length; i++) if (days[i] <= asOf) sorted[filled[codes[i]]++] = days[i];
  const closed = new Int32Array(sorted.length);
  const open = new Int32Array(count);
  let gaps = 0;
  let customers = 0;
  for (let code = 0; code < count; code++) {
    const own = sorted.subarray(starts[code], starts[code + 1]);
    if (own.length === 0) continue;
    own.sort();
    for (let i = 1; i < own.length; i++) if (own[i] > own[i - 1]) closed[gaps++] = own[i] - own[i - 1];
    open[customers++] = asOf - own[own.length - 1];
  }
  return { closed: closed.slice(0, gaps).sort(), open: open.slice(0, customers).sort() };
}

/** One row of the sensitivity of churn to the window. */
export function windowRow(gaps: Gaps, days: number): WindowRow {
  const cameBack = above(gaps.closed, days);
  const churnedNow = above(gaps.open, days);
  return { days, silences: cameBack + churnedNow, cameBack, churnedNow };
}

function above(sorted: Int32Array, days: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= days) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

/** The window that nine in ten gaps between purchases stay within, in whole weeks; 90 days where no one bought twice. */
export function proposedWindow(gaps: Gaps): number {
  const { closed } = gaps;
  if (closed.length === 0) return 90;
  const ninth = closed[Math.min(closed.length - 1, Math.ceil(closed.length * 0.9) - 1)];
  return Math.max(7, Math.ceil(ninth / 7) * 7);
}
