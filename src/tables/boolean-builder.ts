import type { Column } from '@patron/sdk';
import { type ColumnChunk, ValidityBuilder } from './chunk.ts';
import {
  type BuildContext,
  type BuiltType,
  type ColumnBuilder,
  type Contradiction,
  isHopeless,
  isTolerable,
} from './column-builder.ts';
import { type FieldBlock, fieldText } from './fields.ts';
import { isBlank, isDash } from './null-tokens.ts';

const TRUE = new Set(['true', 't', 'yes', 'y', '1', '是', '真', '对', '有']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', '否', '假', '错', '无']);

/**
 * Builds a column of truth values. Unless the user chose the type only `true` and `false` count, in any case: Yes and No are
 * labels that people filter by, and 0 and 1 are numbers.
 */
export class BooleanBuilder implements ColumnBuilder {
  rows = 0;
  contradiction: Contradiction | undefined;
  readonly #context: BuildContext;
  readonly #forced: boolean;
  readonly #validity = new ValidityBuilder();
  #values = new Uint8Array(256);
  #good = 0;
  #bad = 0;

  constructor(context: BuildContext, forced = false) {
    this.#context = context;
    this.#forced = forced;
  }

  read(block: FieldBlock, column: number, from: number, to: number): void {
    const { bytes, starts, ends, columns, lines } = block;
    this.#grow(this.rows + to - from);
    for (let r = from, k = from * columns + column; r < to; r++, k += columns, this.rows++) {
      const start = starts[k];
      const end = ends[k] >>> 1;
      const value = this.#truth(bytes, start, end);
      if (value >= 0) {
        this.#values[this.rows] = value;
        this.#good++;
        continue;
      }
      this.#values[this.rows] = 0;
      this.#validity.miss(this.rows);
      if (isBlank(bytes, start, end) || isDash(bytes, start, end) || this.#context.nullTokens.has(bytes, start, end)) {
        continue;
      }
      this.#bad++;
      this.#context.reject(lines[r], column, 'not-a-boolean', bytes, start, end);
      if (!this.#forced && isHopeless(this.#bad, this.#good)) {
        this.contradiction = { as: 'text', because: 'mixed' };
        return;
      }
    }
  }

  /** 1, 0, or -1 where it is neither. */
  #truth(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 4 && isWord(bytes, start, 't', 'rue')) return 1;
    if (length === 5 && isWord(bytes, start, 'f', 'alse')) return 0;
    if (!this.#forced || length > 12) return -1;
    const text = fieldText(bytes, start, end).trim().toLowerCase();
    if (TRUE.has(text)) return 1;
    return FALSE.has(text) ? 0 : -1;
  }

  append(column: Column, from: number, to: number): void {
    if (column.type !== 'boolean') throw new TypeError(`A ${column.type} column was appended to a boolean column.`);
    this.#grow(this.rows + to - from);
    for (let r = from; r < to; r++, this.rows++) {
      if (column.validity && (column.validity[r >> 3] & (1 << (r & 7))) === 0) this.#validity.miss(this.rows);
      this.#values[this.rows] = column.values[r];
    }
  }

  #grow(rows: number): void {
    if (rows <= this.#values.length) return;
    const wider = new Uint8Array(Math.max(rows, Math.min(this.#context.groupRows, this.#values.length * 4)));
    wider.set(this.#values);
    this.#values = wider;
  }

  take(): ColumnChunk {
    const rows = this.rows;
    const missing = this.#validity.missing;
    const base = { rows, missing, validity: this.#validity.take(rows) };
    this.rows = 0;
    return { kind: 'boolean', ...base, values: this.#values.slice(0, rows), factor: 1, minimum: 0, maximum: 1 };
  }

  finish(): BuiltType {
    if (!this.#forced && !isTolerable(this.#bad, this.#good)) this.contradiction = { as: 'text', because: 'mixed' };
    return { type: 'boolean' };
  }
}

function isWord(bytes: Uint8Array, start: number, first: string, rest: string): boolean {
  if ((bytes[start] | 32) !== first.charCodeAt(0)) return false;
  for (let i = 0; i < rest.length; i++) if ((bytes[start + 1 + i] | 32) !== rest.charCodeAt(i)) return false;
  return true;
}
