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
import type { RejectReason } from './import-options.ts';
import { isBlank, isDash } from './null-tokens.ts';
import { type NumberText, readNumber } from './number-text.ts';

/** More places than this are measurements rather than money, and are kept as doubles. */
const MOST_DECIMALS = 6;
/** Up to so many units of the last place every decimal is the only one that its double reads as. */
const MOST_DIGITS = 10 ** 15;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const number: NumberText = { mantissa: 0, decimals: 0, double: 0, unit: '', leadingZero: false, longDigits: false };

/** What the user or the inference said the column is. */
export interface NumberPlan {
  /** The type is the user's: what does not fit is set aside, and nothing turns the column into text. */
  readonly forced?: 'number' | 'integer';
}

/**
 * Builds a column of numbers. As long as every value is a decimal of few places the values are whole numbers over one power
 * of ten, which grows when more places are met; else doubles. Either way a value is the double nearest to its text.
 */
export class NumberBuilder implements ColumnBuilder {
  rows = 0;
  contradiction: Contradiction | undefined;
  readonly #context: BuildContext;
  readonly #forced: NumberPlan['forced'];
  readonly #validity = new ValidityBuilder();
  #values = new Float64Array(256);
  /** Decimal places of the values of this group and of all so far. */
  #places = 0;
  #doubles = false;
  #largest = 0;
  #unit = '';
  #withUnit = 0;
  #withoutUnit = 0;
  #good = 0;
  #bad = 0;

  constructor(context: BuildContext, plan: NumberPlan = {}) {
    this.#context = context;
    this.#forced = plan.forced;
  }

  read(block: FieldBlock, column: number, from: number, to: number): void {
    const { bytes, starts, ends, columns } = block;
    this.#grow(this.rows + to - from);
    let values = this.#values;
    let places = this.#places;
    let row = this.rows;
    let slow = 0;
    for (let r = from, k = from * columns + column; r < to; r++, k += columns, row++) {
      const start = starts[k];
      const end = ends[k] >>> 1;
      const negative = bytes[start] === 45;
      let i = negative ? start + 1 : start;
      const first = i;
      let mantissa = 0;
      let digit = bytes[i] - 48;
      while (i < end && digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digit = bytes[++i] - 48;
      }
      let decimals = 0;
      if (i < end && bytes[i] === 46 && i > first) {
        const point = i;
        digit = bytes[++i] - 48;
        while (i < end && digit >= 0 && digit <= 9) {
          mantissa = mantissa * 10 + digit;
          digit = bytes[++i] - 48;
        }
        decimals = i - point - 1;
      }
      const plain =
        i === end &&
        i > first &&
        end - first <= 15 &&
        (bytes[first] !== 48 || end - first === 1 || bytes[first + 1] === 46);
      if (plain && decimals === places && !this.#doubles) {
        values[row] = negative && mantissa !== 0 ? -mantissa : mantissa;
        continue;
      }
      if (plain && (decimals === 0 || this.#forced !== 'integer')) {
        this.#put(row, negative && mantissa !== 0 ? -mantissa : mantissa, decimals);
      } else {
        slow++;
        this.#readSlow(block, column, r, k, row);
        if (this.contradiction) return;
      }
      places = this.#places;
      values = this.#values;
    }
    this.#withoutUnit += to - from - slow;
    this.#good += to - from - slow;
    this.rows = row;
  }

  #readSlow(block: FieldBlock, column: number, blockRow: number, field: number, row: number): void {
    const { bytes, starts, ends } = block;
    const start = starts[field];
    const end = ends[field] >>> 1;
    if (start === end || isBlank(bytes, start, end) || isDash(bytes, start, end)) {
      this.#miss(row);
      return;
    }
    if (readNumber(bytes, start, end, this.#context.decimalComma, number)) {
      if (this.#forced === undefined && (number.leadingZero || number.longDigits)) {
        this.contradiction = { as: 'text', because: number.leadingZero ? 'leading-zeros' : 'long-digits' };
        return;
      }
      if (this.#forced === 'integer' && !isWhole()) {
        this.#setAside(block, column, blockRow, field, row, 'not-an-integer');
        return;
      }
      if (this.#agreesWithUnit()) {
        this.#good++;
        if (Number.isNaN(number.double)) this.#put(row, number.mantissa, number.decimals);
        else this.#putDouble(row, number.double);
        return;
      }
    } else if (this.#context.nullTokens.has(bytes, start, end)) {
      this.#miss(row);
      return;
    }
    this.#setAside(block, column, blockRow, field, row, 'not-a-number');
    if (this.#forced === undefined && isHopeless(this.#bad, this.#good)) {
      this.contradiction = { as: 'text', because: 'mixed' };
    }
  }

  #setAside(
    block: FieldBlock,
    column: number,
    blockRow: number,
    field: number,
    row: number,
    reason: RejectReason,
  ): void {
    this.#miss(row);
    this.#bad++;
    const { bytes, starts, ends, lines } = block;
    this.#context.reject(lines[blockRow], column, reason, bytes, starts[field], ends[field] >>> 1);
  }

  /** One column has one unit; a currency sign may be left out. */
  #agreesWithUnit(): boolean {
    const { unit } = number;
    if (unit === '') {
      if (number.mantissa !== 0 || !Number.isNaN(number.double)) this.#withoutUnit++;
      return true;
    }
    if (this.#unit === '') this.#unit = unit;
    if (unit !== this.#unit) return false;
    this.#withUnit++;
    return true;
  }

  append(column: Column, from: number, to: number): void {
    if (column.type !== 'number' && column.type !== 'integer') {
      throw new TypeError(`A ${column.type} column was appended to a column of numbers.`);
    }
    this.#grow(this.rows + to - from);
    const scale = column.type === 'number' ? column.scale : 1;
    const decimals = Math.round(Math.log10(scale));
    const doubles = column.type === 'number' && scale === 1;
    for (let r = from; r < to; r++, this.rows++) {
      if (column.validity && (column.validity[r >> 3] & (1 << (r & 7))) === 0) this.#miss(this.rows);
      else if (doubles) this.#appendDouble(this.rows, column.values[r]);
      else this.#put(this.rows, column.values[r], decimals);
    }
  }

  /** A whole number joins decimals exactly, and so does a double that is a decimal of the places known so far. */
  #appendDouble(row: number, value: number): void {
    if (Number.isNaN(value)) {
      this.#miss(row);
      return;
    }
    if (this.#doubles) {
      this.#values[row] = value;
      return;
    }
    const scale = POWERS[this.#places];
    if (isDecimal(value, scale)) this.#values[row] = Math.round(value * scale);
    else this.#putDouble(row, value);
  }

  #miss(row: number): void {
    this.#validity.miss(row);
    this.#values[row] = 0;
  }

  #put(row: number, mantissa: number, decimals: number): void {
    if (this.#doubles) {
      this.#values[row] = mantissa / POWERS[decimals];
      return;
    }
    while ((decimals > MOST_DECIMALS || (decimals > 0 && this.#forced === 'integer')) && mantissa % 10 === 0) {
      mantissa /= 10;
      decimals--;
    }
    if (decimals > MOST_DECIMALS) {
      this.#putDouble(row, mantissa / POWERS[decimals]);
      return;
    }
    if (decimals > this.#places) this.#morePlaces(decimals, row);
    const scaled = mantissa * POWERS[this.#places - decimals];
    if (this.#doubles || Math.abs(scaled) > Number.MAX_SAFE_INTEGER) this.#putDouble(row, mantissa / POWERS[decimals]);
    else this.#values[row] = scaled;
  }

  #putDouble(row: number, value: number): void {
    this.#toDoubles();
    this.#values[row] = value;
  }

  /** Rescales this group; groups that are taken keep their own scale. */
  #morePlaces(places: number, rows: number): void {
    const factor = POWERS[places - this.#places];
    const values = this.#values;
    for (let i = 0; i < rows; i++) {
      if (Math.abs(values[i]) * factor > Number.MAX_SAFE_INTEGER) {
        this.#toDoubles(rows);
        return;
      }
    }
    for (let i = 0; i < rows; i++) values[i] *= factor;
    this.#places = places;
  }

  #toDoubles(rows = this.#values.length): void {
    if (this.#doubles) return;
    this.#doubles = true;
    const divisor = POWERS[this.#places];
    if (divisor !== 1) for (let i = 0; i < rows; i++) this.#values[i] /= divisor;
  }

  #grow(rows: number): void {
    while (rows > this.#values.length) this.#values = widened(this.#values, Math.max(this.#context.groupRows, rows));
  }

  take(): ColumnChunk {
    const rows = this.rows;
    const missing = this.#validity.missing;
    const base = { rows, missing, validity: this.#validity.take(rows) };
    const values = this.#values.subarray(0, rows);
    const { minimum, maximum } = rangeOf(values);
    this.rows = 0;
    if (this.#doubles) return { kind: 'double', ...base, values: values.slice(), factor: 1, minimum, maximum };
    this.#largest = Math.max(this.#largest, Math.max(-minimum, maximum) / POWERS[this.#places]);
    const kept = narrowed(values, minimum, maximum);
    return { kind: 'decimal', ...base, values: kept, factor: POWERS[this.#places], minimum, maximum };
  }

  finish(): BuiltType {
    if (this.#forced === undefined) {
      if (!isTolerable(this.#bad, this.#good)) this.contradiction = { as: 'text', because: 'mixed' };
      // 5 and 5 % in one column: nobody can tell what the bare ones mean.
      if (this.#unit === '%' && this.#withUnit > 0 && this.#withoutUnit > 0) {
        this.contradiction = { as: 'text', because: 'mixed' };
      }
    }
    const unit = this.#unit === '' ? undefined : this.#unit;
    const exact = !this.#doubles && this.#largest * POWERS[this.#places] <= Number.MAX_SAFE_INTEGER;
    if (exact && this.#places === 0 && this.#forced !== 'number') return { type: 'integer', unit };
    return { type: 'number', scale: exact ? POWERS[this.#places] : 1, unit };
  }
}

/** Whether the number just read is a whole one. */
function isWhole(): boolean {
  return Number.isNaN(number.double)
    ? number.mantissa % POWERS[number.decimals] === 0
    : Number.isInteger(number.double);
}

/** Whether a double is just what a whole number of units over `scale` reads as. */
export function isDecimal(value: number, scale: number): boolean {
  if (Number.isSafeInteger(value)) return Number.isSafeInteger(value * scale);
  const units = Math.round(value * scale);
  return Math.abs(units) <= MOST_DIGITS && units / scale === value;
}

/** The least and the greatest value; 0 and 0 of none. */
export function rangeOf(values: Float64Array): { minimum: number; maximum: number } {
  if (values.length === 0) return { minimum: 0, maximum: 0 };
  let minimum = values[0];
  let maximum = values[0];
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}
