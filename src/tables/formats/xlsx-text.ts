import { bytesSource, type FileSource } from '../file-source.ts';
import type { ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { type DelimitedCell, DelimitedWriter } from './delimited-writer.ts';
import { SourceLines } from './source-lines.ts';
import { MergedCells } from './xlsx/merged-cells.ts';
import { findHeader, nameOf, type SheetRow } from './xlsx/xlsx-header.ts';
import { readLayout } from './xlsx/xlsx-layout.ts';
import { XlsxPackage } from './xlsx/xlsx-package.ts';
import type { XlsxRange } from './xlsx/xlsx-places.ts';
import { sheetRows, type XlsxReading, type XlsxRow } from './xlsx/xlsx-rows.ts';
import { readStrings } from './xlsx/xlsx-strings.ts';
import { readStyles, type XlsxStyles } from './xlsx/xlsx-styles.ts';
import { type CellFault, readCell } from './xlsx/xlsx-value.ts';

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
  /** Texts above the table, which are no part of it. */
  readonly title: readonly string[];
  /** Rows that the names of the columns are made of. */
  readonly headerRows: number;
  /** Whether cells were filled with the value of a cell merged over them. */
  readonly filled: boolean;
  readonly lines: SourceLines;
  /** Rows of the whole table, where only the first were read. */
  readonly estimatedRows: number | undefined;
}

/**
 * One sheet of an XLSX workbook as delimited text: the values of formulas, days and times as ISO text, texts quoted so that
 * they stay text. Title lines above the table and empty columns are left out, headers of several rows joined, and merged
 * cells filled. `most` stops after so many rows.
 * @throws TableError where the file is damaged, has no such sheet, or the sheet is empty.
 */
export async function xlsxToText(
  source: FileSource,
  options: ImportOptions,
  signal?: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<XlsxText> {
  const workbook = await XlsxPackage.open(source, signal);
  const sheets = workbook.sheets.filter(({ path }) => path !== undefined);
  const parts = sheets.map(({ name }) => name);
  const strings = await readStrings(workbook, false);
  const reading: XlsxReading = { strings, whole: false };
  const part = options.part ?? (await firstFilled(workbook, reading));
  const path = sheets.find(({ name }) => name === part)?.path;
  if (path === undefined) {
    throw new TableError('bad-option', `'${source.name}' has no sheet '${part}'; it has ${parts.join(', ')}.`, {
      file: source.name,
    });
  }
  const layout = await readLayout(workbook, path);
  const written = new SheetText(await readStyles(workbook), workbook.from1904, options.header);
  await workbook.naming(async () => {
    written.merge(layout.merges);
    rows: for await (const rows of sheetRows(workbook, path, reading)) {
      for (const row of rows) {
        written.row(row);
        if (written.count >= most) break rows;
      }
    }
    written.settle();
  });
  if (written.isEmpty) {
    throw new TableError('empty-file', `Sheet '${part}' of '${source.name}' is empty. Choose another sheet.`, {
      file: source.name,
    });
  }
  const whole = written.count < most;
  return {
    ...written.finish(source.name),
    parts,
    part,
    estimatedRows: whole || layout.lastRow === 0 ? undefined : Math.max(written.count, layout.lastRow - written.above),
  };
}

/** The first sheet with a value in it, else the first. */
async function firstFilled(workbook: XlsxPackage, reading: XlsxReading): Promise<string> {
  for (const { name, path, hidden } of workbook.sheets) {
    if (path === undefined || hidden) continue;
    for await (const rows of sheetRows(workbook, path, reading)) {
      if (rows.some(({ cells }) => cells.length > 0)) return name;
    }
  }
  return workbook.sheets.find(({ path }) => path !== undefined)?.name ?? '';
}

/** Lays the rows of one sheet out as text. */
class SheetText {
  readonly #styles: XlsxStyles;
  readonly #from1904: boolean;
  readonly #header: boolean | undefined;
  readonly #writer = new DelimitedWriter();
  readonly #lines = new SourceLines();
  #merged = new MergedCells([]);
  readonly #values = new Map<XlsxRange, DelimitedCell>();
  #pending: SheetRow[] | undefined = [];
  readonly #faults = new Map<number, { column: number; fault: CellFault }[]>();
  #columns: readonly number[] = [];
  #names: readonly string[] | undefined;
  #title: readonly string[] = [];
  #headerRows = 0;
  #hasFilled = false;
  #written = 0;
  /** Rows of the sheet above the table's first. */
  above = 0;

  constructor(styles: XlsxStyles, from1904: boolean, header: boolean | undefined) {
    this.#styles = styles;
    this.#from1904 = from1904;
    this.#header = header;
  }

  merge(ranges: readonly XlsxRange[]): void {
    this.#merged = new MergedCells(ranges);
  }

  get count(): number {
    return this.#written + (this.#pending?.length ?? 0);
  }

  get isEmpty(): boolean {
    return this.#written === 0 && this.#names === undefined;
  }

  row(row: XlsxRow): void {
    const cells: DelimitedCell[] = [];
    let any = false;
    for (const { column, kind, value, style } of row.cells) {
      const format = this.#styles.formats[style]?.kind ?? 'number';
      const { cell, fault } = readCell(kind, value, format, this.#from1904);
      if (cell !== null || fault) any = true;
      if (cell !== null) cells[column] = cell;
      if (!fault) continue;
      const faults = this.#faults.get(row.index);
      if (faults) faults.push({ column, fault });
      else this.#faults.set(row.index, [{ column, fault }]);
    }
    if (!any) return;
    const read = { index: row.index, cells };
    if (this.#pending === undefined) this.#put(read);
    else if (this.#pending.push(read) === LOOKED_AT) this.settle();
  }

  /** Finds the header among the rows so far, and writes them. */
  settle(): void {
    if (this.#pending === undefined) return;
    const found = findHeader(this.#pending, this.#merged, this.#header);
    this.#pending = undefined;
    this.#columns = found.columns;
    this.#names = found.names;
    this.#title = found.title;
    this.#headerRows = found.headerRows;
    if (found.names) this.#writer.header(found.names);
    this.above = found.body[0]?.index ?? 0;
    for (const row of found.body) this.#put(row);
  }

  #put(row: SheetRow): void {
    const cells = this.#filled(row);
    const first = this.#columns[0] ?? 0;
    const last = this.#columns.at(-1) ?? -1;
    this.#lines.row(this.#writer.nextLine, row.index + 1);
    cells.forEach((cell, column) => {
      if (cell && (column < first || column > last))
        this.#lines.issue(row.index + 1, -1, 'too-many-fields', nameOf(cell));
    });
    for (const { column, fault } of this.#faults.get(row.index) ?? [])
      this.#lines.issue(row.index + 1, column - first, fault.reason, fault.raw, this.#written);
    this.#faults.delete(row.index);
    this.#writer.row(this.#columns.map((column) => cells[column] ?? null));
    this.#written++;
  }

  /** A row with the value of merged cells in each cell that they cover; a number only downwards, not beside itself. */
  #filled(row: SheetRow): readonly (DelimitedCell | undefined)[] {
    const over = this.#merged.over(row.index);
    if (over.length === 0) return row.cells;
    const cells = [...row.cells];
    const last = this.#columns.at(-1) ?? -1;
    for (const range of over) {
      if (range.startRow === row.index) this.#values.set(range, row.cells[range.startColumn] ?? null);
      const value = this.#values.get(range) ?? null;
      if (value === null) continue;
      const endColumn = 'number' in value ? range.startColumn : Math.min(range.endColumn, last);
      for (let column = range.startColumn; column <= endColumn; column++) {
        if (cells[column] === value) continue;
        cells[column] = value;
        this.#hasFilled = true;
      }
    }
    return cells;
  }

  finish(name: string): Omit<XlsxText, 'parts' | 'part' | 'estimatedRows'> {
    const names = this.#names ?? this.#columns.map((_, index) => `column${index + 1}`);
    return {
      source: bytesSource(name, this.#writer.finish()),
      header: this.#names !== undefined,
      columns: this.#writer.numericTypes(names),
      title: this.#title,
      headerRows: this.#headerRows,
      filled: this.#hasFilled,
      lines: this.#lines,
    };
  }
}
