import type {
  BooleanColumn,
  CellValue,
  CodeArray,
  Column,
  DateColumn,
  DictionaryColumn,
  IntegerColumn,
  NumberColumn,
  NumericArray,
  TimestampColumn,
} from './column.ts';
import { stringVector } from './string-vector.ts';

/** A validity bitmap for `length` rows from a predicate; undefined where every row is present. */
export function validityOf(length: number, present: (row: number) => boolean): Uint8Array | undefined {
  const bitmap = new Uint8Array((length + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < length; i++) {
    if (present(i)) bitmap[i >> 3] |= 1 << (i & 7);
    else missing++;
  }
  return missing === 0 ? undefined : bitmap;
}

/** The narrowest code array for codes below `count`. */
export function codeArray(count: number, length: number): CodeArray {
  if (count <= 0x100) return new Uint8Array(length);
  if (count <= 0x10000) return new Uint16Array(length);
  return new Uint32Array(length);
}

/** A text column from strings, dictionary-coded. */
export function stringColumn(values: readonly (string | null)[]): DictionaryColumn {
  const byText = new Map<string, number>();
  for (const value of values) if (value !== null && !byText.has(value)) byText.set(value, byText.size);
  const codes = codeArray(byText.size, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== null) codes[i] = byText.get(value) as number;
  }
  return {
    type: 'string',
    layout: 'dictionary',
    length: values.length,
    codes,
    dictionary: stringVector([...byText.keys()]),
    validity: validityOf(values.length, (i) => values[i] !== null),
  };
}

/** A column of decimals from binary floating point; NaN stands for no value. */
export function numberColumn(values: ArrayLike<number>): NumberColumn {
  const floats = values instanceof Float64Array ? values : Float64Array.from(values);
  const validity = validityOf(floats.length, (i) => !Number.isNaN(floats[i]));
  return { type: 'number', length: floats.length, values: floats, scale: 1, validity };
}

/** A column of exact decimals, `units[i] / scale`; `scale` is a power of ten. */
export function decimalColumn(units: NumericArray, scale: number): NumberColumn {
  return { type: 'number', length: units.length, values: units, scale };
}

/** A column of whole numbers. A typed array is kept as it is; a list is stored as Float64Array. */
export function integerColumn(values: ArrayLike<number>): IntegerColumn {
  const stored = ArrayBuffer.isView(values) ? (values as NumericArray) : Float64Array.from(values);
  const validity =
    stored instanceof Float64Array ? validityOf(stored.length, (i) => !Number.isNaN(stored[i])) : undefined;
  return { type: 'integer', length: stored.length, values: stored, validity };
}

/** A column of truth values. */
export function booleanColumn(values: ArrayLike<number | boolean>): BooleanColumn {
  return { type: 'boolean', length: values.length, values: Uint8Array.from(values, (value) => (value ? 1 : 0)) };
}

/** A column of days since 1970-01-01. */
export function dateColumn(days: ArrayLike<number>): DateColumn {
  const values = ArrayBuffer.isView(days) ? (days as NumericArray) : Float64Array.from(days);
  return { type: 'date', length: values.length, values };
}

/** A column of times in milliseconds since 1970. */
export function timestampColumn(milliseconds: ArrayLike<number>, zoned = false): TimestampColumn {
  const values = ArrayBuffer.isView(milliseconds) ? (milliseconds as NumericArray) : Float64Array.from(milliseconds);
  return { type: 'timestamp', length: values.length, values, unit: 1, zoned };
}

/**
 * A column from plain values, as `valueAt` gives them (days and times may be ISO text or numbers). For small tables.
 * @throws TypeError where a value is not of the type.
 */
export function columnFromValues(type: Column['type'], values: readonly CellValue[]): Column {
  const validity = validityOf(values.length, (i) => values[i] !== null);
  if (type === 'string') return stringColumn(values.map((value) => (value === null ? null : String(value))));
  const numbers = Float64Array.from(values, (value) => (value === null ? 0 : toNumber(type, value)));
  const length = values.length;
  switch (type) {
    case 'number':
      return { type, length, values: numbers, scale: 1, validity };
    case 'boolean':
      return { type, length, values: Uint8Array.from(numbers), validity };
    case 'timestamp':
      return { type, length, values: numbers, unit: 1, zoned: false, validity };
    default:
      return { type, length, values: numbers, validity };
  }
}

function toNumber(type: Column['type'], value: Exclude<CellValue, null>): number {
  let number = Number(value);
  if (typeof value === 'string' && (type === 'date' || type === 'timestamp')) {
    number = Date.parse(type === 'date' || /[zZ]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
    if (type === 'date') number /= 86_400_000;
  }
  if (Number.isNaN(number)) throw new TypeError(`'${value}' is not a ${type}.`);
  return number;
}
