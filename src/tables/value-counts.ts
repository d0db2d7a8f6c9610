import {
  type CellValue,
  type Column,
  isPresent,
  type NumericColumn,
  type StringColumn,
  type StringVector,
  stringAt,
  stringCount,
} from '@patron/sdk';
import { ByteDictionary } from './byte-dictionary.ts';
import { shownText } from './shown-text.ts';
import { shownValue } from './shown-value.ts';
import { textTest } from './text-search.ts';

/** The distinct values of a column with how often each occurs; values that do not occur may be among them with 0. */
export interface CountedValues {
  readonly column: Column;
  readonly counts: Uint32Array;
  readonly missing: number;
  /** Texts, or numbers as they are stored. */
  readonly values: StringVector | Float64Array;
}

/** The most frequent values of a column, or of those that hold a text. */
export interface FrequentValues {
  /** Of the whole column, rows without a value not counted. */
  readonly distinct: number;
  readonly missing: number;
  /** Distinct values that hold the text. */
  readonly matching: number;
  readonly values: readonly { readonly value: CellValue; readonly count: number }[];
}

/** Counts each value of a column. */
export function countValues(column: Column): CountedValues {
  return column.type === 'string' ? countTexts(column) : countNumbers(column);
}

/** The `limit` most frequent of the values that hold `text`; equal frequencies in the order of the values. */
export function frequentValues(counted: CountedValues, text: string, limit: number): FrequentValues {
  const { column, counts, missing, values } = counted;
  let holds: (entry: number) => boolean;
  let toValue: (entry: number) => CellValue;
  if (column.type !== 'string') {
    const numbers = values as Float64Array;
    const write = shownText(column);
    const sought = text.toUpperCase();
    holds = (entry) => write(numbers[entry]).toUpperCase().includes(sought);
    toValue = (entry) => shownValue(column, numbers[entry]);
  } else {
    const vector = values as StringVector;
    holds = textTest(vector, text, 'anywhere');
    toValue = (entry) => stringAt(vector, entry);
  }
  const top: number[] = [];
  let distinct = 0;
  let matching = 0;
  for (let entry = 0; entry < counts.length; entry++) {
    const count = counts[entry];
    if (count === 0) continue;
    distinct++;
    if (text !== '' && !holds(entry)) continue;
    matching++;
    if (top.length === limit && count <= counts[top[limit - 1]]) continue;
    let low = 0;
    for (let high = top.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (counts[top[middle]] >= count) low = middle + 1;
      else high = middle;
    }
    top.splice(low, 0, entry);
    if (top.length > limit) top.pop();
  }
  return {
    distinct,
    missing,
    matching,
    values: top.map((entry) => ({ value: toValue(entry), count: counts[entry] })),
  };
}

function countTexts(column: StringColumn): CountedValues {
  const { codes, vector } = codedTexts(column);
  const counts = new Uint32Array(Math.max(1, stringCount(vector)));
  let missing = 0;
  for (let row = 0; row < column.length; row++) {
    if (isPresent(column, row)) counts[codes[row]]++;
    else missing++;
  }
  return { column, counts, missing, values: vector };
}

/** The column's codes and texts; plain text gets codes, one for each distinct text. */
function codedTexts(column: StringColumn): { codes: ArrayLike<number>; vector: StringVector } {
  if (column.layout === 'dictionary') return { codes: column.codes, vector: column.dictionary };
  const dictionary = new ByteDictionary();
  const bytes = new Uint8Array(column.text.bytes.length + 8);
  bytes.set(column.text.bytes);
  const view = new DataView(bytes.buffer);
  const { offsets } = column.text;
  const codes = new Uint32Array(column.length);
  for (let row = 0; row < codes.length; row++) {
    if (isPresent(column, row)) codes[row] = dictionary.code(bytes, view, offsets[row], offsets[row + 1]);
  }
  return { codes, vector: dictionary.vector() };
}

/** Whole numbers in a range up to so wide, or as wide as there are rows, are counted in a table; others in order. */
const WIDEST_TABLE = 1 << 21;

function countNumbers(column: NumericColumn): CountedValues {
  return countInTable(column) ?? countInOrder(column);
}

function countInTable(column: NumericColumn): CountedValues | undefined {
  const { values: stored, length, validity } = column;
  if (stored instanceof Float64Array || stored instanceof Float32Array || length === 0) return undefined;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < length; row++) {
    if (stored[row] < minimum) minimum = stored[row];
    if (stored[row] > maximum) maximum = stored[row];
  }
  if (maximum - minimum >= Math.max(WIDEST_TABLE, length)) return undefined;
  const table = new Uint32Array(maximum - minimum + 1);
  let missing = 0;
  if (validity) {
    for (let row = 0; row < length; row++) {
      if (validity[row >> 3] & (1 << (row & 7))) table[stored[row] - minimum]++;
      else missing++;
    }
  } else for (let row = 0; row < length; row++) table[stored[row] - minimum]++;
  let distinct = 0;
  for (let i = 0; i < table.length; i++) if (table[i] > 0) distinct++;
  const values = new Float64Array(distinct);
  const counts = new Uint32Array(distinct);
  let at = 0;
  for (let i = 0; i < table.length; i++) {
    if (table[i] === 0) continue;
    values[at] = minimum + i;
    counts[at++] = table[i];
  }
  return { column, counts, missing, values };
}

function countInOrder(column: NumericColumn): CountedValues {
  const sorted = presentNumbers(column).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  const values = new Float64Array(distinct);
  const counts = new Uint32Array(distinct);
  let at = -1;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) values[++at] = sorted[i];
    counts[at]++;
  }
  return { column, counts, missing: column.length - sorted.length, values };
}

/** The stored numbers of the rows that have one. */
function presentNumbers(column: NumericColumn): Float64Array {
  const stored = new Float64Array(column.length);
  let count = 0;
  for (let row = 0; row < column.length; row++) if (isPresent(column, row)) stored[count++] = column.values[row];
  return stored.subarray(0, count);
}
