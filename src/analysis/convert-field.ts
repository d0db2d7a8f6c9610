import {
  type BooleanColumn,
  type Column,
  type DateColumn,
  denseCodes,
  type FieldKind,
  isPresent,
  type NumberColumn,
  type NumericColumn,
  type StringColumn,
  stringAt,
  stringColumn,
  stringCount,
  textAt,
  validityOf,
  valueAt,
} from '@patron/sdk';
import { BindingError } from './binding-error.ts';

const DAY = 86_400_000;

/**
 * The column as a field of `kind` wants it. Values that cannot be read become missing, so that the caller can count them.
 * @throws BindingError where nothing in the column can be read as that kind.
 */
export function convertField(column: Column, kind: FieldKind, name: string): Column {
  switch (kind) {
    case 'number':
      return toNumbers(column, name);
    case 'time':
      return toTimes(column, name);
    case 'boolean':
      return toTruth(column, name);
    case 'text':
      return column.type === 'string' ? column : toText(column);
    default:
      return column;
  }
}

function toNumbers(column: Column, name: string): Column {
  if (column.type === 'number' || column.type === 'integer') return column;
  if (column.type === 'boolean')
    return { type: 'integer', length: column.length, values: column.values, validity: column.validity };
  if (column.type === 'string') return numbersFromText(column, name);
  throw new BindingError(
    { code: 'notNumbers', column: name, row: 1, value: String(valueAt(column, 0)) },
    `fields.${name}`,
  );
}

/** Reads the numbers in a text column; text that is none becomes missing. */
export function numbersFromText(column: StringColumn, name: string): NumberColumn {
  const read = (text: string): number => {
    const plain = text.trim().replaceAll(',', '');
    return plain === '' ? Number.NaN : Number(plain);
  };
  const values = mapText(column, read, 'notNumbers', name);
  return { type: 'number', length: column.length, values, scale: 1, validity: presentNumbers(values) };
}

/**
 * Milliseconds since 1970 of ISO-like text (`2011-12-11`, `2011/12/11 08:30`, `20111211`, `2011年12月11日`), undefined where it is none.
 */
export function parseTime(text: string): number | undefined {
  const match =
    /^\s*(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = match;
  const midnight = Date.UTC(+year, +month - 1, +day);
  const back = new Date(midnight);
  if (back.getUTCMonth() !== +month - 1 || back.getUTCDate() !== +day || +hour > 24 || +minute > 59) return undefined;
  let time = midnight + +hour * 3_600_000 + +minute * 60_000 + +second * 1000 + Math.round(+fraction * 1000);
  if (zone && zone.toUpperCase() !== 'Z') {
    const offset = +zone.slice(1, 3) * 60 + +zone.slice(-2);
    time -= (zone[0] === '-' ? -1 : 1) * offset * 60_000;
  }
  return time;
}

function toTimes(column: Column, name: string): Column {
  if (column.type === 'date' || column.type === 'timestamp') return column;
  if (column.type === 'string') {
    const values = mapText(column, (text) => parseTime(text) ?? Number.NaN, 'notTimes', name);
    const validity = presentNumbers(values);
    return { type: 'timestamp', length: column.length, values, unit: 1, zoned: false, validity };
  }
  if (column.type === 'integer') return daysFromNumbers(column, name);
  throw unreadable(column, 'notTimes', name);
}

/** Whole numbers as days: 20111211 written as one number. */
function daysFromNumbers(column: NumericColumn, name: string): DateColumn {
  const values = new Int32Array(column.length);
  const unread = new Uint8Array(column.length);
  let read = 0;
  for (let i = 0; i < values.length; i++) {
    const time = isPresent(column, i) ? parseTime(String(column.values[i])) : undefined;
    if (time === undefined) unread[i] = 1;
    else {
      values[i] = time / DAY;
      read++;
    }
  }
  if (read === 0 && column.length > 0) throw unreadable(column, 'notTimes', name);
  return { type: 'date', length: column.length, values, validity: validityOf(column.length, (i) => unread[i] === 0) };
}

const TRUE = /^(1|true|t|yes|y|是|有)$/i;
const FALSE = /^(0|false|f|no|n|否|无)$/i;

/** Yes and no in text or numbers as truth; a pair of other numbers or names is left to the analysis. */
function toTruth(column: Column, name: string): Column {
  if (column.type === 'boolean') return column;
  if (column.type === 'date' || column.type === 'timestamp') throw unreadable(column, 'notTruth', name);
  const { codes, count, label } = denseCodes(column);
  const truth = Uint8Array.from({ length: count }, (_, code) => {
    const text = label(code).trim();
    return TRUE.test(text) ? 1 : FALSE.test(text) ? 0 : 2;
  });
  const values = new Uint8Array(column.length);
  for (let i = 0; i < values.length; i++) {
    if (!isPresent(column, i)) continue;
    values[i] = truth[codes[i]];
    if (values[i] === 2) return column;
  }
  return { type: 'boolean', length: column.length, values, validity: column.validity } satisfies BooleanColumn;
}

function toText(column: Column): Column {
  return stringColumn(Array.from({ length: column.length }, (_, row) => textAt(column, row)));
}

/** Reads every text once (a dictionary entry once, however often it stands in the rows). */
function mapText(
  column: StringColumn,
  read: (text: string) => number,
  code: 'notNumbers' | 'notTimes',
  name: string,
): Float64Array {
  const values = new Float64Array(column.length);
  if (column.layout === 'dictionary') {
    const byCode = Float64Array.from({ length: stringCount(column.dictionary) }, (_, entry) =>
      read(stringAt(column.dictionary, entry)),
    );
    for (let i = 0; i < values.length; i++) values[i] = isPresent(column, i) ? byCode[column.codes[i]] : Number.NaN;
  } else {
    for (let i = 0; i < values.length; i++)
      values[i] = isPresent(column, i) ? read(stringAt(column.text, i)) : Number.NaN;
  }
  if (values.length > 0 && values.every(Number.isNaN)) throw unreadable(column, code, name);
  return values;
}

function presentNumbers(values: Float64Array): Uint8Array | undefined {
  return validityOf(values.length, (i) => !Number.isNaN(values[i]));
}

function unreadable(column: Column, code: 'notNumbers' | 'notTimes' | 'notTruth', name: string): BindingError {
  let row = 0;
  while (row < column.length - 1 && !isPresent(column, row)) row++;
  return new BindingError(
    { code, column: name, row: row + 1, value: String(valueAt(column, row) ?? '') },
    `fields.${name}`,
  );
}
