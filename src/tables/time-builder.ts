import type { Column } from '@patron/sdk';
import { type ColumnChunk, narrowed, ValidityBuilder, widened } from './chunk.ts';
import {
  type BuildContext,
  type BuiltType,
  type ColumnBuilder,
  type Contradiction,
  isHopeless,
  isTolerable,
} from './column-builder.ts';
import type { FieldBlock } from './fields.ts';
import type { DateOrder, DetectedColumn } from './import-options.ts';
import { isBlank, isDash } from './null-tokens.ts';
import { rangeOf } from './number-builder.ts';
import { daysFromCivil, isDay, readTime, type TimeText } from './time-text.ts';

const DAY = 86_400_000;
const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };

export interface TimePlan {
  readonly forced?: 'date' | 'timestamp';
  /** Which of day and month comes first where the year is last. */
  readonly order: DateOrder;
  /** The order is the user's: values that speak against it are set aside. */
  readonly orderChosen?: boolean;
  /** The order rests on all rows of the file: it is not turned over once more. */
  readonly orderSettled?: boolean;
  /** Eight digits: what the column is where they are no days after all. */
  readonly digits?: boolean;
}

/** Builds a column of days, or of times once one of the values has a time of day. */
export class TimeBuilder implements ColumnBuilder {
  rows = 0;
  contradiction: Contradiction | undefined;
  readonly #context: BuildContext;
  readonly #plan: TimePlan;
  readonly #validity = new ValidityBuilder();
  /** Milliseconds since 1970. */
  #values = new Float64Array(256);
  #hasClock = false;
  #unitMilliseconds: 1 | 1000 | 60000 = 60000;
  #zoned = 0;
  #good = 0;
  #bad = 0;
  #firstOver12 = 0;
  #secondOver12 = 0;
  #unordered = 0;
  #fallsAsRead = 0;
  #fallsSwapped = 0;
  #lastAsRead = Number.NEGATIVE_INFINITY;
  #lastSwapped = Number.NEGATIVE_INFINITY;

  constructor(context: BuildContext, plan: TimePlan) {
    this.#context = context;
    this.#plan = plan;
    this.#hasClock = plan.forced === 'timestamp';
  }

  /** What the order of day and month rests on, after all rows; undefined where no value leaves it open. */
  get orderFrom(): DetectedColumn['dateOrderFrom'] {
    if (this.#plan.orderChosen && this.#unordered > 0) return 'choice';
    if (this.#firstOver12 + this.#secondOver12 > 0) return 'values';
    if (this.#unordered === 0) return undefined;
    return this.#fallsAsRead !== this.#fallsSwapped ? 'row-order' : 'habit';
  }

  read(block: FieldBlock, column: number, from: number, to: number): void {
    const { bytes, starts, ends, columns } = block;
    this.#grow(this.rows + to - from);
    const values = this.#values;
    let row = this.rows;
    let clocks = 0;
    let seconds = 0;
    let fast = 0;
    for (let r = from, k = from * columns + column; r < to; r++, k += columns, row++) {
      const start = starts[k];
      const length = (ends[k] >>> 1) - start;
      if (length === 10 || length === 19) {
        const separator = bytes[start + 4];
        if ((separator === 45 || separator === 47) && bytes[start + 7] === separator) {
          const year = fourDigits(bytes, start);
          const month = twoDigits(bytes, start + 5);
          const day = twoDigits(bytes, start + 8);
          if (year >= 0 && isDay(year, month, day)) {
            const days = daysFromCivil(year, month, day);
            if (length === 10) {
              values[row] = days * DAY;
              fast++;
              continue;
            }
            const gap = bytes[start + 10];
            const hour = twoDigits(bytes, start + 11);
            const minute = twoDigits(bytes, start + 14);
            const second = twoDigits(bytes, start + 17);
            if (
              (gap === 32 || gap === 84) &&
              bytes[start + 13] === 58 &&
              bytes[start + 16] === 58 &&
              hour >= 0 &&
              hour < 24 &&
              minute >= 0 &&
              minute < 60 &&
              second >= 0 &&
              second < 60
            ) {
              values[row] = days * DAY + (hour * 3600 + minute * 60 + second) * 1000;
              clocks++;
              seconds |= second;
              fast++;
              continue;
            }
          }
        }
      }
      this.#readSlow(block, column, r, k, row);
      if (this.contradiction) return;
    }
    this.#good += fast;
    if (clocks > 0) {
      this.#hasClock = true;
      if (seconds !== 0 && this.#unitMilliseconds === 60000) this.#unitMilliseconds = 1000;
    }
    this.rows = row;
  }

  #readSlow(block: FieldBlock, column: number, blockRow: number, field: number, row: number): void {
    const { bytes, starts, ends, lines } = block;
    const start = starts[field];
    const end = ends[field] >>> 1;
    if (start === end || isBlank(bytes, start, end) || isDash(bytes, start, end)) {
      this.#miss(row);
      return;
    }
    if (readTime(bytes, start, end, this.#plan.order, time) && (!time.hasClock || this.#plan.forced !== 'date')) {
      this.#good++;
      if (time.zoned) this.#zoned++;
      if (time.hasClock) {
        this.#hasClock = true;
        this.#narrowUnit(time.clock);
      }
      if (time.first > 0) this.#weighOrder();
      this.#values[row] = time.day * DAY + time.clock;
      return;
    }
    this.#miss(row);
    if (this.#context.nullTokens.has(bytes, start, end)) return;
    if (time.first > 0) this.#weighOrder();
    this.#bad++;
    this.#context.reject(lines[blockRow], column, 'not-a-date', bytes, start, end);
    if (this.#plan.forced === undefined && isHopeless(this.#bad, this.#good)) this.contradiction = this.#verdict();
  }

  /** Counts what speaks for either order: a number above 12, and how often the rows would go back in time. */
  #weighOrder(): void {
    const { first, second } = time;
    if (first > 12) this.#firstOver12++;
    if (second > 12) this.#secondOver12++;
    if (first <= 12 && second <= 12) this.#unordered++;
    const asRead = this.#plan.order === 'day-month' ? second * 32 + first : first * 32 + second;
    const swapped = this.#plan.order === 'day-month' ? first * 32 + second : second * 32 + first;
    if (asRead < this.#lastAsRead) this.#fallsAsRead++;
    if (swapped < this.#lastSwapped) this.#fallsSwapped++;
    this.#lastAsRead = asRead;
    this.#lastSwapped = swapped;
  }

  /** What the column is to be read as instead. */
  #verdict(): Contradiction {
    return this.#isOrderRefuted()
      ? this.#otherOrder()
      : this.#plan.digits
        ? { as: 'number' }
        : { as: 'text', because: 'mixed' };
  }

  /** Whether more values speak against the order of day and month than for it. */
  #isOrderRefuted(): boolean {
    const { order, orderChosen, orderSettled } = this.#plan;
    const more =
      order === 'day-month' ? this.#secondOver12 - this.#firstOver12 : this.#firstOver12 - this.#secondOver12;
    return !orderChosen && !orderSettled && more > 0;
  }

  #otherOrder(): Contradiction {
    return { as: 'date', order: this.#plan.order === 'day-month' ? 'month-day' : 'day-month' };
  }

  #narrowUnit(clock: number): void {
    if (this.#unitMilliseconds === 60000 && clock % 60000 !== 0) this.#unitMilliseconds = 1000;
    if (this.#unitMilliseconds === 1000 && clock % 1000 !== 0) this.#unitMilliseconds = 1;
  }

  append(column: Column, from: number, to: number): void {
    if (column.type !== 'date' && column.type !== 'timestamp') {
      throw new TypeError(`A ${column.type} column was appended to a column of times.`);
    }
    this.#grow(this.rows + to - from);
    const factor = column.type === 'date' ? DAY : column.unit;
    if (column.type === 'timestamp') {
      this.#hasClock = true;
      if (column.zoned) this.#zoned += to - from;
    }
    for (let r = from; r < to; r++, this.rows++) {
      if (column.validity && (column.validity[r >> 3] & (1 << (r & 7))) === 0) this.#miss(this.rows);
      else {
        const milliseconds = column.values[r] * factor;
        this.#values[this.rows] = milliseconds;
        this.#good++;
        if (factor !== DAY) this.#narrowUnit(milliseconds);
      }
    }
  }

  #miss(row: number): void {
    this.#validity.miss(row);
    this.#values[row] = 0;
  }

  #grow(rows: number): void {
    while (rows > this.#values.length) this.#values = widened(this.#values, Math.max(this.#context.groupRows, rows));
  }

  take(): ColumnChunk {
    const rows = this.rows;
    const missing = this.#validity.missing;
    const base = { rows, missing, validity: this.#validity.take(rows) };
    const unit = this.#hasClock ? this.#unitMilliseconds : DAY;
    const values = this.#values.subarray(0, rows);
    for (let i = 0; i < rows; i++) values[i] /= unit;
    const { minimum, maximum } = rangeOf(values);
    this.rows = 0;
    const whole = unit !== 1 || values.every(Number.isInteger);
    const kept = whole ? narrowed(values, minimum, maximum) : values.slice();
    if (!this.#hasClock) return { kind: 'days', ...base, values: kept, factor: 1, minimum, maximum };
    return { kind: 'milliseconds', ...base, values: kept, factor: unit, minimum, maximum };
  }

  finish(): BuiltType {
    const { forced, orderChosen, orderSettled } = this.#plan;
    if (forced === undefined) {
      // Some values with a zone and some without cannot be put on one line of time.
      const zones = this.#zoned > 0 && this.#zoned < this.#good;
      if (!isTolerable(this.#bad, this.#good)) this.contradiction = this.#verdict();
      else if (zones) this.contradiction = { as: 'text', because: 'mixed' };
    }
    const isOpen = this.#firstOver12 + this.#secondOver12 === 0 && this.#unordered > 1;
    const isBetterTurned = isOpen && this.#fallsSwapped < this.#fallsAsRead && !orderChosen && !orderSettled;
    if (isBetterTurned || this.#isOrderRefuted()) this.contradiction = this.#otherOrder();
    if (!this.#hasClock) return { type: 'date' };
    return { type: 'timestamp', zoned: this.#zoned > 0, unitMilliseconds: this.#unitMilliseconds };
  }
}

/** The number two digits make; far below zero where one is no digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100_000;
}

function fourDigits(bytes: Uint8Array, at: number): number {
  return twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
}
