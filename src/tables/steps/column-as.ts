import {
  type Column,
  type ColumnType,
  civilFromDay,
  dayFromCivil,
  type NumericColumn,
  type StringColumn,
  stringAt,
  stringColumn,
  textAt,
  valueAt,
} from '@patron/sdk';
import { assembleColumn } from '../assemble.ts';
import { BooleanBuilder } from '../boolean-builder.ts';
import type { ColumnChunk } from '../chunk.ts';
import type { BuildContext, ColumnBuilder } from '../column-builder.ts';
import type { FieldBlock } from '../fields.ts';
import type { DateOrder, RejectReason } from '../import-options.ts';
import { NullTokens } from '../null-tokens.ts';
import { NumberBuilder } from '../number-builder.ts';
import { TableError } from '../table-error.ts';
import { TimeBuilder } from '../time-builder.ts';
import type { StepReject } from './step-table.ts';
import { NO_ROW, takeRows } from './take-rows.ts';

const DAY = 86_400_000;
const GROUP = 65_536;

export interface Converted {
  readonly column: Column;
  readonly unit?: string;
  /** Rows whose value does not fit, with what they said; the cells are without a value. */
  readonly rejects: readonly Omit<StepReject, 'column'>[];
}

/**
 * A column's values as another type. Texts are read as an import reads them. Whole numbers such as 20240131 are days, and days
 * become such numbers; 1 and 0 are true and false; a time loses its time of day where a day is asked for.
 * @throws TableError where no value of the one type has a meaning as the other.
 */
export function columnAs(column: Column, type: ColumnType, dateOrder: DateOrder): Converted {
  if (column.type === type) return { column, rejects: [] };
  if (type === 'string') return { column: textColumn(column), rejects: [] };
  if (column.type === 'string') return textAs(column, type, dateOrder);
  return numbersAs(column, type);
}

/** Every value as text: numbers with a point, days and times as ISO. */
export function textColumn(column: Column): Column {
  if (column.type === 'string') return column;
  return stringColumn(Array.from({ length: column.length }, (_, row) => textAt(column, row)));
}

/** Each distinct text is read once. */
function textAs(column: StringColumn, type: Exclude<ColumnType, 'string'>, dateOrder: DateOrder): Converted {
  const vector = column.layout === 'dictionary' ? column.dictionary : column.text;
  const entries = vector.offsets.length - 1;
  const padded = new Uint8Array(vector.offsets[entries] + 64);
  padded.set(vector.bytes.subarray(0, vector.offsets[entries]));
  const bad = new Map<number, RejectReason>();
  const context: BuildContext = {
    nullTokens: new NullTokens(),
    decimalComma: false,
    groupRows: GROUP,
    decoded: false,
    reject: (line, _column, reason) => bad.set(line, reason),
    undecodable: () => undefined,
    readable: () => undefined,
  };
  const builder = builderOf(type, context, dateOrder);
  const chunks: ColumnChunk[] = [];
  for (let from = 0; from < entries; from += GROUP) {
    const count = Math.min(GROUP, entries - from);
    const block: FieldBlock = {
      bytes: padded,
      view: new DataView(padded.buffer),
      starts: Int32Array.from({ length: count }, (_, i) => vector.offsets[from + i]),
      ends: Int32Array.from({ length: count }, (_, i) => vector.offsets[from + i + 1] << 1),
      lines: Int32Array.from({ length: count }, (_, i) => from + i),
      columns: 1,
    };
    builder.read(block, 0, 0, count);
    chunks.push(builder.take());
  }
  const built = builder.finish();
  const words = assembleColumn('', built, chunks);
  const index = new Uint32Array(column.length);
  const rejects: Omit<StepReject, 'column'>[] = [];
  for (let row = 0; row < index.length; row++) {
    const missing = column.validity !== undefined && (column.validity[row >> 3] & (1 << (row & 7))) === 0;
    const entry = column.layout === 'dictionary' ? column.codes[row] : row;
    index[row] = missing ? NO_ROW : entry;
    const reason = missing || bad.size === 0 ? undefined : bad.get(entry);
    if (reason !== undefined) rejects.push({ row, raw: stringAt(vector, entry), reason });
  }
  const taken = takeRows(words, index);
  // Texts without decimals make whole numbers of what was to be decimals.
  const asked: Column = type === 'number' && taken.type === 'integer' ? { ...taken, type: 'number', scale: 1 } : taken;
  return { column: asked, unit: 'unit' in built ? built.unit : undefined, rejects };
}

function builderOf(type: Exclude<ColumnType, 'string'>, context: BuildContext, order: DateOrder): ColumnBuilder {
  switch (type) {
    case 'boolean':
      return new BooleanBuilder(context, true);
    case 'date':
    case 'timestamp':
      return new TimeBuilder(context, { forced: type, order, orderChosen: true });
    default:
      return new NumberBuilder(context, { forced: type });
  }
}

function numbersAs(column: NumericColumn, type: Exclude<ColumnType, 'string'>): Converted {
  const convert = conversion(column, type);
  if (!convert) {
    throw new TableError(
      'different-types',
      `A ${column.type} has no meaning as a ${type}. Change the column to text first.`,
      { left: '', leftType: column.type, right: '', rightType: type, table: '' },
    );
  }
  const { values, validity, length } = column;
  const made = new Float64Array(length);
  const bitmap = new Uint8Array((length + 7) >> 3);
  const rejects: Omit<StepReject, 'column'>[] = [];
  let missing = 0;
  for (let row = 0; row < length; row++) {
    if (validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0) {
      missing++;
      continue;
    }
    const value = convert.value(values[row]);
    if (Number.isNaN(value)) {
      missing++;
      rejects.push({ row, raw: String(valueAt(column, row)), reason: convert.reason });
      continue;
    }
    made[row] = value;
    bitmap[row >> 3] |= 1 << (row & 7);
  }
  const base = { length, validity: missing === 0 ? undefined : bitmap };
  switch (type) {
    case 'boolean':
      return { column: { type, ...base, values: Uint8Array.from(made) }, rejects };
    case 'number':
      return { column: { type, ...base, values: made, scale: 1 }, rejects };
    case 'timestamp':
      return { column: { type, ...base, values: made, unit: 1, zoned: false }, rejects };
    default:
      return { column: { type, ...base, values: made }, rejects };
  }
}

/** From the stored value to the new one; NaN where it does not fit. */
function conversion(
  column: NumericColumn,
  type: Exclude<ColumnType, 'string'>,
): { value: (stored: number) => number; reason: RejectReason } | undefined {
  const scale = column.type === 'number' ? column.scale : 1;
  const isNumber = column.type === 'number' || column.type === 'integer';
  const isDay = column.type === 'date';
  const isTime = column.type === 'timestamp';
  const unit = isTime ? column.unit : 1;
  switch (type) {
    case 'number':
      if (isNumber || column.type === 'boolean') return { value: (stored) => stored / scale, reason: 'not-a-number' };
      return undefined;
    case 'integer':
      if (isDay) return { value: (stored) => dayNumber(stored), reason: 'not-an-integer' };
      if (isNumber || column.type === 'boolean') {
        return {
          value: (stored) => (Number.isInteger(stored / scale) ? stored / scale : Number.NaN),
          reason: 'not-an-integer',
        };
      }
      return undefined;
    case 'boolean':
      if (!isNumber) return undefined;
      return { value: (stored) => (stored === 0 ? 0 : stored / scale === 1 ? 1 : Number.NaN), reason: 'not-a-boolean' };
    case 'date':
      if (isTime) return { value: (stored) => Math.floor((stored * unit) / DAY), reason: 'not-a-date' };
      return isNumber ? { value: (stored) => dayOfNumber(stored / scale), reason: 'not-a-date' } : undefined;
    case 'timestamp':
      if (isDay) return { value: (stored) => stored * DAY, reason: 'not-a-date' };
      return isNumber ? { value: (stored) => dayOfNumber(stored / scale) * DAY, reason: 'not-a-date' } : undefined;
  }
}

/** 20240131 as a day; NaN where there is no such day. */
function dayOfNumber(value: number): number {
  if (!Number.isInteger(value) || value < 10_000_101 || value > 99_991_231) return Number.NaN;
  const year = Math.floor(value / 10_000);
  const month = Math.floor(value / 100) % 100;
  const day = value % 100;
  if (month < 1 || month > 12 || day < 1) return Number.NaN;
  const number = dayFromCivil(year, month, day);
  const civil = civilFromDay(number);
  return civil.month === month && civil.day === day ? number : Number.NaN;
}

function dayNumber(day: number): number {
  const civil = civilFromDay(day);
  return civil.year * 10_000 + civil.month * 100 + civil.day;
}
