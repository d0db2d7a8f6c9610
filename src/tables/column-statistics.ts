import {
  type CellValue,
  type Column,
  isPresent,
  type NumericColumn,
  type StringColumn,
  stringAt,
  stringCount,
} from '@patron/sdk';
import { ByteDictionary } from './byte-dictionary.ts';

/** What a column's values look like. All of it is exact. */
export interface ColumnStatistics {
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  /** As `valueAt` gives them; null where no row has a value. Texts by code point. */
  readonly minimum: CellValue;
  readonly maximum: CellValue;
  /** Numbers only. */
  readonly sum?: number;
  readonly mean?: number;
  /** At 0, 0.05, 0.25, 0.5, 0.75, 0.95 and 1, linear between neighbours (type 7); as `numberAt` gives values. */
  readonly quantiles?: readonly { readonly share: number; readonly value: number }[];
  /** Bars of equal width from the least value to the greatest; `edges` has one entry more than `counts`. */
  readonly histogram?: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /** The most frequent values, at most ten. */
  readonly top: readonly { readonly value: CellValue; readonly count: number }[];
}

const SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const BARS = 24;
const MOST_TOP = 10;

/** Looks at every row of a column. */
export function columnStatistics(column: Column): ColumnStatistics {
  return column.type === 'string' ? textStatistics(column) : numericStatistics(column);
}

function textStatistics(column: StringColumn): ColumnStatistics {
  const { codes, vector } =
    column.layout === 'dictionary' ? { codes: column.codes, vector: column.dictionary } : coded(column);
  const counts = new Uint32Array(Math.max(1, stringCount(vector)));
  let missing = 0;
  for (let row = 0; row < column.length; row++) {
    if (isPresent(column, row)) counts[codes[row]]++;
    else missing++;
  }
  let distinct = 0;
  let minimum: string | null = null;
  let maximum: string | null = null;
  const { offsets, bytes } = vector;
  let least = -1;
  let greatest = -1;
  const compare = (a: number, b: number): number => {
    const length = Math.min(offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]);
    for (let i = 0; i < length; i++) {
      const difference = bytes[offsets[a] + i] - bytes[offsets[b] + i];
      if (difference !== 0) return difference;
    }
    return offsets[a + 1] - offsets[a] - (offsets[b + 1] - offsets[b]);
  };
  for (let code = 0; code < counts.length; code++) {
    if (counts[code] === 0) continue;
    distinct++;
    if (least < 0 || compare(code, least) < 0) least = code;
    if (greatest < 0 || compare(code, greatest) > 0) greatest = code;
  }
  if (least >= 0) {
    minimum = stringAt(vector, least);
    maximum = stringAt(vector, greatest);
  }
  const top = topCodes(counts).map((code) => ({ value: stringAt(vector, code), count: counts[code] }));
  return { rows: column.length, missing, distinct, minimum, maximum, top };
}

/** Codes for plain text, one for each distinct one. */
function coded(column: StringColumn & { layout: 'plain' }) {
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

function topCodes(counts: Uint32Array): number[] {
  const top: number[] = [];
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code];
    if (count === 0 || (top.length === MOST_TOP && count <= counts[top[MOST_TOP - 1]])) continue;
    let at = top.length;
    while (at > 0 && counts[top[at - 1]] < count) at--;
    top.splice(at, 0, code);
    if (top.length > MOST_TOP) top.pop();
  }
  return top;
}

function numericStatistics(column: NumericColumn): ColumnStatistics {
  const { length } = column;
  const stored = new Float64Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) if (isPresent(column, row)) stored[count++] = column.values[row];
  const sorted = stored.subarray(0, count).sort();
  const missing = length - count;
  if (count === 0) return { rows: length, missing, distinct: 0, minimum: null, maximum: null, top: [] };
  const plain = (value: number): number =>
    column.type === 'number' ? value / column.scale : column.type === 'timestamp' ? value * column.unit : value;
  const shown = (value: number): CellValue => shownValue(column, plain(value));
  let distinct = 0;
  let sum = 0;
  const runs: { value: number; count: number }[] = [];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && sorted[end] === sorted[start]) end++;
    distinct++;
    sum += sorted[start] * (end - start);
    keepTop(runs, sorted[start], end - start);
    start = end;
  }
  const isAmount = column.type === 'number' || column.type === 'integer';
  const amounts = isAmount ? { sum: plain(sum), mean: plain(sum) / count } : {};
  return {
    rows: length,
    missing,
    distinct,
    minimum: shown(sorted[0]),
    maximum: shown(sorted[count - 1]),
    ...amounts,
    quantiles: SHARES.map((share) => ({ share, value: plain(quantile(sorted, share)) })),
    histogram: histogram(sorted, plain),
    top: runs.map((run) => ({ value: shown(run.value), count: run.count })),
  };
}

function keepTop(runs: { value: number; count: number }[], value: number, count: number): void {
  if (runs.length === MOST_TOP && count <= runs[MOST_TOP - 1].count) return;
  let at = runs.length;
  while (at > 0 && runs[at - 1].count < count) at--;
  runs.splice(at, 0, { value, count });
  if (runs.length > MOST_TOP) runs.pop();
}

function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

function histogram(sorted: Float64Array, plain: (value: number) => number) {
  const least = sorted[0];
  const greatest = sorted[sorted.length - 1];
  const bars = least === greatest ? 1 : BARS;
  const width = (greatest - least) / bars;
  const counts = new Array<number>(bars).fill(0);
  for (const value of sorted) counts[width === 0 ? 0 : Math.min(bars - 1, Math.floor((value - least) / width))]++;
  const edges = Array.from({ length: bars + 1 }, (_, i) => plain(i === bars ? greatest : least + i * width));
  return { edges, counts };
}

function shownValue(column: NumericColumn, value: number): CellValue {
  switch (column.type) {
    case 'boolean':
      return value !== 0;
    case 'date':
      return new Date(value * 86_400_000).toISOString().slice(0, 10);
    case 'timestamp': {
      const iso = new Date(value).toISOString();
      return column.zoned ? iso : iso.slice(0, -1);
    }
    default:
      return value;
  }
}
