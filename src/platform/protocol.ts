import type {
  AnalysisResult,
  CellValue,
  ChartSpec,
  Column,
  ColumnType,
  ExporterInput,
  FunctionArgument,
  FunctionValue,
  ImporterInput,
  Json,
  JsonObject,
  NamedColumns,
  ReductionRequest,
  RoleInput,
  Text,
} from '@patron/sdk';

/*
 * What host and plugin say to each other over one MessagePort. Types only.
 *
 *   plugin → hello                     as soon as its code runs: the protocol versions and the SDK it was built with
 *   host   → init                      the version chosen, who the plugin is, language, settings, texts
 *   plugin → ready | err 0             the handlers it registered, or why it could not start
 *   either → req … ack … res | err     a call; ack comes before the handler runs, progress and cancel between
 *   host   → ping, plugin → pong       only while calls are outstanding
 *   host   → stop                      a quarter of a second later the worker is gone
 *
 * Payloads are plain data: null, booleans, numbers, texts, lists, plain objects, typed arrays and array buffers. No
 * function, port, proxy, class instance or cycle. Ids are whole numbers that grow, one count in each direction; 0 is the
 * plugin as a whole. Large columns travel as transferred buffers.
 */

export type RequestId = number;

export type ErrorCode =
  /** The data or a parameter cannot carry the analysis; `text` and `path` say so. */
  | 'analysis'
  /** The handler threw. */
  | 'failed'
  | 'cancelled'
  | 'unknown-method'
  | 'bad-argument'
  /** The plugin lacks the permission. */
  | 'denied'
  | 'too-large'
  /** Too many calls are waiting. */
  | 'busy';

export type StopReason =
  | 'disable'
  | 'uninstall'
  | 'update'
  | 'reload'
  | 'shutdown'
  /** Started, and stopped by the user while it did not respond. */
  | 'unresponsive'
  /** Did not obey a cancel within its grace. */
  | 'cancel'
  | 'crash'
  | 'misbehaved';

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly text?: Text;
  readonly path?: string;
  readonly stack?: string;
}

/** One registered handler: the point and the contributed id (of a function, its name). */
export interface Provided {
  readonly point: 'analyses' | 'commands' | 'functions' | 'importers' | 'exporters' | 'charts' | 'engines';
  readonly id: string;
}

export interface Hello {
  readonly t: 'hello';
  readonly api: readonly number[];
  readonly sdk: string;
}

export interface Init {
  readonly t: 'init';
  readonly api: number;
  readonly plugin: { readonly id: string; readonly version: string };
  readonly locale: string;
  /** The values of the plugin's own settings by id. */
  readonly settings: JsonObject;
  /** The plugin's catalogue in `locale`. */
  readonly texts: Readonly<Record<string, string>>;
  /** How many threads its kernels may be spread over, its own among them. */
  readonly threads: number;
}

export interface Ready {
  readonly t: 'ready';
  readonly provides: readonly Provided[];
}

export interface Request {
  readonly t: 'req';
  readonly id: RequestId;
  readonly m: string;
  readonly a: unknown;
}

export interface Acknowledged {
  readonly t: 'ack';
  readonly id: RequestId;
}

export interface Answered {
  readonly t: 'res';
  readonly id: RequestId;
  readonly v: unknown;
}

export interface Failed {
  readonly t: 'err';
  readonly id: RequestId;
  readonly e: WireError;
}

export interface Cancel {
  readonly t: 'cancel';
  readonly id: RequestId;
}

export interface Progress {
  readonly t: 'progress';
  readonly id: RequestId;
  readonly done: number;
  readonly total: number;
  readonly text?: Text;
}

export interface Log {
  readonly t: 'log';
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly text: string;
}

/** `locale` (a language tag) or `settings` (the plugin's settings) changed. */
export interface HostEvent {
  readonly t: 'event';
  readonly e: 'locale' | 'settings';
  readonly v: Json;
}

export interface Ping {
  readonly t: 'ping';
  readonly n: number;
}

export interface Pong {
  readonly t: 'pong';
  readonly n: number;
}

export interface Stop {
  readonly t: 'stop';
  readonly reason: StopReason;
}

export type FromPlugin = Hello | Ready | Request | Acknowledged | Answered | Failed | Cancel | Progress | Log | Pong;
export type FromHost = Init | Request | Acknowledged | Answered | Failed | Cancel | HostEvent | Ping | Stop;
export type WireMessage = FromPlugin | FromHost;

export interface AnalysisRequest {
  readonly id: string;
  readonly inputs: Readonly<Record<string, RoleInput>>;
  readonly parameters: JsonObject;
  readonly timeZone: string;
  readonly seed: number;
  /** The reductions that the engine which the user chose answers. */
  readonly reductions: readonly string[];
}

/** Calls of one function, gathered over a pass of the sheet's calculation: one list of arguments a call. */
export interface FunctionBatch {
  readonly name: string;
  readonly calls: readonly (readonly FunctionArgument[])[];
}

/** The answer to each call of a batch, in order; a call that threw has its message. */
export type FunctionOutcome = { readonly value: FunctionValue } | { readonly error: string };

/** What the host asks of a plugin: argument and answer by method. */
export interface PluginMethods {
  'analysis.run': { argument: AnalysisRequest; answer: AnalysisResult };
  'command.run': { argument: { readonly id: string; readonly argument: Json }; answer: Json };
  'function.call': { argument: FunctionBatch; answer: readonly FunctionOutcome[] };
  'importer.read': { argument: { readonly id: string; readonly file: ImporterInput }; answer: NamedColumns };
  'exporter.write': { argument: { readonly id: string; readonly table: ExporterInput }; answer: Uint8Array };
  'chart.build': {
    argument: { readonly id: string; readonly fields: Readonly<Record<string, Column>> };
    answer: ChartSpec;
  };
  'engine.reduce': { argument: { readonly id: string; readonly request: ReductionRequest }; answer: NamedColumns };
  /** Asked of a further thread of the plugin. */
  'kernel.run': { argument: { readonly kernel: string; readonly input: unknown }; answer: unknown };
}

/** A table of the open workbook. */
export interface TableSummary {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

/** What a plugin asks of the host. The host looks at the plugin's permissions before each. */
export interface HostMethods {
  'command.execute': { argument: { readonly id: string; readonly argument: Json }; answer: Json };
  'table.list': { argument: Readonly<Record<string, never>>; answer: readonly TableSummary[] };
  'table.read': { argument: { readonly name: string }; answer: NamedColumns };
  'sheet.add': {
    argument: { readonly name: string; readonly rows: readonly (readonly CellValue[])[] };
    answer: null;
  };
  'file.save': { argument: { readonly name: string; readonly bytes: Uint8Array }; answer: null };
  'clipboard.write': { argument: { readonly text: string }; answer: null };
  /** Asks the engine that the user chose for a reduction. Only while an analysis of the plugin runs. */
  'engine.ask': { argument: ReductionRequest; answer: NamedColumns };
  /** Runs a kernel in further threads of the plugin, once for each input. Only while an analysis of the plugin runs. */
  'kernel.spread': {
    argument: { readonly kernel: string; readonly inputs: readonly unknown[] };
    answer: readonly unknown[];
  };
}
