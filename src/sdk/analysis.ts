import type { ChartSpec } from './chart.ts';
import type { CellValue, Column } from './column.ts';
import type { Random } from './numeric/random.ts';
import type { NamedColumns } from './plugin.ts';
import type { Text, ValueFormat } from './text.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * The rows of one role, with only the columns in use. The host has already applied the user's filters and left out rows
 * in which a required field has no value, and has counted both.
 */
export interface RoleInput {
  readonly rows: number;
  /** The mapped fields by field name. An optional field that is not mapped is absent. */
  readonly fields: Readonly<Record<string, Column>>;
  /** For an open role: the columns that the parameters name, by column name. */
  readonly properties: Readonly<Record<string, Column>>;
}

/** Runs work on several threads at once. */
export interface Threads {
  /** How many threads `spread` uses; 1 where there is only this one. */
  readonly threads: number;
  /**
   * Runs a kernel of the plugin on each input, on all threads at once; the results are in the order of the inputs and the same
   * wherever they run. Shared arrays reach the other threads as they are, others are copied: see `isShared`. A single thread
   * runs them one after another, with a checkpoint before each.
   * @throws what a kernel throws; the abort reason once cancelled.
   */
  spread<Output>(kernel: string, inputs: readonly unknown[]): Promise<Output[]>;
}

/** What an analysis is given. It is pure: the same context gives the same result. */
export interface AnalysisContext<Parameters = JsonObject> extends Threads {
  /** By role name; an optional role that was not given is absent. */
  readonly inputs: Readonly<Record<string, RoleInput>>;
  /** All parameters of the manifest, defaults filled in, types checked against the manifest. */
  readonly parameters: Parameters;
  /** IANA name of the workbook's time zone: days, weeks and months of zoned timestamps are cut in it. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  /** Seeded by the host; the seed is kept with the run. */
  readonly random: Random;
  /** Tells how far the run is. Cheap; the host thins the stream. */
  progress(done: number, total: number, text?: Text): void;
  /** Lets cancel and progress through. Await it about every 16 ms of work. Throws the abort reason once cancelled. */
  checkpoint(): Promise<void>;
  /**
   * Has a named reduction answered by the engine that the user chose, from these columns of equal length. Absent, or undefined,
   * where no engine was chosen that knows it: then the analysis reduces by its own kernel, and must come to the same.
   * @throws where the engine fails; the abort reason once cancelled.
   */
  reduce?(
    reduction: string,
    columns: Readonly<Record<string, Column>>,
    options?: JsonObject,
  ): Promise<NamedColumns | undefined>;
}

/** One figure. `interval` is [low, high] at the confidence the notes state; `n` the sample behind it. */
export interface Metric {
  readonly value: number | string | null;
  readonly interval?: readonly [number, number];
  readonly n?: number;
  readonly title?: Text;
  readonly format?: ValueFormat;
  /** True where n is too small to lean on; shown with the figure. */
  readonly smallSample?: boolean;
}

export interface ResultColumn {
  /** Stable name, camelCase, what formulas, the headless runner and other programs rely on. */
  readonly name: string;
  /** Heading that a person reads. */
  readonly title?: Text;
  readonly column: Column;
  readonly format?: ValueFormat;
  /** What a person reads in place of a value, for columns whose values are names of a closed set. */
  readonly labels?: Readonly<Record<string, Text>>;
}

/** A table of a result. Small ones land as cells, large ones (or `rowPer: 'customer'`) as a result table. */
export interface ResultTable {
  readonly title?: Text;
  readonly columns: readonly ResultColumn[];
  /** What one row stands for, where it is a customer: such a table lands as a table sheet and can become a list. */
  readonly rowPer?: 'customer';
  /** The rows behind a row: those of `table` whose `column` equals this row's value of `by`. */
  readonly rowsBehind?: { readonly table: string; readonly column: string; readonly by: string };
}

export interface Note {
  readonly level: 'info' | 'warning';
  readonly text: Text;
}

/** What an analysis returns: data only; the host renders it. */
export interface AnalysisResult {
  /** The one-line answer that heads the report. */
  readonly headline?: Text;
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly tables: Readonly<Record<string, ResultTable>>;
  readonly charts: readonly ChartSpec[];
  readonly notes: readonly Note[];
  /** Parameters that the data settled (an `asOf` left to its default), to be kept with the run. */
  readonly settled?: JsonObject;
  /** Rows that the analysis itself could not use, beyond those the host left out. */
  readonly leftOut?: readonly { readonly role: string; readonly reason: Text; readonly count: number }[];
}

export type Analysis<Parameters = JsonObject> = (
  context: AnalysisContext<Parameters>,
) => AnalysisResult | Promise<AnalysisResult>;

/**
 * The data or a parameter cannot carry the analysis. The message says what is wrong and what to do, naming the subject in
 * quotes; `path` points at it ("parameters.steps.2.event", "inputs.transactions.amount").
 */
export class AnalysisError extends Error {
  override readonly name = 'AnalysisError';
  readonly text: Text;
  readonly path?: string;

  /** `english` is what logs and the headless runner print; `text` what a person reads in their language. */
  constructor(english: string, options: { text?: Text; path?: string; cause?: unknown } = {}) {
    super(english, { cause: options.cause });
    this.text = options.text ?? english;
    this.path = options.path;
  }
}

/** A small result table from rows of plain values; types come from the values, or from `type` where all may be null. */
export interface RowTableColumn {
  readonly name: string;
  readonly title?: Text;
  readonly type: Column['type'];
  readonly format?: ValueFormat;
  readonly labels?: Readonly<Record<string, Text>>;
}

export type Rows = readonly (readonly CellValue[])[];
