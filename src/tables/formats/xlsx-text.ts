import type { CellValue } from 'hucre';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { bytesSource, type FileSource } from '../file-source.ts';
import type { ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { type DelimitedCell, DelimitedWriter } from './delimited-writer.ts';
import { readWhole } from './read-whole.ts';

/** Rows that are looked at to find where the table begins. */
const LOOKED_AT = 50;

export interface XlsxText {
  readonly source: FileSource;
  readonly header: boolean;
  /** The types of columns that hold only numbers. */
  readonly columns: NonNullable<ImportOptions['columns']>;
  /** Names of the workbook's sheets. */
  readonly parts: readonly string[];
  readonly part: string;
}

/**
 * One sheet of an XLSX workbook as delimited text: the values of formulas, days and times as ISO text, texts quoted so that
 * they stay text. Title lines above the table and empty columns are left out.
 * @throws TableError where the file is damaged, has no such sheet, or the sheet is empty.
 */
export async function xlsxToText(source: FileSource, options: ImportOptions, signal?: AbortSignal): Promise<XlsxText> {
  const bytes = await readWhole(source);
  const parts = await named(source, () => sheetNames(bytes));
  const part = options.part ?? (await firstFilled(source, bytes, parts));
  if (!parts.includes(part)) {
    throw new TableError('bad-option', `'${source.name}' has no sheet '${part}'; it has ${parts.join(', ')}.`, {
      file: source.name,
    });
  }
  const writer = new DelimitedWriter();
  let written = 0;
  let pending: CellValue[][] | undefined = [];
  let columns: readonly number[] = [];
  let names: string[] | undefined;
  const put = (values: readonly CellValue[]): void => {
    writer.row(columns.map((column) => cellOf(values[column] ?? null)));
    written++;
  };
  const settle = (): void => {
    const rows = withoutTitle(pending ?? []);
    pending = undefined;
    columns = filledColumns(rows);
    names = headerOf(rows[0], columns, options.header ?? isHeader(rows, columns));
    if (names) {
      writer.header(names);
      written++;
    }
    for (const row of rows.slice(names ? 1 : 0)) put(row);
  };
  await named(source, async () => {
    for await (const { values, index } of streamXlsxRows(bytes, { sheet: part })) {
      if ((index & 4095) === 0) signal?.throwIfAborted();
      if (pending === undefined) {
        if (values.some((value) => value !== null && value !== '')) put(values);
        continue;
      }
      pending.push(values);
      if (pending.length === LOOKED_AT) settle();
    }
    if (pending !== undefined) settle();
  });
  if (written === 0) {
    throw new TableError('empty-file', `Sheet '${part}' of '${source.name}' is empty. Choose another sheet.`, {
      file: source.name,
    });
  }
  return {
    source: bytesSource(source.name, writer.finish()),
    header: names !== undefined,
    columns: writer.numericTypes(names ?? columns.map((_, index) => `column${index + 1}`)),
    parts,
    part,
  };
}

async function sheetNames(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = [];
  await readXlsx(bytes, {
    sheets: (info) => {
      names.push(info.name);
      return false;
    },
  });
  return names;
}

async function firstFilled(source: FileSource, bytes: Uint8Array, parts: readonly string[]): Promise<string> {
  for (const part of parts) {
    const rows = await named(source, () => streamXlsxRows(bytes, { sheet: part, maxRows: 1 }).next());
    if (!rows.done) return part;
  }
  return parts[0] ?? '';
}

/** Rows from the table's first on: lines above it that hold one cell where the table holds several are its title. */
function withoutTitle(rows: readonly CellValue[][]): CellValue[][] {
  const filled = rows.filter((row) => countFilled(row) > 0);
  const widest = Math.max(0, ...filled.map(countFilled));
  const first = widest > 1 ? filled.findIndex((row) => countFilled(row) > 1) : 0;
  return filled.slice(Math.max(0, first));
}

function countFilled(row: readonly CellValue[]): number {
  return row.reduce<number>((count, value) => (value === null || value === '' ? count : count + 1), 0);
}

/** Columns up to the last that the looked-at rows fill, without empty ones in front. */
function filledColumns(rows: readonly CellValue[][]): number[] {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const row of rows) {
    row.forEach((value, column) => {
      if (value === null || value === '') return;
      first = Math.min(first, column);
      last = Math.max(last, column);
    });
  }
  return last < 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Whether the first row holds nothing but texts, as names are. */
function isHeader(rows: readonly CellValue[][], columns: readonly number[]): boolean {
  return rows.length > 0 && columns.every((column) => typeof (rows[0][column] ?? '') === 'string');
}

function headerOf(
  row: readonly CellValue[] | undefined,
  columns: readonly number[],
  header: boolean,
): string[] | undefined {
  if (!header || !row) return undefined;
  return columns.map((column) => String(row[column] ?? ''));
}

function cellOf(value: CellValue): DelimitedCell {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'number') return { number: value };
  if (typeof value === 'boolean') return { bare: value ? 'TRUE' : 'FALSE' };
  const iso = value.toISOString();
  return {
    bare: iso.endsWith('T00:00:00.000Z')
      ? iso.slice(0, 10)
      : iso
          .slice(0, 23)
          .replace('T', ' ')
          .replace(/\.000$/, ''),
  };
}

async function named<V>(source: FileSource, read: () => Promise<V>): Promise<V> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof TableError || (cause instanceof DOMException && cause.name === 'AbortError')) throw cause;
    throw new TableError(
      'bad-file',
      `'${source.name}' is damaged, locked by a password or no XLSX workbook: ${(cause as Error).message}. Save it again as .xlsx.`,
      { file: source.name },
      cause,
    );
  }
}
