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
