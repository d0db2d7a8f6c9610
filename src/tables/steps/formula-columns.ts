import {
  type Column,
  civilFromDay,
  dayReader,
  numberAt,
  type StringColumn,
  stringAt,
  stringVector,
  type TimeColumn,
  textAt,
  validityOf,
  valueAt,
} from '@patron/sdk';

/** What values a part of a formula has; `decimals` where they are decimals of so many places, exactly. */
export type ValueType =
  | { readonly kind: 'number'; readonly decimals?: number }
  | { readonly kind: 'text' | 'boolean' | 'date' }
  | { readonly kind: 'timestamp'; readonly zoned: boolean };

/** Values of some rows: numbers (truth as 0 and 1, days, milliseconds) where NaN is no value, or texts where null is none. */
export type Values = Float64Array | (string | null)[];

/** The columns a formula reads, for the rows that are computed. */
export interface FormulaRows {
  readonly length: number;
  readonly columns: ReadonlyMap<string, Column>;
  readonly timeZone: string;
}

export type Evaluate = (rows: FormulaRows) => Values;

/** Beyond this a double no longer tells the last place of a decimal that was rounded. */
const EXACT = 2 ** 50;
const MOST_DECIMALS = 6;

export function columnValueType(column: { type: Column['type']; scale?: number; zoned?: boolean }): ValueType {
  switch (column.type) {
    case 'string':
      return { kind: 'text' };
    case 'integer':
      return { kind: 'number', decimals: 0 };
    case 'number': {
      const { scale = 1 } = column;
      return { kind: 'number', decimals: scale > 1 ? Math.round(Math.log10(scale)) : undefined };
    }
    case 'timestamp':
      return { kind: 'timestamp', zoned: column.zoned ?? false };
    default:
      return { kind: column.type };
  }
}

/** A column's rows as values. Texts are decoded once for each word. */
export function valuesOf(column: Column): Values {
  if (column.type === 'string') return textsOf(column);
  const numbers = new Float64Array(column.length);
  for (let row = 0; row < numbers.length; row++) numbers[row] = numberAt(column, row);
  return numbers;
}

function textsOf(column: StringColumn): (string | null)[] {
  const texts = new Array<string | null>(column.length).fill(null);
  if (column.layout === 'plain') {
    for (let row = 0; row < texts.length; row++) texts[row] = textAt(column, row);
    return texts;
  }
  const words: (string | undefined)[] = new Array(column.dictionary.offsets.length - 1);
  const { validity, codes } = column;
  for (let row = 0; row < texts.length; row++) {
    if (validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0) continue;
    let word = words[codes[row]];
    if (word === undefined) {
      word = stringAt(column.dictionary, codes[row]);
      words[codes[row]] = word;
    }
    texts[row] = word;
  }
  return texts;
}

/** The day of each value: days as they are, times cut in the time zone. */
export function daysOfValues(values: Float64Array, type: ValueType, timeZone: string): Float64Array {
  if (type.kind === 'date') return values;
  const days = new Float64Array(values.length).fill(Number.NaN);
  if (type.kind !== 'timestamp') return days;
  const column: TimeColumn = {
    type: 'timestamp',
    length: values.length,
    values: values.map((value) => (Number.isNaN(value) ? 0 : value)),
    unit: 1,
    zoned: type.zoned,
  };
  const whole = new Int32Array(values.length);
  dayReader(column, timeZone)(0, values.length, whole);
  for (let row = 0; row < days.length; row++) if (!Number.isNaN(values[row])) days[row] = whole[row];
  return days;
}

/** Year, month or day of the month of days. */
export function civilPart(days: Float64Array, part: 'year' | 'month' | 'day'): Float64Array {
  let last = Number.NaN;
  let answer = Number.NaN;
  return days.map((day) => {
    if (Number.isNaN(day)) return Number.NaN;
    if (day !== last) {
      last = day;
      answer = civilFromDay(day)[part];
    }
    return answer;
  });
}

/** Values of any type as text, as `&` joins them. */
export function asTexts(values: Values, type: ValueType): (string | null)[] {
  if (!(values instanceof Float64Array)) return values;
  const column = columnOf(values, type.kind === 'number' ? { kind: 'number' } : type);
  return Array.from(values, (value, row) => (Number.isNaN(value) ? null : String(valueAt(column, row))));
}

/** Finished values as a column. Decimals of few places become whole numbers over their scale. */
export function columnOf(values: Values, type: ValueType): Column {
  if (!(values instanceof Float64Array)) return textColumnOf(values);
  const { length } = values;
  const validity = validityOf(length, (row) => !Number.isNaN(values[row]));
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean', length, values: Uint8Array.from(values), validity };
    case 'date':
      return { type: 'date', length, values, validity };
    case 'timestamp':
      return { type: 'timestamp', length, values, unit: 1, zoned: type.zoned, validity };
    default:
      return numbersOf(values, type.kind === 'number' ? type.decimals : undefined, validity);
  }
}

function numbersOf(values: Float64Array, decimals: number | undefined, validity: Uint8Array | undefined): Column {
  const { length } = values;
  if (decimals === 0) return { type: 'integer', length, values: values.map((value) => Math.round(value)), validity };
  const scale = decimals === undefined || decimals > MOST_DECIMALS ? 1 : 10 ** decimals;
  let exact = scale > 1;
  for (let row = 0; exact && row < length; row++) if (Math.abs(values[row]) * scale >= EXACT) exact = false;
  if (!exact) return { type: 'number', length, values, scale: 1, validity };
  return { type: 'number', length, values: values.map((value) => Math.round(value * scale)), scale, validity };
}

function textColumnOf(texts: readonly (string | null)[]): Column {
  const codes = new Map<string, number>();
  const own = new Uint32Array(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row];
    if (text === null) continue;
    let code = codes.get(text);
    if (code === undefined) {
      code = codes.size;
      codes.set(text, code);
    }
    own[row] = code;
  }
  return {
    type: 'string',
    layout: 'dictionary',
    length: texts.length,
    codes: own,
    dictionary: stringVector([...codes.keys()]),
    validity: validityOf(texts.length, (row) => texts[row] !== null),
  };
}
