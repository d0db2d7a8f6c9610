import type { Column, StringVector } from '@patron/sdk';
import type { ColumnChunk } from './chunk.ts';
import type { FieldBlock } from './fields.ts';
import type { DateOrder, DetectedColumn, RejectReason } from './import-options.ts';
import type { NullTokens } from './null-tokens.ts';

/** What a builder asks of the reading it is part of. */
export interface BuildContext {
  readonly nullTokens: NullTokens;
  readonly decimalComma: boolean;
  /** Rows of a row group. */
  readonly groupRows: number;
  /** Sets a field aside; its cell stays empty unless the builder keeps what is readable. */
  reject(line: number, column: number, reason: RejectReason, bytes: Uint8Array, start: number, end: number): void;
  /** Bytes that are not UTF-8 were met. Returns only where they are to be kept as U+FFFD. */
  undecodable(line: number, column: number, bytes: Uint8Array, start: number, end: number): void;
  /** A text that is not ASCII was read as UTF-8 without a fault. */
  readable(): void;
  /** Whether U+FFFD in the text comes from decoding, so that it marks bytes that could not be read. */
  readonly decoded: boolean;
}

/** Why a builder cannot go on with its type: what the column is to be read as instead. */
export type Contradiction =
  | { readonly as: 'text'; readonly because: NonNullable<DetectedColumn['keptAsText']> }
  | { readonly as: 'date'; readonly order: DateOrder }
  | { readonly as: 'number' };

/** What a column turned out to be once all rows are read. */
export type BuiltType =
  | { readonly type: 'number'; readonly scale: number; readonly unit?: string }
  | { readonly type: 'integer'; readonly unit?: string }
  | { readonly type: 'boolean' | 'date' }
  | { readonly type: 'timestamp'; readonly zoned: boolean; readonly unitMilliseconds: 1 | 1000 | 60000 }
  | { readonly type: 'string'; readonly dictionary?: StringVector };

/**
 * Builds one column, row group by row group: `read` takes fields of text or `append` rows of a finished column, until
 * `rows` reaches the group's size; `take` gives the group as a chunk. `finish` tells what the column is.
 */
export interface ColumnBuilder {
  /** Rows of the group so far. */
  readonly rows: number;
  /** Set where the values contradict the type; what was built is then of no use. */
  readonly contradiction: Contradiction | undefined;
  read(block: FieldBlock, column: number, from: number, to: number): void;
  append(column: Column, from: number, to: number): void;
  take(): ColumnChunk;
  /** Called once after the last `take`. A contradiction may show only here. */
  finish(): BuiltType;
}

/** A type is kept where at most one value in a thousand does not fit, or very few of not too few. */
export function isTolerable(bad: number, good: number): boolean {
  return bad === 0 || bad * 1000 <= good || (bad <= 5 && bad * 200 <= good);
}

/** Whether so many values do not fit that reading on is of no use. */
export function isHopeless(bad: number, good: number): boolean {
  return bad > 1000 && bad * 100 > good;
}
