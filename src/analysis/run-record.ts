import type { AnalysisResult, JsonObject, ResultColumn, Text } from '@patron/sdk';
import type { RowCounts, RunRequest } from './request.ts';

/** A run and its result, as kept with the workbook: enough to show it again, to say where it came from and to replay it. */
export interface RunRecord {
  readonly id: string;
  readonly workbook: string;
  /** What the user called it, where they did. */
  readonly name?: string;
  readonly request: RunRequest;
  readonly plugin: { readonly id: string; readonly version: string };
  /** All parameters, defaults and those that the data settled included. */
  readonly parameters: JsonObject;
  readonly seed: number;
  /** The engine that answered a reduction of the run, where one did. */
  readonly engine?: string;
  readonly timeZone: string;
  readonly tables: readonly {
    readonly role: string;
    readonly id: string;
    readonly name: string;
    readonly version: number;
  }[];
  readonly rows: RowCounts;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** The result without the tables that went to the table store. */
  readonly result: AnalysisResult;
  /** Result tables kept in the table store: result table name to table id. */
  readonly resultTables: Readonly<Record<string, string>>;
  /** What those tables are called. */
  readonly titles?: Readonly<Record<string, Text>>;
  /** How those tables' columns are headed and shown. */
  readonly headings: Readonly<Record<string, readonly Omit<ResultColumn, 'column'>[]>>;
  /** The sheet that shows the report. */
  readonly reportSheet?: string;
}
