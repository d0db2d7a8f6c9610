import { isPresent } from '../read-column.ts';
import { type Period, periodTable } from './period.ts';
import { dayReader, type TimeColumn } from './wall-clock.ts';

const BLOCK = 16_384;
/** About 2,800 years: days further apart than this are not calendar days of one table. */
const LONGEST_SPAN = 1 << 20;

/** The period number of every row, and the first and the last that occur (`first` > `last` where there is no row). */
export interface PeriodIndex {
  readonly period: Period;
  /** `periodOfDay` of each row's day. */
  readonly indexes: Int32Array;
  readonly first: number;
  readonly last: number;
}

/**
 * Cuts a time column into calendar periods: dates and wall-clock times by their own calendar, instants by the calendar of
 * `timeZone`. One pass and one table look-up a row. A row without a value takes the
 * first period.
 * @throws RangeError where the zone's name is not known or the days span more than 2,800 years.
 */
export function periodIndex(column: TimeColumn, period: Period, timeZone: string): PeriodIndex {
  const indexes = new Int32Array(column.length);
  const { first, last } = dayExtent(column, timeZone, indexes);
  if (first > last) return { period, indexes, first: 0, last: -1 };
  if (period === 'day') return { period, indexes, first, last };
  const table = periodTable(first, last, period);
  for (let i = 0; i < indexes.length; i++) indexes[i] = table[indexes[i] - first];
  return { period, indexes, first: table[0], last: table[table.length - 1] };
}

function dayExtent(column: TimeColumn, timeZone: string, days: Int32Array): { first: number; last: number } {
  const read = dayReader(column, timeZone);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < column.length; start += BLOCK) {
    const end = Math.min(column.length, start + BLOCK);
    const block = days.subarray(start, end);
    read(start, end, block);
    for (let i = 0; i < block.length; i++) {
      if (column.validity && !isPresent(column, start + i)) continue;
      if (block[i] < first) first = block[i];
      if (block[i] > last) last = block[i];
    }
  }
  if (column.validity && first <= last) {
    for (let row = 0; row < days.length; row++) if (!isPresent(column, row)) days[row] = first;
  }
  if (last - first > LONGEST_SPAN) {
    throw new RangeError(
      `The times span ${Math.round((last - first) / 365.25)} years; check the time column for values that are not times.`,
    );
  }
  return { first, last };
}
