import { type CustomerKeys, calendarSlots, forEachActivity, slotsOf, type TimeColumn } from '@patron/sdk';

/** How long customers stay away between one active day and the next. Index of the counts: days. */
export interface UsageIntervals {
  readonly customers: number;
  /** Customers with more than one active day. */
  readonly repeaters: number;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Intervals that ended with the customer coming back. */
  readonly completed: Uint32Array;
  /** Each customer's days from the last active day to the last day of the data. */
  readonly open: Uint32Array;
  /** Mean interval of each repeater, in days. */
  readonly means: Float64Array;
}

/** Measures every interval between successive active days of every customer. Rows may stand in any order. */
export function usageIntervals(keys: CustomerKeys, time: TimeColumn, timeZone: string): UsageIntervals {
  const calendar = calendarSlots(time, 'day', timeZone);
  const completed = new Uint32Array(calendar.slots + 1);
  const open = new Uint32Array(calendar.slots + 1);
  const days = new Int32Array(calendar.slots);
  const means = new Float64Array(keys.count);
  let customers = 0;
  let repeaters = 0;
  forEachActivity(keys, calendar.slots, [calendar.reader()], ([active]) => {
    for (let code = 0; code < active.codes; code++) {
      const count = slotsOf(active, code * active.words, days);
      if (count === 0) continue;
      customers++;
      for (let i = 1; i < count; i++) completed[days[i] - days[i - 1]]++;
      open[calendar.slots - 1 - days[count - 1]]++;
      if (count > 1) means[repeaters++] = (days[count - 1] - days[0]) / (count - 1);
    }
  });
  const { firstDay, lastDay } = calendar;
  return { customers, repeaters, firstDay, lastDay, completed, open, means: means.slice(0, repeaters) };
}

/** The smallest number of days within which `share` of the counted intervals lie; 0 where there is none. */
export function daysCovering(counts: Uint32Array, share: number): number {
  let total = 0;
  for (const count of counts) total += count;
  let within = 0;
  for (let days = 0; days < counts.length; days++) {
    within += counts[days];
    if (total > 0 && within >= share * total) return days;
  }
  return 0;
}

/** What a churn window of `days` would mean. */
export interface WindowOutcome {
  readonly days: number;
  /** Share of completed intervals that are no longer than the window. */
  readonly covered: number | null;
  /** Times that a customer was away longer, and how many of these ended with coming back. */
  readonly silences: number;
  readonly cameBack: number;
  /** Customers who are away longer at the end of the data. */
  readonly churned: number;
}

/** The outcome of a window, from the counts alone. */
export function windowOutcome({ completed, open }: UsageIntervals, days: number): WindowOutcome {
  let total = 0;
  let cameBack = 0;
  let churned = 0;
  for (let length = 0; length < completed.length; length++) {
    total += completed[length];
    if (length > days) {
      cameBack += completed[length];
      churned += open[length];
    }
  }
  return {
    days,
    covered: total > 0 ? (total - cameBack) / total : null,
    silences: cameBack + churned,
    cameBack,
    churned,
  };
}
