import {
  type CellValue,
  type Column,
  type NumericColumn,
  type StringColumn,
  type StringVector,
  stringAt,
} from '@patron/sdk';
import { shownValue } from './shown-value.ts';
import { countValues, presentNumbers } from './value-counts.ts';

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
  /** Sample standard deviation, with n − 1; none of a single value. */
  readonly deviation?: number;
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
  const { counts, missing, values } = countValues(column);
  const vector = values as StringVector;
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
  const sorted = presentNumbers(column).sort();
  const count = sorted.length;
  const missing = length - count;
  if (count === 0) return { rows: length, missing, distinct: 0, minimum: null, maximum: null, top: [] };
  const plain = (value: number): number =>
    column.type === 'number' ? value / column.scale : column.type === 'timestamp' ? value * column.unit : value;
  const shown = (value: number): CellValue => shownValue(column, value);
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
  const amounts = isAmount
    ? { sum: plain(sum), mean: plain(sum) / count, ...(count > 1 ? { deviation: plain(deviation(sorted, sum)) } : {}) }
    : {};
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

function deviation(values: Float64Array, sum: number): number {
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
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
