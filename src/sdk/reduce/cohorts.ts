import type { Column } from '../column.ts';
import { type Period, periodOfDay } from '../time/period.ts';
import { isTime, type TimeColumn, wallClocks } from '../time/wall-clock.ts';
import { type ActivityBits, forEachActivity, type SlotReader, slotsOf } from './cohorts-activity.ts';
import { type CalendarSlots, calendarSlots, unitsPerDay, WINDOW_DAYS } from './cohorts-rows.ts';
import { exactAmounts } from './customer-summary-amounts.ts';
import { BLOCK, codeReader } from './customer-summary-blocks.ts';
import { type CustomerKeys, customerKeys } from './customer-summary-keys.ts';

/** The columns of an event or transaction table. Customer and time have no missing values. */
export interface CohortColumns {
  readonly customer: Column;
  readonly time: Column;
  /** Adds up what each cohort brings in later; only for cohorts of the first period. */
  readonly amount?: Column;
}

export interface CohortOptions {
  readonly period: Period;
  /** IANA name; instants are cut into periods in it. */
  readonly timeZone: string;
  /** `first`: a customer belongs to the period of the first start; `recurring`: to every period with a start. */
  readonly cohort: 'first' | 'recurring';
  /** `on`: back in just that offset; `on-or-after`: back then or later; `brackets`: back within a range of offsets. */
  readonly kind: 'on' | 'on-or-after' | 'brackets';
  /** First and last offset of each bracket, both included. */
  readonly brackets?: readonly (readonly [number, number])[];
  /** `calendar` offsets count calendar periods; `rolling` ones whole windows of elapsed time since the first start. */
  readonly windows: 'calendar' | 'rolling';
  /** Which rows start a cohort, 1 a row; all where absent. */
  readonly starts?: Uint8Array;
  /** Which rows count as coming back, 1 a row; all where absent. */
  readonly returns?: Uint8Array;
}

/** Counts by cohort and offset. Both arrays are laid out `cohort * offsets + offset`. */
export interface CohortCounts {
  readonly period: Period;
  /** Period number of cohort 0, as `periodOfDay`. */
  readonly firstPeriod: number;
  readonly cohorts: number;
  /** Offsets, or brackets. */
  readonly offsets: number;
  /** Customers of each cohort. */
  readonly sizes: Uint32Array;
  /** Customers who came back. */
  readonly counts: Uint32Array;
  /** What the rows of each offset add up to, in units of 1/`scale`. */
  readonly units?: Float64Array;
  readonly scale: number;
  /** First and last day with a row. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * The reduction `cohorts`: how many customers of each cohort came back at each offset. One pass over rows in any order sets
 * a bit for every period a customer is active in; the counts come from the bits. Offset 0 counts the customers with a
 * returning row in their first period (at or after the first start), which is everyone where starts and returns are the same.
 * @throws TypeError where `time` is not a column of days or times.
 * @throws RangeError for recurring cohorts with rolling windows, an unknown time zone, times that are none, or more than
 * four million cells.
 */
export function cohortCounts(columns: CohortColumns, options: CohortOptions): CohortCounts {
  const time = timeFor(columns, options);
  const keys = customerKeys(columns.customer);
  const calendar = calendarSlots(time, options.period, options.timeZone);
  const tally = new Tally(calendar, options);
  if (options.cohort === 'recurring') tallyRecurring(tally, keys, calendar, options);
  else if (!options.starts && !options.returns && options.windows === 'calendar') {
    tallyFirst(tally, keys, calendar, options.kind === 'on' ? columns.amount : undefined);
  } else tallyFrom(tally, keys, time, calendar, options, columns.amount);
  return tally.finish();
}

/** The time column of a table that the options fit. @throws as `cohortCounts` does. */
export function timeFor({ time }: CohortColumns, options: CohortOptions): TimeColumn {
  if (!isTime(time)) throw new TypeError(`The time column holds ${time.type} values; give one of days or times.`);
  if (options.cohort === 'recurring' && options.windows === 'rolling') {
    throw new RangeError('Recurring cohorts are counted by calendar periods; rolling windows need first-time cohorts.');
  }
  return time;
}

/** Cells of the largest grid: 2,048 cohorts. */
const MOST_CELLS = 1 << 22;

/** Collects the counts: one customer at a time with the offsets that the customer was active in. */
export class Tally {
  readonly cohorts: number;
  readonly offsets: number;
  readonly sizes: Uint32Array;
  readonly counts: Uint32Array;
  readonly #calendar: CalendarSlots;
  readonly #options: CohortOptions;
  units?: Float64Array;
  scale = 1;

  /** @throws RangeError for a grid too large. */
  constructor(calendar: CalendarSlots, options: CohortOptions) {
    const { slots } = calendar;
    if (slots ** 2 > MOST_CELLS) {
      throw new RangeError(
        `The times span ${slots} periods of a ${options.period}, too many for a grid; choose a longer period, or leave stray times out.`,
      );
    }
    this.#calendar = calendar;
    this.#options = options;
    this.cohorts = slots;
    const offsets = options.windows === 'rolling' ? rollingSlots(calendar, options.period) : slots;
    this.offsets = options.kind === 'brackets' ? (options.brackets?.length ?? 0) : slots === 0 ? 0 : offsets;
    this.sizes = new Uint32Array(slots);
    this.counts = new Uint32Array(slots * this.offsets);
  }

  /** `slots[from … to − 1]`, less `base`, are the offsets (ascending) of a customer of `cohort`. */
  add(cohort: number, slots: Int32Array, from: number, to: number, base: number): void {
    this.sizes[cohort]++;
    const row = cohort * this.offsets;
    const { kind, brackets = [] } = this.#options;
    if (kind === 'on') for (let i = from; i < to; i++) this.counts[row + slots[i] - base]++;
    else if (kind === 'on-or-after') {
      // Only the last offset is marked here; `finish` adds it to all before.
      if (to > from) this.counts[row + slots[to - 1] - base]++;
    } else {
      for (let bracket = 0; bracket < brackets.length; bracket++) {
        const [low, high] = brackets[bracket];
        for (let i = from; i < to; i++) {
          const offset = slots[i] - base;
          if (offset >= low && offset <= high) {
            this.counts[row + bracket]++;
            break;
          }
        }
      }
    }
  }

  /** Adds what another tally of the same grid, of other customers, has come to. */
  join({ sizes, counts }: Pick<Tally, 'sizes' | 'counts'>): void {
    for (let i = 0; i < sizes.length; i++) this.sizes[i] += sizes[i];
    for (let i = 0; i < counts.length; i++) this.counts[i] += counts[i];
  }

  finish(): CohortCounts {
    const { cohorts, offsets, sizes, counts, units, scale } = this;
    if (this.#options.kind === 'on-or-after') {
      for (let row = 0; row < counts.length; row += offsets) {
        for (let offset = offsets - 2; offset >= 0; offset--) counts[row + offset] += counts[row + offset + 1];
      }
    }
    const { firstPeriod, firstDay, lastDay } = this.#calendar;
    const { period } = this.#options;
    return { period, firstPeriod, cohorts, offsets, sizes, counts, units, scale, firstDay, lastDay };
  }
}

/** Every row starts and every row returns: the first bit is the cohort, all bits are offsets from it. */
function tallyFirst(tally: Tally, keys: CustomerKeys, calendar: CalendarSlots, amount: Column | undefined): void {
  const cohortOf = amount && new Int32Array(keys.count).fill(-1);
  forEachActivity(keys, calendar.slots, [calendar.reader()], ([active]) =>
    tallyActive(tally, active, calendar.slots, cohortOf),
  );
  if (amount && cohortOf) addUnits(tally, keys, calendar.reader(), cohortOf, false, amount);
}

/** Tallies customers whose first active slot is their cohort, and notes each one's. */
export function tallyActive(tally: Tally, active: ActivityBits, slotCount: number, cohortOf?: Int32Array): void {
  const slots = new Int32Array(slotCount);
  for (let code = 0; code < active.codes; code++) {
    const count = slotsOf(active, code * active.words, slots);
    if (count === 0) continue;
    tally.add(slots[0], slots, 0, count, slots[0]);
    if (cohortOf) cohortOf[active.firstCode + code] = slots[0];
  }
}

function tallyRecurring(tally: Tally, keys: CustomerKeys, calendar: CalendarSlots, options: CohortOptions): void {
  const starts = new Int32Array(calendar.slots);
  const returns = new Int32Array(calendar.slots);
  const { starts: startMask, returns: returnMask } = options;
  const readers: SlotReader[] =
    startMask || returnMask ? [calendar.reader(startMask), calendar.reader(returnMask)] : [calendar.reader()];
  forEachActivity(keys, calendar.slots, readers, ([started, returned = started]: readonly ActivityBits[]) => {
    for (let code = 0; code < started.codes; code++) {
      const startCount = slotsOf(started, code * started.words, starts);
      const returnCount = slotsOf(returned, code * returned.words, returns);
      let from = 0;
      for (let i = 0; i < startCount; i++) {
        while (from < returnCount && returns[from] < starts[i]) from++;
        tally.add(starts[i], returns, from, returnCount, starts[i]);
      }
    }
  });
}

/** First starts are found first; then each row that returns is placed by its distance from its customer's. */
function tallyFrom(
  tally: Tally,
  keys: CustomerKeys,
  time: TimeColumn,
  calendar: CalendarSlots,
  options: CohortOptions,
  amount: Column | undefined,
): void {
  const first = firstTimes(keys, time, options.starts);
  const cohortOf = cohortsOfFirsts(first, time, calendar, options);
  const rolling = options.windows === 'rolling';
  const read = rolling
    ? rollingReader(keys, time, first, options)
    : returnReader(keys, time, first, calendar.reader(options.returns));
  const slots = new Int32Array(rolling ? rollingSlots(calendar, options.period) : calendar.slots);
  forEachActivity(keys, slots.length, [read], ([active]) => {
    for (let i = 0; i < active.codes; i++) {
      const cohort = cohortOf[active.firstCode + i];
      if (cohort < 0) continue;
      const count = slotsOf(active, i * active.words, slots);
      tally.add(cohort, slots, 0, count, rolling ? 0 : cohort);
    }
  });
  if (amount && options.kind === 'on') addUnits(tally, keys, read, cohortOf, rolling, amount);
}

/** How many windows of elapsed time the data has room for. */
function rollingSlots({ firstDay, lastDay, slots }: CalendarSlots, period: Period): number {
  if (slots === 0) return 0;
  return Math.floor((lastDay - firstDay + 1) / WINDOW_DAYS[period]) + 1;
}

/** Each customer's first start as stored in the time column; Infinity for who never started. */
function firstTimes(keys: CustomerKeys, time: TimeColumn, starts: Uint8Array | undefined): Float64Array {
  const first = new Float64Array(keys.count).fill(Number.POSITIVE_INFINITY);
  const readCodes = codeReader(keys);
  const times = new Float64Array(BLOCK);
  for (let start = 0; start < time.length; start += BLOCK) {
    const end = Math.min(time.length, start + BLOCK);
    times.set(time.values.subarray(start, end));
    const codes = readCodes(start, end);
    for (let i = 0; i < end - start; i++) {
      if (times[i] < first[codes[i]] && (starts === undefined || starts[start + i] !== 0)) first[codes[i]] = times[i];
    }
  }
  return first;
}

function cohortsOfFirsts(
  first: Float64Array,
  time: TimeColumn,
  calendar: CalendarSlots,
  { period, timeZone }: CohortOptions,
): Int32Array {
  const started = first.map((stored) => (stored === Number.POSITIVE_INFINITY ? 0 : stored));
  // Customers who never started must not stretch the span of times that offsets are looked up for.
  const known = first.find((stored) => stored !== Number.POSITIVE_INFINITY) ?? 0;
  for (let code = 0; code < first.length; code++) {
    if (first[code] === Number.POSITIVE_INFINITY) started[code] = known;
  }
  const clocks = wallClocks(time, started, timeZone);
  const slotOfDay = new Map<number, number>();
  return Int32Array.from(clocks, (clock, code) => {
    if (first[code] === Number.POSITIVE_INFINITY) return -1;
    const day = Math.floor(clock / 86_400_000);
    let slot = slotOfDay.get(day);
    if (slot === undefined) {
      slot = periodOfDay(day, period) - calendar.firstPeriod;
      slotOfDay.set(day, slot);
    }
    return slot;
  });
}

/** Calendar periods of returning rows, leaving out those before the customer's first start. */
function returnReader(keys: CustomerKeys, time: TimeColumn, first: Float64Array, read: SlotReader): SlotReader {
  const readCodes = codeReader(keys);
  const times = new Float64Array(BLOCK);
  return (start, end, out) => {
    read(start, end, out);
    times.set(time.values.subarray(start, end));
    const codes = readCodes(start, end);
    for (let i = 0; i < end - start; i++) if (times[i] < first[codes[i]]) out[i] = -1;
  };
}

/** Whole windows elapsed since the customer's first start. */
function rollingReader(
  keys: CustomerKeys,
  time: TimeColumn,
  first: Float64Array,
  { period, returns }: CohortOptions,
): SlotReader {
  const readCodes = codeReader(keys);
  const times = new Float64Array(BLOCK);
  const window = WINDOW_DAYS[period] * unitsPerDay(time);
  return (start, end, out) => {
    times.set(time.values.subarray(start, end));
    const codes = readCodes(start, end);
    for (let i = 0; i < end - start; i++) {
      const elapsed = times[i] - first[codes[i]];
      const counts = elapsed >= 0 && (returns === undefined || returns[start + i] !== 0);
      out[i] = counts ? Math.floor(elapsed / window) : -1;
    }
  };
}

function addUnits(
  tally: Tally,
  keys: CustomerKeys,
  read: SlotReader,
  cohortOf: Int32Array,
  rolling: boolean,
  amount: Column,
): void {
  const { units, scale } = exactAmounts(amount);
  const sums = new Float64Array(tally.counts.length);
  const readCodes = codeReader(keys);
  const slots = new Int32Array(BLOCK);
  for (let start = 0; start < keys.values.length; start += BLOCK) {
    const end = Math.min(keys.values.length, start + BLOCK);
    read(start, end, slots);
    const codes = readCodes(start, end);
    for (let i = 0; i < end - start; i++) {
      const cohort = cohortOf[codes[i]];
      if (slots[i] < 0 || cohort < 0) continue;
      sums[cohort * tally.offsets + slots[i] - (rolling ? 0 : cohort)] += units[start + i];
    }
  }
  tally.units = sums;
  tally.scale = scale;
}
