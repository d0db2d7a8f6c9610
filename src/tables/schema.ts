import type { ColumnType, JsonObject } from '@patron/sdk';

/** The formats a table can be read from. */
export type TableFormat = 'text' | 'xlsx' | 'json' | 'json-lines' | 'parquet' | 'arrow';

/** How a stored column lies in memory: dictionary codes, UTF-8 end to end, or an array of fixed-width values. */
export type ColumnLayout = 'dictionary' | 'plain' | 'fixed';

/** What is known of a column without reading it. */
export interface ColumnMeta {
  readonly name: string;
  readonly type: ColumnType;
  readonly layout: ColumnLayout;
  /** Power of ten that the stored whole numbers are divided by; 1 for binary floating point. Numbers only. */
  readonly scale?: number;
  /** Whether a timestamp is an instant (true) or a wall-clock reading (false). Timestamps only. */
  readonly zoned?: boolean;
  /** What the text carried beside the number: `%` or a currency sign. The values are without it (12 % is 0.12). */
  readonly unit?: string;
  /** How many rows have no value. */
  readonly missing: number;
  /** How many distinct texts the dictionary holds. Dictionary columns only. */
  readonly distinct?: number;
  /** Stored size, dictionary included. */
  readonly bytes: number;
}

/** Where a table version came from. */
export interface TableSource {
  readonly kind: 'file' | 'result' | 'transform';
  /** File name, or the title of the run or step. */
  readonly name: string;
  readonly size?: number;
  readonly format?: TableFormat;
  readonly encoding?: string;
  /** The delimiter of delimited text; `whitespace` or `fixed-width` for the other layouts. */
  readonly delimiter?: string;
  readonly header?: boolean;
  /** The sheet or part of a file that holds several tables. */
  readonly part?: string;
  /** What else the maker wants kept: run id, parameters, the columns' choices. */
  readonly details?: JsonObject;
}

/** One immutable version of a table. */
export interface TableMeta {
  readonly id: string;
  readonly workbook: string;
  readonly name: string;
  /** 1, 2, 3 …; never used twice for one table. */
  readonly version: number;
  readonly rows: number;
  readonly columns: readonly ColumnMeta[];
  /** How many values and lines were set aside while reading. */
  readonly rejects: number;
  readonly source: TableSource;
  /** When the version was made, milliseconds since 1970. */
  readonly created: number;
  /** Stored size of the version. */
  readonly bytes: number;
  /** Rows of a row group, a power of two: the unit in which columns are stored, fetched and checked. */
  readonly groupRows: number;
}

/** Rows of a row group of an ordinary table. */
export const ROW_GROUP = 65_536;

/** Rows of a row group of a table with so many columns: fewer where it is very wide, so that a group stays small. */
export function groupRowsFor(columns: number): number {
  if (columns <= 128) return ROW_GROUP;
  return columns <= 512 ? 16_384 : 4096;
}
