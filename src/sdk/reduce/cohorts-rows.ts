import { type Period, periodTable } from '../time/period.ts';
import { dayReader, type TimeColumn } from '../time/wall-clock.ts';
import type { SlotReader } from './cohorts-activity.ts';
import { BLOCK } from './customer-summary-blocks.ts';

/** About 2,800 years: days further apart than this are not calendar days of one table. */
const LONGEST_SPAN = 1 << 20;

/** The calendar periods that a time column's rows fall in. */
export interface CalendarSlots extends DaySpan {
  /** Period number of slot 0, as `periodOfDay`. */
  readonly firstPeriod: number;
  readonly slots: number;
  /** Reads rows as periods counted from the first one; with a mask, −1 for rows whose entry is 0. */
  reader(mask?: Uint8Array): SlotReader;
}

/** First and last day of some rows, as days since 1970-01-01; the first is after the last where there are none. */
export interface DaySpan {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The days in `timeZone` that the rows of a time column span. @throws RangeError where the time zone is not known. */
export function daySpan(time: TimeColumn, timeZone: string): DaySpan {
  const read = dayReader(time, timeZone);
  const days = new Int32Array(BLOCK);
  let firstDay = 0x7fff_ffff;
  let lastDay = -0x8000_0000;
  for (let start = 0; start < time.length; start += BLOCK) {
    const end = Math.min(time.length, start + BLOCK);
    read(start, end, days);
    const length = end - start;
    for (let i = 0; i < length; i++) {
      const day = days[i];
      if (day < firstDay) firstDay = day;
      if (day > lastDay) lastDay = day;
    }
  }
  return { firstDay, lastDay };
}

/**
 * Cuts a time column into the calendar periods of `timeZone` without keeping a number for each row. The span may be given
 * where it is known.
 * @throws RangeError where the time zone is not known or the days span more than 2,800 years.
 */
export function calendarSlots(
  time: TimeColumn,
  period: Period,
  timeZone: string,
  { firstDay, lastDay }: DaySpan = daySpan(time, timeZone),
): CalendarSlots {
  if (firstDay > lastDay) return { firstDay: 0, lastDay: -1, firstPeriod: 0, slots: 0, reader: () => () => {} };
  if (lastDay - firstDay > LONGEST_SPAN) {
    throw new RangeError(
      `The times span ${Math.round((lastDay - firstDay) / 365.25)} years; check the time column for values that are not times.`,
    );
  }
  const periods = periodTable(firstDay, lastDay, period);
  const firstPeriod = periods[0];
  const slotByDay = periods.map((index) => index - firstPeriod);
  const slots = slotByDay[slotByDay.length - 1] + 1;
  const reader = (mask?: Uint8Array): SlotReader => {
    const readDays = dayReader(time, timeZone);
    return (start, end, out) => {
      readDays(start, end, out);
      lookUp(out, slotByDay, firstDay, end - start);
      if (mask) for (let i = start; i < end; i++) if (mask[i] === 0) out[i - start] = -1;
    };
  };
  return { firstDay, lastDay, firstPeriod, slots, reader };
}

function lookUp(days: Int32Array, slotByDay: Int32Array, firstDay: number, length: number): void {
  for (let i = 0; i < length; i++) days[i] = slotByDay[days[i] - firstDay];
}

/** Length of a window of elapsed time, in days, by the period it stands for. */
export const WINDOW_DAYS: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

/** Stored time units in a day. */
export function unitsPerDay(time: TimeColumn): number {
  return time.type === 'date' ? 1 : 86_400_000 / time.unit;
}
