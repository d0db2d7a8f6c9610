import type { CellValue, Column, ColumnType } from '@patron/sdk';
import type { ColumnMeta, TableFormat } from './schema.ts';

/** How text is cut into fields: at a delimiter, at runs of blanks, or at fixed positions. */
export type TextLayout = 'delimited' | 'whitespace' | 'fixed-width';

/** Which of day and month comes first where a date is written with the year last. */
export type DateOrder = 'day-month' | 'month-day';

/** What the user wants of one column; whatever is absent is settled from the data. */
export interface ColumnChoice {
  readonly name?: string;
  readonly type?: ColumnType;
  readonly skip?: boolean;
  readonly dateOrder?: DateOrder;
}

/** Everything about reading a file that can be changed; whatever is absent is settled from the file. */
export interface ImportOptions {
  readonly format?: TableFormat;
  /** A WHATWG label: `utf-8`, `utf-16le`, `gb18030`, `windows-1252` … */
  readonly encoding?: string;
  readonly layout?: TextLayout;
  /** One ASCII character. */
  readonly delimiter?: string;
  /** One ASCII character, or empty for none. */
  readonly quote?: string;
  /** Whether the first line holds the columns' names. */
  readonly header?: boolean;
  /** Lines before the header (or the first row) that are no part of the table. */
  readonly skipLines?: number;
  /** For fixed width: where each column starts, in characters, ascending from 0. */
  readonly columnStarts?: readonly number[];
  readonly decimal?: '.' | ',';
  /** Unquoted texts that stand for no value, beside the empty one. Default: NA, N/A, #N/A, NULL, NaN, None, in any case. */
  readonly nullTokens?: readonly string[];
  /** By the column's name in the file (`column1` … where there is none). */
  readonly columns?: Readonly<Record<string, ColumnChoice>>;
  /** Sheet of a workbook, or part of a file that holds several tables. */
  readonly part?: string;
}

/** A column as it was found. */
export interface DetectedColumn {
  /** Name in the file, or `column1` …; the key of `ImportOptions.columns`. */
  readonly original: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly skip: boolean;
  readonly unit?: string;
  readonly zoned?: boolean;
  readonly scale?: number;
  readonly dateOrder?: DateOrder;
  /** What settled day against month: a value above 12, the order of the rows, the user, or nothing but habit. */
  readonly dateOrderFrom?: 'values' | 'row-order' | 'choice' | 'habit';
  /** Why numbers were kept as text. */
  readonly keptAsText?: 'leading-zeros' | 'long-digits' | 'phone' | 'name' | 'quoted' | 'mixed';
}

/** How a file was read: everything that was detected or chosen. */
export interface Detection {
  readonly format: TableFormat;
  readonly encoding?: string;
  /** What the encoding rests on. */
  readonly encodingFrom?: 'bom' | 'strict-utf-8' | 'fallback' | 'choice';
  readonly layout?: TextLayout;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly decimal?: '.' | ',';
  readonly columnStarts?: readonly number[];
  readonly columns: readonly DetectedColumn[];
  /** The parts a file holds (sheets), where it holds several. */
  readonly parts?: readonly string[];
  /** Which of them this is. */
  readonly part?: string;
  /** Lines above the header of a sheet that were left out as its title. */
  readonly title?: readonly string[];
  /** Rows that the names of the columns are joined from. */
  readonly headerRows?: number;
  /** Whether cells of a sheet were filled with the value of a cell merged over them. */
  readonly filled?: boolean;
}

/**
 * Why something was set aside. A value that is not of its column's type leaves its cell empty; a short row is filled up with
 * nothing, a long one cut; a text with a stray quote or undecodable bytes stays, as far as it can be read.
 */
export type RejectReason =
  | 'not-a-number'
  | 'not-an-integer'
  | 'not-a-date'
  | 'not-a-boolean'
  | 'too-many-fields'
  | 'too-few-fields'
  | 'stray-quote'
  | 'unclosed-quote'
  | 'undecodable'
  | 'not-a-record'
  /** A cell of a workbook that shows an error, such as #DIV/0!. */
  | 'error-value';

/**
 * What was set aside: one row each of line (integer; of a workbook the row of the sheet, of JSON the record), column, raw, reason (texts) and, where any is known, row (integer, from 0): the
 * row of the table whose cell was left empty. Raw texts are cut at 500 bytes.
 */
export interface Rejects {
  /** All that were met, kept or not. */
  readonly count: number;
  readonly byReason: Readonly<Partial<Record<RejectReason, number>>>;
  /** The first 100,000 as a table: `line`, `column`, `raw`, `reason` and perhaps `row`. */
  readonly columns: readonly NamedColumn[];
  readonly rows: number;
}

export interface NamedColumn {
  readonly name: string;
  readonly column: Column;
}

/** A whole table in memory. */
export interface MemoryTable {
  readonly rows: number;
  readonly columns: readonly NamedColumn[];
}

/** What reading a file in memory gives. */
export interface ReadResult {
  readonly table: MemoryTable;
  readonly meta: readonly ColumnMeta[];
  readonly rejects: Rejects;
  readonly detection: Detection;
}

/** The first rows of a file as they would be imported. */
export interface TablePreview {
  readonly detection: Detection;
  /** As texts of the file, and as values of the detected types, row by row. */
  readonly raw: readonly (readonly (string | null)[])[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly rejects: number;
  /** Rows of the whole file, estimated from the part that was read; exact where the whole file was. */
  readonly estimatedRows: number;
}

/** How far an import is. */
export interface ImportProgress {
  readonly stage: 'reading' | 'reading-again' | 'saving';
  /** Bytes of the file. */
  readonly done: number;
  readonly total: number;
  readonly rows: number;
}
