import type { DelimitedCell } from '../delimited-writer.ts';
import type { NumberKind } from './number-formats.ts';

const DAY = 86_400_000;
/** Serial number 1 is 1900-01-01 and 60 the 29th of February 1900, a day that there never was; from then on all is one off. */
const FIRST_1900 = Date.UTC(1899, 11, 31);
const FIRST_1904 = Date.UTC(1904, 0, 1);
const NO_DAY = 60;
const LAST_SERIAL = 2_958_466;

/** A number of a cell with a date or time format: a day, a time, a time of day or a span as text; undefined where it is none. */
function timeOfSerial(serial: number, kind: NumberKind, from1904: boolean): string | undefined {
  if (kind === 'duration' || ((kind === 'time' || kind === 'timestamp') && serial >= 0 && serial < 1)) {
    return clockText(serial);
  }
  if (serial < 0 || serial >= LAST_SERIAL) return undefined;
  const whole = Math.floor(serial);
  if (!from1904 && (whole === NO_DAY || whole === 0)) return undefined;
  const first = from1904 ? FIRST_1904 : whole > NO_DAY ? FIRST_1900 - DAY : FIRST_1900;
  const iso = new Date(first + Math.round(serial * DAY)).toISOString();
  if (iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10);
  return iso
    .slice(0, 23)
    .replace('T', ' ')
    .replace(/\.000$/, '');
}

/** Hours, minutes and seconds; hours may pass 24. */
function clockText(serial: number): string {
  const milliseconds = Math.round(Math.abs(serial) * DAY);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = milliseconds % 1000;
  const clock = `${two(milliseconds / 3_600_000)}:${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}`;
  return `${serial < 0 ? '-' : ''}${clock}${rest > 0 ? `.${String(rest).padStart(3, '0')}` : ''}`;
}

/** Why a cell has no value in a table though something stands in it. */
export type CellFault = { readonly reason: 'error-value' | 'not-a-date'; readonly raw: string };

/** A cell's value as it is laid down in text, and what is wrong with it. */
export interface ReadCell {
  readonly cell: DelimitedCell;
  readonly fault?: CellFault;
}

const nothing: ReadCell = { cell: null };

/** The value of a cell by its kind and its number's format. */
export function readCell(
  kind: 'number' | 'text' | 'boolean' | 'error' | 'day' | 'empty',
  value: string | number | boolean | null,
  format: NumberKind,
  from1904: boolean,
): ReadCell {
  if (value === null || value === '') return nothing;
  if (kind === 'error') return { cell: null, fault: { reason: 'error-value', raw: String(value) } };
  if (typeof value === 'boolean') return { cell: { bare: value ? 'TRUE' : 'FALSE' } };
  if (kind === 'day') return { cell: { bare: String(value).replace(/T00:00:00(\.0+)?Z?$/, '') } };
  if (typeof value === 'string') return { cell: { text: value } };
  if (format === 'number') return { cell: { number: value } };
  const text = timeOfSerial(value, format, from1904);
  if (text === undefined) return { cell: null, fault: { reason: 'not-a-date', raw: String(value) } };
  return { cell: text.includes('-', 1) ? { bare: text } : { text } };
}
