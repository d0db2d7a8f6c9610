import type { StringVector } from './string-vector.ts';

/** What a column's values are. `date` is a calendar day; `timestamp` an instant or a wall-clock reading. */
export type ColumnType = 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'timestamp';

/** Any typed array that a numeric column may be stored in. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** The dictionary codes of a text column: the narrowest array that holds them. */
export type CodeArray = Uint8Array | Uint16Array | Uint32Array;

interface ColumnBase {
  /** How many rows. */
  readonly length: number;
  /**
   * Which rows have a value: bit `i & 7` of byte `i >> 3` is 1 where row i has one (as in Arrow).
   * Absent when every row has a value. What the value arrays hold in a row without one is unspecified.
   */
  readonly validity?: Uint8Array;
}

/** Text that repeats: `dictionary[codes[i]]` is the text of row i. Every dictionary entry is distinct. */
export interface DictionaryColumn extends ColumnBase {
  readonly type: 'string';
  readonly layout: 'dictionary';
  readonly codes: CodeArray;
  readonly dictionary: StringVector;
}

/** Text that does not repeat: string i of the vector is the text of row i. */
export interface TextColumn extends ColumnBase {
  readonly type: 'string';
  readonly layout: 'plain';
  readonly text: StringVector;
}

/** A decimal number: `values[i] / scale`. `scale` is a power of ten (1 for binary floating point), so money is exact. */
export interface NumberColumn extends ColumnBase {
  readonly type: 'number';
  readonly values: NumericArray;
  readonly scale: number;
}

/** A whole number, `values[i]`, within ±(2^53 − 1). */
export interface IntegerColumn extends ColumnBase {
  readonly type: 'integer';
  readonly values: NumericArray;
}

/** 1 is true, 0 is false. */
export interface BooleanColumn extends ColumnBase {
  readonly type: 'boolean';
  readonly values: Uint8Array;
}

/** A calendar day: `values[i]` is days since 1970-01-01. It has no time zone. */
export interface DateColumn extends ColumnBase {
  readonly type: 'date';
  readonly values: NumericArray;
}

/**
 * A point in time: `values[i] * unit` is milliseconds since 1970-01-01T00:00.
 * `zoned` true: an instant in UTC, its day depends on the workbook's time zone.
 * `zoned` false: the wall-clock reading that the file gave without a zone; its day never moves.
 */
export interface TimestampColumn extends ColumnBase {
  readonly type: 'timestamp';
  readonly values: NumericArray;
  readonly unit: 1 | 1000 | 60000;
  readonly zoned: boolean;
}

export type StringColumn = DictionaryColumn | TextColumn;
export type NumericColumn = NumberColumn | IntegerColumn | BooleanColumn | DateColumn | TimestampColumn;
export type Column = StringColumn | NumericColumn;

/** A value as the outside sees it: days as `YYYY-MM-DD`, times as ISO text, null where the row has none. */
export type CellValue = string | number | boolean | null;
