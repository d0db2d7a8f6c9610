import { type CellValue, type Column, valueAt } from '@patron/sdk';
import type { NamedColumn } from './import-options.ts';
import { DEFAULT_NULL_TOKENS } from './null-tokens.ts';

export interface CsvOptions {
  /** Default: a comma. */
  readonly delimiter?: string;
  /** A byte order mark, so that Excel reads the file as UTF-8. Default: yes. */
  readonly bom?: boolean;
  readonly header?: boolean;
  /**
   * Puts an apostrophe before texts that a spreadsheet would run as a formula: those that begin with = + - @, a tab or a
   * carriage return, and are no numbers. Default: yes.
   */
  readonly guardFormulas?: boolean;
}

const ROWS_AT_A_TIME = 8192;
const encoder = new TextEncoder();

/** A table as CSV (RFC 4180), in pieces. Texts that would read as something else are quoted; a missing value is empty. */
export async function* exportCsv(
  columns: readonly NamedColumn[],
  options: CsvOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield csvHead(
    columns.map(({ name }) => name),
    options,
  );
  const rows = columns[0]?.column.length ?? 0;
  for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
    yield csvRows(
      columns.map(({ column }) => column),
      from,
      Math.min(rows, from + ROWS_AT_A_TIME),
      options,
    );
  }
}

/** What comes before the rows. */
export function csvHead(names: readonly string[], options: CsvOptions): Uint8Array<ArrayBuffer> {
  const delimiter = options.delimiter ?? ',';
  const mark = (options.bom ?? true) ? '\ufeff' : '';
  if (options.header === false) return encoder.encode(mark);
  const fields = names.map((name) => textField(name, delimiter, options.guardFormulas ?? true, false));
  return encoder.encode(`${mark}${fields.join(delimiter)}\r\n`);
}

/** Some rows. */
export function csvRows(
  columns: readonly Column[],
  from: number,
  to: number,
  options: CsvOptions,
): Uint8Array<ArrayBuffer> {
  const delimiter = options.delimiter ?? ',';
  const guard = options.guardFormulas ?? true;
  let text = '';
  for (let row = from; row < to; row++) {
    for (let c = 0; c < columns.length; c++) {
      if (c > 0) text += delimiter;
      text += field(valueAt(columns[c], row), delimiter, guard);
    }
    text += '\r\n';
  }
  return encoder.encode(text);
}

function field(value: CellValue, delimiter: string, guard: boolean): string {
  if (value === null) return '';
  if (typeof value === 'string') return textField(value, delimiter, guard, true);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  const text = String(value);
  return delimiter === '.' || delimiter === '-' ? `"${text}"` : text;
}

const NUMBER = /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const NOTHING = new Set(DEFAULT_NULL_TOKENS.map((token) => token.toLowerCase()));

function textField(text: string, delimiter: string, guard: boolean, isCell: boolean): string {
  const isNumber = NUMBER.test(text);
  const guarded = guard && /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
  // Quoted, a text of digits is told from a number, and "NA" from no value.
  const ambiguous = isCell && (isNumber || NOTHING.has(text.toLowerCase()));
  if (!ambiguous && !guarded.includes(delimiter) && !/["\r\n]|^[ \t]|[ \t]$/.test(guarded)) return guarded;
  return `"${guarded.replaceAll('"', '""')}"`;
}
