import { type Period, periodOfDay, periodStart, sortedIndices } from '@patron/sdk';
import { type ActiveSpans, OPEN } from './churn-periods.ts';

/** Each customer's spans together, in the order of their first days; a span lasts to its end without any window after it. */
export interface SpanHistory {
  /** By customer code: where its spans start; one more entry marks the end. */
  readonly starts: Uint32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Row of each span. */
  readonly rows: Uint32Array;
  /** Days from an end to a start that are no silence: 1 for contracts, where the next may begin on the day after. */
  readonly seam: 0 | 1;
  /** Last day of the data. */
  readonly asOf: number;
}

/** The history of spans that begin by `asOf`. */
export function spanHistory(
  { customers, customerCount, first, last }: Omit<ActiveSpans, 'amount'>,
  seam: 0 | 1,
  asOf: number,
): SpanHistory {
  const starts = new Uint32Array(customerCount + 1);
  for (let i = 0; i < first.length; i++) if (first[i] <= asOf) starts[customers[i] + 1]++;
  for (let code = 0; code < customerCount; code++) starts[code + 1] += starts[code];
  const rows = new Uint32Array(starts[customerCount]);
  const next = starts.slice(0, customerCount);
  for (const row of sortedIndices(first)) if (first[row] <= asOf) rows[next[customers[row]]++] = row;
  return {
    starts,
    rows,
    first: Int32Array.from(rows, (row) => first[row]),
    last: Int32Array.from(rows, (row) => last[row]),
    seam,
    asOf,
  };
}

/** Days of silence: those that a return ended, and those that last at the end of the data. Ascending. */
export interface Silences {
  readonly over: Int32Array;
  readonly lasting: Int32Array;
}

/** The silences between spans of each customer, and after the last. */
export function silencesOf({ starts, first, last, seam, asOf }: SpanHistory): Silences {
  const over = new Int32Array(first.length);
  const lasting = new Int32Array(starts.length);
  let overs = 0;
  let lasts = 0;
  for (let code = 0; code + 1 < starts.length; code++) {
    if (starts[code] === starts[code + 1]) continue;
    let end = last[starts[code]];
    for (let i = starts[code] + 1; i < starts[code + 1]; i++) {
      if (first[i] - end > seam) over[overs++] = first[i] - end - seam;
      if (last[i] > end) end = last[i];
    }
    if (end <= asOf) lasting[lasts++] = asOf - end;
  }
  return { over: over.slice(0, overs).sort(), lasting: lasting.slice(0, lasts).sort() };
}

/**
 * The last day of each row's span with `window` days after it, up to the next span where that begins within the window: a
 * contract that is renewed in time has no gap.
 */
export function windowedEnds(history: SpanHistory, ends: Int32Array, window: number): Int32Array {
  const { starts, first, last, rows, seam } = history;
  const windowed = ends.map((end) => (end >= OPEN - window ? OPEN : end + window));
  if (seam === 0) return windowed;
  for (let code = 0; code + 1 < starts.length; code++) {
    for (let i = starts[code], longest = i; i < starts[code + 1]; i++) {
      const gap = first[i] - last[longest];
      if (i > longest && gap > 0 && gap - seam <= window) windowed[rows[longest]] = first[i];
      if (last[i] > last[longest]) longest = i;
    }
  }
  return windowed;
}

/** How a definition "silent for more than `days`" fares on customers' histories. */
export interface WindowRow {
  readonly days: number;
  /** Silences that have lasted longer than the window by the end of the data, over or not. */
  readonly silences: number;
  /** Of these, how many ended with a return: churn called too early. */
  readonly cameBack: number;
  /** Customers who are in such a silence at the end of the data. */
  readonly churnedNow: number;
  /** Over all complete periods: customers at their starts, and how many of these are churned at their ends. */
  readonly customers: number;
  readonly churned: number;
}

/** One row of the sensitivity of churn to the window for each of some windows, ascending. */
export function windowRows(
  history: SpanHistory,
  silences: Silences,
  windows: readonly number[],
  period: Period,
  knownFrom: (window: number) => number,
): WindowRow[] {
  const rates = windowRates(history, windows, period, knownFrom);
  return windows.map((days, i) => {
    const cameBack = above(silences.over, days);
    const churnedNow = above(silences.lasting, days);
    return { days, silences: cameBack + churnedNow, cameBack, churnedNow, ...rates[i] };
  });
}

/** The churn of all complete periods by each window, in one walk over customers and periods. */
function windowRates(
  history: SpanHistory,
  windows: readonly number[],
  period: Period,
  knownFrom: (window: number) => number,
): { customers: number; churned: number }[] {
  const { starts, first, last, seam, asOf } = history;
  let earliest = asOf;
  for (const day of first) if (day < earliest) earliest = day;
  const from = periodOfDay(earliest, period);
  // Boundaries of complete periods only: the last one may not be over.
  let boundaries = 0;
  while (periodStart(from + boundaries, period) <= asOf + 1) boundaries++;
  const days = Int32Array.from({ length: boundaries }, (_, i) => periodStart(from + i, period));
  const width = windows.length + 1;
  // Differences along the windows: who is active from a window on, and who is churned from one window up to another.
  const active = new Float64Array(boundaries * width);
  const churned = new Float64Array(boundaries * width);
  for (let code = 0; code + 1 < starts.length; code++) {
    let i = starts[code];
    let end = Number.NEGATIVE_INFINITY;
    let before = windows.length;
    for (let b = i < starts[code + 1] ? periodOfDay(first[i], period) - from : boundaries; b < boundaries; b++) {
      for (; i < starts[code + 1] && first[i] < days[b]; i++) if (last[i] > end) end = last[i];
      const renewed = seam === 1 && i < starts[code + 1] && first[i] === days[b] ? 1 : 0;
      const now = firstWindow(windows, days[b] - end - renewed);
      if (b > 0 && before < windows.length) {
        const at = (b - 1) * width;
        active[at + before]++;
        if (now > before) {
          churned[at + before]++;
          churned[at + now]--;
        }
      }
      before = now;
    }
  }
  return windows.map((window, w) => {
    const sums = { customers: 0, churned: 0 };
    for (let b = 0; b + 1 < boundaries; b++) {
      if (days[b] < knownFrom(window)) continue;
      for (let k = 0; k <= w; k++) {
        sums.customers += active[b * width + k];
        sums.churned += churned[b * width + k];
      }
    }
    return sums;
  });
}

/** The first of ascending windows that a silence of so many days is within; their number where there is none. */
function firstWindow(windows: readonly number[], silence: number): number {
  let w = 0;
  while (w < windows.length && windows[w] < silence) w++;
  return w;
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

/** The window that nine in ten silences that ended stay within, in whole weeks; 90 days where no one came back. */
export function proposedWindow({ over }: Silences): number {
  if (over.length === 0) return 90;
  const ninth = over[Math.min(over.length - 1, Math.ceil(over.length * 0.9) - 1)];
  return Math.max(7, Math.ceil(ninth / 7) * 7);
}
