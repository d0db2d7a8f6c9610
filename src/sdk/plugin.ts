import type { Analysis, Json, JsonObject } from './analysis.ts';
import type { ChartSpec } from './chart.ts';
import type { CellValue, Column, ColumnType } from './column.ts';
import type { Text } from './text.ts';

/** What every handler but an analysis and a spreadsheet function is given. */
export interface CallContext {
  /** The language that the user reads: `en-US` or `zh-CN`. */
  readonly locale: string;
  readonly signal: AbortSignal;
  /** The values of the plugin's own settings, by id, as they were when the call began. */
  readonly settings: JsonObject;
  progress(done: number, total: number, text?: Text): void;
  /** Lets cancel and progress through. Await it about every 16 ms of work. Throws the abort reason once cancelled. */
  checkpoint(): Promise<void>;
}

export interface CommandContext extends CallContext {
  /** Runs one of the app's commands that are open to plugins, and gives back what it returns. */
  execute(command: string, argument?: Json): Promise<Json>;
  /** The tables of the open workbook. Needs the permission `table.read` of scope `workbook`. */
  tables(): Promise<readonly { name: string; rows: number; columns: readonly { name: string; type: ColumnType }[] }[]>;
  /** All columns of a table. Needs the permission `table.read` of scope `workbook`. */
  readTable(name: string): Promise<NamedColumns>;
  /** Adds a sheet with these rows, as one step that can be undone. Needs the permission `sheet.write`. */
  addSheet(name: string, rows: readonly (readonly CellValue[])[]): Promise<void>;
  /** Lets the user save a file. Needs the permission `file.save`. */
  saveFile(name: string, bytes: Uint8Array): Promise<void>;
  /** Needs the permission `clipboard.write`. */
  copyText(text: string): Promise<void>;
}

/** A command's code: receives the arguments it was run with, returns plain data or nothing. */
export type Command = (argument: Json, context: CommandContext) => Json | undefined | Promise<Json | undefined>;

/** An argument of a spreadsheet function: one value, or the rows of a range. */
export type FunctionArgument = CellValue | readonly (readonly CellValue[])[];

/** What a spreadsheet function gives back: one value, or rows of values that spill into the cells below and to the right. */
export type FunctionValue = CellValue | readonly (readonly CellValue[])[];

/**
 * A spreadsheet function's code: pure, and quick, as it runs once a cell. A thrown error shows in the cell as `#VALUE!` with
 * its message. A range given for a `value` parameter calls the function once for each of its cells.
 */
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments of its own kinds; the host checks them against the manifest.
export type SheetFunction = (...values: any[]) => FunctionValue;

/** A table on its way in or out: named columns of equal length. */
export interface NamedColumns {
  readonly columns: readonly { readonly name: string; readonly column: Column }[];
}

export interface ImporterInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An importer's code: the file's bytes in, columns out. */
export type Importer = (file: ImporterInput, context: CallContext) => NamedColumns | Promise<NamedColumns>;

export interface ExporterInput extends NamedColumns {
  readonly name: string;
}

/** An exporter's code: columns in, the file's bytes out. */
export type Exporter = (table: ExporterInput, context: CallContext) => Uint8Array | Promise<Uint8Array>;

/** A chart's code: the mapped columns in, a chart as data out. */
export type ChartBuilder = (
  fields: Readonly<Record<string, Column>>,
  context: CallContext,
) => ChartSpec | Promise<ChartSpec>;

/** A reduction that an engine is asked for: its name, the columns by role and field, and its options. */
export interface ReductionRequest {
  readonly reduction: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly options: JsonObject;
}

/** An engine's code: answers a named reduction with named columns. */
export type Engine = (request: ReductionRequest, context: CallContext) => NamedColumns | Promise<NamedColumns>;

/**
 * A part of an analysis that can run in any thread: a pure function of plain data and typed arrays. It must not write to an
 * array of its input, unless that array is shared and made for it to write to.
 */
// biome-ignore lint/suspicious/noExplicitAny: each kernel has an input of its own type, which the plugin itself hands it.
export type Kernel = (input: any) => unknown;

/** The code behind the manifest's contributions, by contributed id. Every declared id must be here and no other. */
export interface PluginCode {
  // biome-ignore lint/suspicious/noExplicitAny: each analysis has parameters of its own type; the host checks them against the manifest.
  readonly analyses?: Readonly<Record<string, Analysis<any>>>;
  readonly commands?: Readonly<Record<string, Command>>;
  readonly functions?: Readonly<Record<string, SheetFunction>>;
  readonly importers?: Readonly<Record<string, Importer>>;
  readonly exporters?: Readonly<Record<string, Exporter>>;
  readonly charts?: Readonly<Record<string, ChartBuilder>>;
  readonly engines?: Readonly<Record<string, Engine>>;
  /** What `spread` runs, by name. Kernels are the plugin's own affair and stand in no manifest. */
  readonly kernels?: Readonly<Record<string, Kernel>>;
  /** Called once before the plugin stops; it has a quarter of a second. */
  deactivate?(reason: string): void;
}

/**
 * Declares a plugin's code. `plugins/<name>/index.ts` exports the outcome as `plugin`:
 *
 *     export const plugin = definePlugin({ analyses: { 'rfm.segments': segments } });
 */
export function definePlugin(code: PluginCode): PluginCode {
  return code;
}
