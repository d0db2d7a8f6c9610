import type { CellValue } from '@patron/sdk';

/**
 * Rows of an ordinary sheet as CSV. Numbers are written in full, whatever their display; days and times as they are shown.
 * A text that a spreadsheet would take for a formula gets an apostrophe before it (CWE-1236), as in the tables' own
 * export; not where `guarded` is false, for text that Patron itself reads back.
 */
export function sheetCsv(
  values: readonly (readonly CellValue[])[],
  texts: readonly (readonly string[])[],
  guarded = true,
): Blob {
  const lines = values.map((row, at) =>
    row.map((value, column) => cell(value, texts[at]?.[column] ?? '', guarded)).join(','),
  );
  return new Blob(['\ufeff', lines.map((line) => `${line}\r\n`).join('')], { type: 'text/csv;charset=utf-8' });
}

function cell(value: CellValue, text: string, guarded: boolean): string {
  if (value === null) return '';
  if (typeof value === 'number') return isShownAsNumber(text) ? String(value) : quoted(text);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return quoted(guarded && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}

/** A number with a date's display is a day or a time: its display is what it means. */
function isShownAsNumber(text: string): boolean {
  return !/\d[-/:年]\d/.test(text);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
}
