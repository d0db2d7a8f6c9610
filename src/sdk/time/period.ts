/** A calendar period. Weeks start on Monday (ISO 8601). */
export type Period = 'day' | 'week' | 'month' | 'quarter' | 'year';

export const PERIODS: readonly Period[] = ['day', 'week', 'month', 'quarter', 'year'];

/** Year, month (1–12) and day of month of a day number (days since 1970-01-01), proleptic Gregorian. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Calendar date of a day number (Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days). */
export function civilFromDay(dayNumber: number): CivilDate {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Day number of a calendar date; `month` may lie outside 1–12 and carries into the year. */
export function dayFromCivil(year: number, month: number, day: number): number {
  const carried = year + Math.floor((month - 1) / 12);
  const monthInYear = (((month - 1) % 12) + 12) % 12;
  const shiftedYear = monthInYear < 2 ? carried - 1 : carried;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * ((monthInYear + 10) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * Number of the period that a day lies in, counted so that the period holding 1970-01-01 is 0 and the next one is 1:
 * days since 1970-01-01, weeks since Monday 1969-12-29, months since January 1970, and so on.
 */
export function periodOfDay(dayNumber: number, period: Period): number {
  switch (period) {
    case 'day':
      return dayNumber;
    case 'week':
      return Math.floor((dayNumber + 3) / 7);
    default: {
      const { year, month } = civilFromDay(dayNumber);
      if (period === 'month') return (year - 1970) * 12 + month - 1;
      if (period === 'quarter') return (year - 1970) * 4 + Math.floor((month - 1) / 3);
      return year - 1970;
    }
  }
}

/** First day (days since 1970-01-01) of period number `index`. The period ends before `periodStart(index + 1, period)`. */
export function periodStart(index: number, period: Period): number {
  switch (period) {
    case 'day':
      return index;
    case 'week':
      return index * 7 - 3;
    case 'month':
      return dayFromCivil(1970, index + 1, 1);
    case 'quarter':
      return dayFromCivil(1970, index * 3 + 1, 1);
    case 'year':
      return dayFromCivil(1970 + index, 1, 1);
  }
}

/** Period number as text that sorts by time: `2010-12-01` (day, or the week's Monday), `2010-12`, `2010-Q4`, `2010`. */
export function periodLabel(index: number, period: Period): string {
  const { year, month, day } = civilFromDay(periodStart(index, period));
  const fourDigits = String(year).padStart(4, '0');
  const twoDigits = (number: number): string => String(number).padStart(2, '0');
  switch (period) {
    case 'year':
      return fourDigits;
    case 'quarter':
      return `${fourDigits}-Q${Math.ceil(month / 3)}`;
    case 'month':
      return `${fourDigits}-${twoDigits(month)}`;
    default:
      return `${fourDigits}-${twoDigits(month)}-${twoDigits(day)}`;
  }
}

/** Period numbers of every day from `firstDay` to `lastDay`, both included: entry i is for `firstDay + i`. */
export function periodTable(firstDay: number, lastDay: number, period: Period): Int32Array {
  const table = new Int32Array(lastDay - firstDay + 1);
  let index = periodOfDay(firstDay, period);
  let next = periodStart(index + 1, period);
  for (let i = 0; i < table.length; i++) {
    if (firstDay + i >= next) next = periodStart(++index + 1, period);
    table[i] = index;
  }
  return table;
}
