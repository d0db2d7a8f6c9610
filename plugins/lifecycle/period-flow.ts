import {
  type CustomerKeys,
  calendarSlots,
  forEachActivity,
  type Period,
  periodStart,
  slotsOf,
  type TimeColumn,
} from '@patron/sdk';

/** What a customer is in a period; dormant: active in the period before, but not in this one. */
const STATES = ['new', 'returning', 'resurrected', 'dormant'] as const;
type State = (typeof STATES)[number];

/** Customers by period, from the first period with a row to the last. */
export interface PeriodFlow {
  readonly period: Period;
  /** Period number of entry 0, as `periodOfDay`. */
  readonly firstPeriod: number;
  readonly periods: number;
  readonly customers: number;
  readonly counts: Readonly<Record<State, Uint32Array>>;
  /** What the customers who went dormant in a period had been in the period before. */
  readonly dormantFrom: Readonly<Record<'new' | 'returning' | 'resurrected', Uint32Array>>;
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * Sorts every customer into one state a period: new in the first active period, returning where active in the period before
 * too, resurrected where active again after a gap, dormant in the first period without activity. Rows may stand in any order.
 */
export function periodFlow(keys: CustomerKeys, time: TimeColumn, period: Period, timeZone: string): PeriodFlow {
  const calendar = calendarSlots(time, period, timeZone);
  const { slots } = calendar;
  const list = (): Uint32Array => new Uint32Array(slots);
  const counts = { new: list(), returning: list(), resurrected: list(), dormant: list() };
  const dormantFrom = { new: list(), returning: list(), resurrected: list() };
  const active = new Int32Array(slots);
  let customers = 0;
  forEachActivity(keys, slots, [calendar.reader()], ([bits]) => {
    for (let code = 0; code < bits.codes; code++) {
      const count = slotsOf(bits, code * bits.words, active);
      if (count > 0) customers++;
      for (let i = 0; i < count; i++) {
        const slot = active[i];
        const state = i === 0 ? 'new' : active[i - 1] === slot - 1 ? 'returning' : 'resurrected';
        counts[state][slot]++;
        if (slot + 1 < slots && (i + 1 === count || active[i + 1] !== slot + 1)) {
          counts.dormant[slot + 1]++;
          dormantFrom[state][slot + 1]++;
        }
      }
    }
  });
  const { firstPeriod, firstDay, lastDay } = calendar;
  return { period, firstPeriod, periods: slots, customers, counts, dormantFrom, firstDay, lastDay };
}

/** Customers active in entry `index`. */
export function activeIn({ counts }: PeriodFlow, index: number): number {
  return counts.new[index] + counts.returning[index] + counts.resurrected[index];
}

/** Whether the data covers the period of entry `index` from its first day to its last. */
export function isComplete({ period, firstPeriod, firstDay, lastDay }: PeriodFlow, index: number): boolean {
  return (
    periodStart(firstPeriod + index, period) >= firstDay && periodStart(firstPeriod + index + 1, period) <= lastDay + 1
  );
}
