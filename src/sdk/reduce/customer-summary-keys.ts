import type { CodeArray, Column, NumericArray } from '../column.ts';
import { integerColumn } from '../make-column.ts';
import { sortedIndices } from '../numeric/ranking.ts';
import { denseCodes, valueAt } from '../read-column.ts';
import { type StringVector, stringAt, stringCount, stringVector } from '../string-vector.ts';
import { extent } from '../time/wall-clock.ts';

/** The codes of rows, as plain data that any thread can read. */
export interface KeyCodes {
  /** Code of row i is `values[i] - offset`. */
  readonly values: NumericArray;
  readonly offset: number;
  /** Codes are 0 … count − 1. */
  readonly count: number;
}

/**
 * The rows of an identifier column as codes 0 … count − 1 that arrays can be indexed by; some codes may not occur. Codes
 * follow the column's own storage, so making them costs nothing for dictionary text and whole numbers of a narrow span.
 */
export interface CustomerKeys extends KeyCodes {
  /** The identifiers of `codes` as a column that shares no memory with the table. */
  columnOf(codes: ArrayLike<number>): Column;
  /** The identifier behind a code, as text. */
  label(code: number): string;
  /**
   * Places of `codes` by ascending identifier: whole numbers by value, any other text by code point; undefined where they
   * ascend already.
   */
  orderOf(codes: ArrayLike<number>): Uint32Array | undefined;
}

/** Keys of an identifier column. Rows without a value must have been left out. */
export function customerKeys(column: Column): CustomerKeys {
  if (column.type === 'string' && column.layout === 'dictionary') {
    return textKeys(column.codes, column.dictionary);
  }
  if (column.type === 'integer' || column.type === 'date') {
    const { values } = column;
    const limit = Math.max(1 << 16, column.length * 4);
    const bits = bitsUsed(values);
    if (bits !== undefined && bits < limit) return directKeys(values, 0, bits + 1);
    const [minimum, maximum] = extent(values);
    if (column.length > 0 && maximum - minimum < limit) return directKeys(values, minimum, maximum - minimum + 1);
  }
  const dense = denseCodes(column);
  if (column.type !== 'string') {
    const firstRow = new Uint32Array(dense.count);
    for (let row = column.length - 1; row >= 0; row--) firstRow[dense.codes[row]] = row;
    if (column.type === 'integer' || column.type === 'date') {
      return numberKeys(
        dense.codes,
        Float64Array.from(firstRow, (row) => column.values[row]),
      );
    }
    const labels = Array.from(firstRow, (row) => String(valueAt(column, row)));
    return textKeys(dense.codes, stringVector(labels));
  }
  const labels = Array.from({ length: dense.count }, (_, code) => dense.label(code));
  return textKeys(dense.codes, stringVector(labels));
}

/**
 * All bits that occur in whole numbers of at most 32 bits, or undefined where there are negative or other ones. No value is
 * larger, and none is much smaller than the largest: a cheap bound for tables of codes.
 */
function bitsUsed(values: NumericArray): number | undefined {
  if (values instanceof Float64Array || values instanceof Float32Array) return undefined;
  let bits = 0;
  for (let i = 0; i < values.length; i++) bits |= values[i];
  return bits < 0 ? undefined : bits;
}

/** Whole numbers of a narrow span stand for themselves: their codes ascend as they do. */
function directKeys(values: NumericArray, offset: number, count: number): CustomerKeys {
  return {
    values,
    offset,
    count,
    columnOf: (codes) => {
      const numbers = Float64Array.from(codes);
      for (let i = 0; i < numbers.length; i++) numbers[i] += offset;
      return integerColumn(numbers);
    },
    label: (code) => String(code + offset),
    orderOf: (codes) => orderUnlessAscending(codes instanceof Uint32Array ? codes : Uint32Array.from(codes)),
  };
}

function numberKeys(values: CodeArray, numbers: Float64Array): CustomerKeys {
  const pick = (codes: ArrayLike<number>): Float64Array => {
    const picked = new Float64Array(codes.length);
    for (let i = 0; i < picked.length; i++) picked[i] = numbers[codes[i]];
    return picked;
  };
  return {
    values,
    offset: 0,
    count: numbers.length,
    columnOf: (codes) => integerColumn(pick(codes)),
    label: (code) => String(numbers[code]),
    orderOf: (codes) => orderUnlessAscending(pick(codes)),
  };
}

function textKeys(values: CodeArray, dictionary: StringVector): CustomerKeys {
  return {
    values,
    offset: 0,
    count: stringCount(dictionary),
    columnOf(codes) {
      return { type: 'string', layout: 'plain', length: codes.length, text: gather(dictionary, codes) };
    },
    label: (code) => stringAt(dictionary, code),
    orderOf: (codes) => orderOfTexts(dictionary, codes),
  };
}

function orderUnlessAscending(numbers: Float64Array | Uint32Array): Uint32Array | undefined {
  for (let i = 1; i < numbers.length; i++) if (numbers[i] < numbers[i - 1]) return sortedIndices(numbers);
  return undefined;
}

/** The strings of `codes` laid end to end in a vector of their own. */
function gather(dictionary: StringVector, codes: ArrayLike<number>): StringVector {
  const offsets = new Uint32Array(codes.length + 1);
  for (let i = 0; i < codes.length; i++) {
    offsets[i + 1] = offsets[i] + dictionary.offsets[codes[i] + 1] - dictionary.offsets[codes[i]];
  }
  const bytes = new Uint8Array(offsets[codes.length]);
  for (let i = 0; i < codes.length; i++) {
    const start = dictionary.offsets[codes[i]];
    const length = offsets[i + 1] - offsets[i];
    for (let k = 0; k < length; k++) bytes[offsets[i] + k] = dictionary.bytes[start + k];
  }
  return { offsets, bytes };
}

const ZERO = 48;
const NINE = 57;

function orderOfTexts(dictionary: StringVector, codes: ArrayLike<number>): Uint32Array | undefined {
  const numbers = wholeNumbers(dictionary, codes);
  if (numbers) return orderUnlessAscending(numbers);
  // Six bytes after what all texts begin with fit a float exactly; texts alike in those are put right afterwards.
  const shared = sharedPrefix(dictionary, codes);
  const keys = new Float64Array(codes.length);
  for (let i = 0; i < keys.length; i++) {
    const start = dictionary.offsets[codes[i]] + shared;
    const end = dictionary.offsets[codes[i] + 1];
    let key = 0;
    for (let k = start; k < start + 6; k++) key = key * 256 + (k < end ? dictionary.bytes[k] : 0);
    keys[i] = key;
  }
  const order = sortedIndices(keys);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && keys[order[end]] === keys[order[start]]) end++;
    if (end - start > 1) {
      order.subarray(start, end).sort((a, b) => compareBytes(dictionary, codes[a], codes[b]) || a - b);
    }
    start = end;
  }
  return order;
}

/** The texts as numbers where each is a whole number of at most 15 digits written without a leading zero. */
function wholeNumbers(dictionary: StringVector, codes: ArrayLike<number>): Float64Array | undefined {
  const { bytes, offsets } = dictionary;
  const numbers = new Float64Array(codes.length);
  for (let i = 0; i < numbers.length; i++) {
    const start = offsets[codes[i]];
    const end = offsets[codes[i] + 1];
    if (end === start || end - start > 15 || (bytes[start] === ZERO && end - start > 1)) return undefined;
    let number = 0;
    for (let k = start; k < end; k++) {
      if (bytes[k] < ZERO || bytes[k] > NINE) return undefined;
      number = number * 10 + bytes[k] - ZERO;
    }
    numbers[i] = number;
  }
  return numbers;
}

function sharedPrefix(dictionary: StringVector, codes: ArrayLike<number>): number {
  const { bytes, offsets } = dictionary;
  if (codes.length === 0) return 0;
  const first = offsets[codes[0]];
  let shared = offsets[codes[0] + 1] - first;
  for (let i = 1; i < codes.length && shared > 0; i++) {
    const start = offsets[codes[i]];
    shared = Math.min(shared, offsets[codes[i] + 1] - start);
    for (let k = 0; k < shared; k++) {
      if (bytes[start + k] !== bytes[first + k]) shared = k;
    }
  }
  return shared;
}

function compareBytes(dictionary: StringVector, a: number, b: number): number {
  const { bytes, offsets } = dictionary;
  const lengthA = offsets[a + 1] - offsets[a];
  const lengthB = offsets[b + 1] - offsets[b];
  for (let k = 0; k < lengthA && k < lengthB; k++) {
    const difference = bytes[offsets[a] + k] - bytes[offsets[b] + k];
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
