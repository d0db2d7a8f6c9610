import type { DateOrder } from './import-options.ts';

/** A date or time as its text says it. */
export interface TimeText {
  /** Days since 1970-01-01. */
  day: number;
  /** Milliseconds of the day, with fractions; an offset from UTC is already taken off, so it may leave the day. */
  clock: number;
  hasClock: boolean;
  zoned: boolean;
  /** The two numbers whose order is in doubt, where the year is written last; else 0. */
  first: number;
  second: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const LONGEST = 40;

/** Days since 1970-01-01 of a day of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + day - 1;
  return era * 146097 + yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear - 719468;
}

/** Whether there is such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > LENGTHS[month - 1]) return false;
  return day < 29 || month !== 2 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/**
 * Reads `bytes[start .. end]` as a date or time: year first (2011-01-05, 2011/1/5, 2011.1.5, 20110105, 2011年1月5日), year last in
 * the given order (5/1/2011, 05.01.11), or with the month's English name; then, if there is one, the time of day
 * (T or blank, 8:26, 08:26:00.123, AM / PM / 上午 / 下午) and the zone (Z, UTC, +08:00). False where it is none of these.
 */
export function readTime(bytes: Uint8Array, start: number, end: number, order: DateOrder, result: TimeText): boolean {
  if (end - start > LONGEST || end - start < 6) return false;
  result.first = 0;
  result.second = 0;
  result.clock = 0;
  result.hasClock = false;
  result.zoned = false;
  let i = start;
  let year = 0;
  let month = 0;
  let day = 0;

  while (i < end && bytes[i] === 32) i++;
  const width = digitsAt(bytes, i, end);
  const first = numberAt(bytes, i, width);
  i += width;
  if (width === 8) {
    year = Math.floor(first / 10_000);
    month = Math.floor(first / 100) % 100;
    day = first % 100;
    if (year < 1000) return false;
  } else if (width === 4) {
    year = first;
    const separator = skipSeparator(bytes, i, end);
    if (separator === i) return false;
    i = separator;
    const digits = digitsAt(bytes, i, end);
    if (digits > 2) return false;
    month = digits === 0 ? monthName(bytes, i, end) : numberAt(bytes, i, digits);
    i = digits === 0 ? skipLetters(bytes, i, end) : i + digits;
    if (month === 0) return false;
    const next = skipSeparator(bytes, i, end);
    if (next === i) return false;
    i = next;
    const dayDigits = digitsAt(bytes, i, end);
    if (dayDigits === 0 || dayDigits > 2) return false;
    day = numberAt(bytes, i, dayDigits);
    i += dayDigits;
    if (bytes[i] === 0xe6 && (bytes[i + 2] === 0xa5 || bytes[i + 2] === 0xb7))
      i += 3; // 日
    else if (bytes[i] === 0xe5 && bytes[i + 1] === 0x8f && bytes[i + 2] === 0xb7) i += 3; // 号
  } else if (width <= 2) {
    if (width === 0) {
      month = monthName(bytes, i, end);
      if (month === 0) return false;
      i = skipSeparator(bytes, skipLetters(bytes, i, end), end);
      const digits = digitsAt(bytes, i, end);
      if (digits === 0 || digits > 2) return false;
      day = numberAt(bytes, i, digits);
      i += digits;
    } else {
      const separator = skipSeparator(bytes, i, end);
      if (separator === i) return false;
      i = separator;
      const digits = digitsAt(bytes, i, end);
      if (digits > 2) return false;
      const second = numberAt(bytes, i, digits);
      i += digits;
      if (digits === 0) {
        day = first;
        month = monthName(bytes, i, end);
        if (month === 0) return false;
        i = skipLetters(bytes, i, end);
      } else {
        result.first = first;
        result.second = second;
        day = order === 'day-month' ? first : second;
        month = order === 'day-month' ? second : first;
      }
    }
    const separator = skipSeparator(bytes, i, end);
    if (separator === i) return false;
    i = separator;
    const digits = digitsAt(bytes, i, end);
    year = numberAt(bytes, i, digits);
    i += digits;
    if (digits === 2) year += year < 70 ? 2000 : 1900;
    else if (digits !== 4) return false;
  } else return false;
  if (!isDay(year, month, day)) return false;
  result.day = daysFromCivil(year, month, day);
  return i >= end || readClock(bytes, i, end, result);
}

/** How many digits stand at `start`; at most nine are counted. */
function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && i - start < 9 && bytes[i] >= 48 && bytes[i] <= 57) i++;
  return i - start;
}

function numberAt(bytes: Uint8Array, start: number, digits: number): number {
  let value = 0;
  for (let i = start; i < start + digits; i++) value = value * 10 + bytes[i] - 48;
  return value;
}

function readClock(bytes: Uint8Array, start: number, end: number, result: TimeText): boolean {
  let i = start;
  if (bytes[i] === 84 || bytes[i] === 116) i++;
  else while (i < end && (bytes[i] === 32 || bytes[i] === 44)) i++;
  if (i >= end) return bytes[start] === 32;
  let half = halfOfDay(bytes, i, end);
  if (half !== 0) {
    i += 6;
    while (i < end && bytes[i] === 32) i++;
  }
  const pair = (): number => {
    let value = 0;
    let count = 0;
    while (i < end && bytes[i] >= 48 && bytes[i] <= 57 && count < 2) {
      value = value * 10 + bytes[i++] - 48;
      count++;
    }
    return count === 0 ? -1 : value;
  };
  let hour = pair();
  if (hour < 0 || bytes[i] !== 58) return false;
  i++;
  const minute = pair();
  if (minute < 0 || minute > 59) return false;
  let second = 0;
  if (bytes[i] === 58 && i < end) {
    i++;
    second = pair();
    // A leap second is read as the last second of its minute.
    if (second < 0 || second > 60) return false;
    second = Math.min(second, 59);
    if ((bytes[i] === 46 || bytes[i] === 44) && i < end) {
      let fraction = 0;
      const from = ++i;
      while (i < end && bytes[i] >= 48 && bytes[i] <= 57) {
        fraction = fraction * 10 + bytes[i++] - 48;
      }
      if (i === from || i - from > 9) return false;
      second += fraction / 10 ** (i - from);
    }
  }
  while (i < end && bytes[i] === 32) i++;
  if (i + 1 < end && (bytes[i + 1] | 32) === 109 && ((bytes[i] | 32) === 97 || (bytes[i] | 32) === 112)) {
    half = (bytes[i] | 32) === 97 ? 1 : 2;
    i += 2;
    while (i < end && bytes[i] === 32) i++;
  }
  if (half !== 0) {
    if (hour < 1 || hour > 12) {
      if (half === 1 || hour > 23) return false;
    } else hour = (hour % 12) + (half === 2 ? 12 : 0);
  }
  if (hour > 23) return false;
  result.hasClock = true;
  result.clock = Math.round((hour * 3600 + minute * 60 + second) * 1e6) / 1000;
  if (i >= end) return true;
  return readZone(bytes, i, end, result);
}

function readZone(bytes: Uint8Array, start: number, end: number, result: TimeText): boolean {
  const text = String.fromCharCode(...bytes.subarray(start, end));
  if (/^(z|utc|gmt)$/i.test(text)) {
    result.zoned = true;
    return true;
  }
  const offset = /^(?:utc|gmt)?([+-])(\d\d?)(?::?(\d\d))?$/i.exec(text);
  if (!offset) return false;
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  if (minutes > 18 * 60) return false;
  result.zoned = true;
  result.clock -= (offset[1] === '-' ? -minutes : minutes) * 60_000;
  return true;
}

/** 1 for 上午 (morning), 2 for 下午 (afternoon), 0 for neither. */
function halfOfDay(bytes: Uint8Array, i: number, end: number): number {
  if (i + 6 > end || bytes[i] !== 0xe4 || bytes[i + 1] !== 0xb8) return 0;
  if (bytes[i + 3] !== 0xe5 || bytes[i + 4] !== 0x8d || bytes[i + 5] !== 0x88) return 0;
  return bytes[i + 2] === 0x8a ? 1 : bytes[i + 2] === 0x8b ? 2 : 0;
}

/** Past one of `-`, `/`, `.`, 年, 月, or blanks and a comma; `i` itself where there is none. */
function skipSeparator(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const byte = bytes[i];
  if (byte === 45 || byte === 47) return i + 1;
  if (byte === 0xe5 && bytes[i + 1] === 0xb9 && bytes[i + 2] === 0xb4) return i + 3; // 年
  if (byte === 0xe6 && bytes[i + 1] === 0x9c && bytes[i + 2] === 0x88) return i + 3; // 月
  if (byte === 46 || byte === 44) i++;
  while (i < end && bytes[i] === 32) i++;
  return i;
}

function skipLetters(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (bytes[i] | 32) >= 97 && (bytes[i] | 32) <= 122) i++;
  return i;
}

/** The month whose English name, or its first three letters, begins at `start`; 0 for none. */
function monthName(bytes: Uint8Array, start: number, end: number): number {
  const stop = skipLetters(bytes, start, end);
  if (stop - start < 3) return 0;
  const word = String.fromCharCode(...bytes.subarray(start, stop)).toLowerCase();
  const month = MONTHS.indexOf(word.slice(0, 3)) + 1;
  return month > 0 && (word.length === 3 || word === 'sept' || NAMES[month - 1] === word) ? month : 0;
}

const NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
