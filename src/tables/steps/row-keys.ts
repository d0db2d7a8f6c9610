import type { Column, NumericColumn, StringColumn } from '@patron/sdk';
import { ByteDictionary } from '../byte-dictionary.ts';

/** Row's code where a key column has no value. */
export const NO_KEY = -1;
const NOT_ASKED = -2;

/** Equal keys have equal codes 0 … count − 1, across all the tables they were asked for together; -1 is a row without one. */
export interface RowKeys {
  /** One list for each table. */
  readonly codes: readonly Int32Array[];
  readonly count: number;
}

/** What to do with a row that lacks a value in a key column: it has no key, or no value is a value like any other. */
type MissingKeys = 'no-key' | 'a-value';

/** Which keys get a code: those of every table, or those of the first, which the others are only looked up in. */
type KeysOf = 'every-table' | 'first-table';

/**
 * Codes for the rows of one or several tables, by the same number of key columns in each. Columns in the same place must be
 * comparable: all texts, or all numbers as they are (days, milliseconds).
 */
export async function rowKeys(
  tables: readonly (readonly Column[])[],
  missing: MissingKeys,
  pause: () => Promise<void>,
  keysOf: KeysOf = 'every-table',
): Promise<RowKeys> {
  let known = columnKeys(
    tables.map((columns) => columns[0]),
    missing,
    keysOf,
  );
  for (let key = 1; key < tables[0].length; key++) {
    await pause();
    const next = columnKeys(
      tables.map((columns) => columns[key]),
      missing,
      keysOf,
    );
    await pause();
    const pairs = new PairCodes();
    const codes = known.codes.map((first, table) => {
      const second = next.codes[table];
      const adds = table === 0 || keysOf === 'every-table';
      const both = new Int32Array(first.length);
      for (let row = 0; row < both.length; row++) {
        if (first[row] < 0 || second[row] < 0) both[row] = NO_KEY;
        else both[row] = adds ? pairs.code(first[row], second[row]) : pairs.find(first[row], second[row]);
      }
      return both;
    });
    known = { codes, count: pairs.count };
  }
  return known;
}

function columnKeys(columns: readonly Column[], missing: MissingKeys, keysOf: KeysOf): RowKeys {
  const keys =
    columns[0].type === 'string'
      ? textKeys(columns as StringColumn[], keysOf)
      : numberKeys(columns as NumericColumn[], keysOf);
  if (missing === 'no-key') return keys;
  let anyMissing = false;
  for (const codes of keys.codes) {
    for (let row = 0; row < codes.length; row++) {
      if (codes[row] >= 0) continue;
      codes[row] = keys.count;
      anyMissing = true;
    }
  }
  return { codes: keys.codes, count: keys.count + (anyMissing ? 1 : 0) };
}

function isMissing(validity: Uint8Array | undefined, row: number): boolean {
  return validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0;
}

function textKeys(columns: readonly StringColumn[], keysOf: KeysOf): RowKeys {
  const words = new ByteDictionary();
  const codes = columns.map((column, table) => {
    const adds = table === 0 || keysOf === 'every-table';
    const { offsets, bytes } = column.layout === 'dictionary' ? column.dictionary : column.text;
    const padded = new Uint8Array(bytes.length + 8);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    const codeOf = (entry: number): number =>
      adds
        ? words.code(padded, view, offsets[entry], offsets[entry + 1])
        : words.find(padded, view, offsets[entry], offsets[entry + 1]);
    const own = new Int32Array(column.length);
    if (column.layout === 'plain') {
      for (let row = 0; row < own.length; row++) own[row] = isMissing(column.validity, row) ? NO_KEY : codeOf(row);
      return own;
    }
    // Only words that occur get a code.
    const byWord = new Int32Array(Math.max(1, offsets.length - 1)).fill(NOT_ASKED);
    for (let row = 0; row < own.length; row++) {
      if (isMissing(column.validity, row)) {
        own[row] = NO_KEY;
        continue;
      }
      const word = column.codes[row];
      let code = byWord[word];
      if (code === NOT_ASKED) {
        code = codeOf(word);
        byWord[word] = code;
      }
      own[row] = code;
    }
    return own;
  });
  return { codes, count: words.count };
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function numberKeys(columns: readonly NumericColumn[], keysOf: KeysOf): RowKeys {
  const pairs = new PairCodes();
  const codes = columns.map((column, table) => {
    const adds = table === 0 || keysOf === 'every-table';
    const { values, validity } = column;
    const divisor = column.type === 'number' ? column.scale : 1;
    const factor = column.type === 'timestamp' ? column.unit : 1;
    const own = new Int32Array(column.length);
    for (let row = 0; row < own.length; row++) {
      if (isMissing(validity, row)) {
        own[row] = NO_KEY;
        continue;
      }
      // Adding zero makes −0 the same key as 0.
      double[0] = (values[row] * factor) / divisor + 0;
      own[row] = adds ? pairs.code(halves[0], halves[1]) : pairs.find(halves[0], halves[1]);
    }
    return own;
  });
  return { codes, count: pairs.count };
}

const WORDS = 3;

/** Gives each distinct pair of 32-bit words a code, 0, 1, 2 … in the order of first sight. */
class PairCodes {
  count = 0;
  #capacity = 1024;
  #slots = new Int32Array(this.#capacity * WORDS);

  code(low: number, high: number): number {
    if (this.count * 2 >= this.#capacity) this.#grow();
    const mask = this.#capacity - 1;
    const slots = this.#slots;
    for (let slot = hash(low, high) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      const code = slots[at + 2];
      if (code === 0) {
        slots[at] = low;
        slots[at + 1] = high;
        slots[at + 2] = ++this.count;
        return this.count - 1;
      }
      if (slots[at] === low && slots[at + 1] === high) return code - 1;
    }
  }

  /** The code of a pair; -1 where it has none. */
  find(low: number, high: number): number {
    const mask = this.#capacity - 1;
    const slots = this.#slots;
    for (let slot = hash(low, high) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (slots[at + 2] === 0) return NO_KEY;
      if (slots[at] === low && slots[at + 1] === high) return slots[at + 2] - 1;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 4;
    this.#slots = new Int32Array(this.#capacity * WORDS);
    const mask = this.#capacity - 1;
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] === 0) continue;
      let slot = hash(old[at], old[at + 1]) & mask;
      while (this.#slots[slot * WORDS + 2] !== 0) slot = (slot + 1) & mask;
      this.#slots.set(old.subarray(at, at + WORDS), slot * WORDS);
    }
  }
}

function hash(low: number, high: number): number {
  let mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d);
  return mixed ^ (mixed >>> 13);
}

/** For each key the first row that has it; `repeated` lists rows whose key came before, up to `most`. */
export function firstRows(
  codes: Int32Array,
  count: number,
  most = 5,
): { first: Int32Array; repeats: number; repeated: number[] } {
  const first = new Int32Array(count).fill(-1);
  const repeated: number[] = [];
  const named = new Set<number>();
  let repeats = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row];
    if (code < 0) continue;
    if (first[code] < 0) first[code] = row;
    else {
      repeats++;
      if (named.size < most && !named.has(code)) {
        named.add(code);
        repeated.push(row);
      }
    }
  }
  return { first, repeats, repeated };
}
