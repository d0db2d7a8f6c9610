import type { CellValue, ColumnType } from '@patron/sdk';
import type { DateOrder, ImportOptions } from '../import-options.ts';
import type { RowFilter } from '../row-filter.ts';
import type { RowSort } from '../row-order.ts';
import type { TableMeta } from '../schema.ts';

/** Keeps the rows that fulfil all filters. */
export interface FilterStep {
  readonly kind: 'filter';
  readonly filters: readonly RowFilter[];
}

/** Puts the rows in order, the first key counting most; rows that agree in all keys stay as they were. */
export interface SortStep {
  readonly kind: 'sort';
  readonly keys: readonly RowSort[];
  /** For the alphabetical order of texts. */
  readonly locale?: string;
}

/** Gives columns other names, old name → new name. */
export interface RenameStep {
  readonly kind: 'rename';
  readonly names: Readonly<Record<string, string>>;
}

/** Makes a column one of another type; what does not fit becomes a reject. */
export interface RetypeStep {
  readonly kind: 'retype';
  readonly column: string;
  readonly type: ColumnType;
  /** Which of day and month comes first where the year is written last. Default: day first. */
  readonly dateOrder?: DateOrder;
}

/** Adds a column that is computed row by row, or replaces the one of that name. */
export interface FormulaStep {
  readonly kind: 'formula';
  readonly column: string;
  readonly formula: string;
  /** Where days of instants are cut. Default: UTC. */
  readonly timeZone?: string;
}

export interface JoinKey {
  readonly left: string;
  readonly right: string;
}

/**
 * Looks each row up in another table. `left` keeps every row, `inner` those that are found, `anti` those that are not.
 * A row without a value in a key column is never found.
 */
export interface JoinStep {
  readonly kind: 'join';
  /** Id of the other table. */
  readonly table: string;
  readonly how: 'left' | 'inner' | 'anti';
  readonly keys: readonly JoinKey[];
  /** Columns of the other table to add. Default: all but its keys. */
  readonly columns?: readonly string[];
  /** What to do where the other table has a key twice. Default: refuse. */
  readonly duplicates?: 'refuse' | 'first';
}

/** Puts the rows of other tables below; columns are matched by name. */
export interface AppendStep {
  readonly kind: 'append';
  readonly tables: readonly string[];
}

/** Keeps one row of those that agree in all of the columns; no value agrees with no value. */
export interface DistinctStep {
  readonly kind: 'distinct';
  /** Default: all. */
  readonly columns?: readonly string[];
  readonly keep?: 'first' | 'last';
}

/** A change to the rows of a table, as plain JSON, so that it can be kept and repeated. */
export type Step = FilterStep | SortStep | RenameStep | RetypeStep | FormulaStep | JoinStep | AppendStep | DistinctStep;

export type StepKind = Step['kind'];

/** How a file's rows are brought into a table: all of them below it, or by key. */
export interface MergeRule {
  /** Columns of the table that tell which row is which; an append needs none. */
  readonly keys: readonly string[];
  readonly mode: 'append' | 'create' | 'update' | 'both';
  /** Column of the file → column of the table; null leaves it out. A column that is not named keeps its name. */
  readonly mapping: Readonly<Record<string, string | null>>;
  /** Whether a cell without a value leaves the table's value standing. Default: keep. */
  readonly blanks?: 'keep' | 'clear';
  /** How the file is read. */
  readonly options?: ImportOptions;
}

/** A value put into one cell by hand, as text. */
export interface CellFix {
  /** Row of the table's rejects. */
  readonly reject: number;
  readonly text: string;
}

/** What a step did to the rows. */
export interface StepCounts {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** Rows with a cell that is no longer what it was; rows that are new or gone are not among them. */
  readonly rowsChanged: number;
  readonly rejects: number;
  /** Joins: rows that were found in the other table, and that were not. */
  readonly matched?: number;
  readonly unmatched?: number;
  /** Merges. */
  readonly added?: number;
  readonly unchanged?: number;
}

/** What a step would do, before it is done. */
export interface StepPreview {
  readonly counts: StepCounts;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly isNew: boolean }[];
  /** The first rows as they would be, row by row. */
  readonly rows: readonly (readonly CellValue[])[];
  /** The first values that do not fit. */
  readonly rejects: readonly { readonly row: number; readonly column: string; readonly raw: string }[];
}

/** What merging or appending a file would do. */
export interface MergePreview extends StepPreview {
  /** The first rows that would be added, row by row. */
  readonly added: readonly (readonly CellValue[])[];
  /** The first cells that would change; rows are numbered from 0. */
  readonly changes: readonly {
    readonly row: number;
    readonly key: string;
    readonly column: string;
    readonly before: CellValue;
    readonly after: CellValue;
  }[];
  /** Columns of the file, with where each goes and what it is. */
  readonly fileColumns: readonly { readonly name: string; readonly type: ColumnType; readonly to: string | null }[];
}

/** A version in the history of a table. */
export interface HistoryEntry {
  readonly meta: Pick<TableMeta, 'version' | 'rows' | 'source' | 'created'>;
  readonly isCurrent: boolean;
  /** False where only the record of the version came with a file, and there is no going back to it. */
  readonly isKept: boolean;
  /** The steps that made it; none where it was read from a file. */
  readonly steps: readonly Step[];
  readonly counts?: StepCounts;
  /** Where the version was merged from a file. */
  readonly merge?: MergeRule;
}
