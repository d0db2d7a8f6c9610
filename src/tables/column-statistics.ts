import {
  type CellValue,
  type Column,
  type NumericColumn,
  type StringColumn,
  type StringVector,
  stringAt,
} from '@patron/sdk';
import { shownValue } from './shown-value.ts';
import { countValues } from './value-counts.ts';

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
  /** Bars of equal width from the least value to the greatest, or just beyond; `edges` has one entry more than `counts`. */
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
  const { counts, missing, values: counted } = countValues(column);
  const values = counted as Float64Array;
  const rows = column.length;
  const count = rows - missing;
  const distinct = values.length;
  if (count === 0) return { rows, missing, distinct: 0, minimum: null, maximum: null, top: [] };
  const plain = (value: number): number =>
    column.type === 'number' ? value / column.scale : column.type === 'timestamp' ? value * column.unit : value;
  const shown = (value: number): CellValue => shownValue(column, value);
  let sum = 0;
  for (let i = 0; i < distinct; i++) sum += values[i] * counts[i];
  const isAmount = column.type === 'number' || column.type === 'integer';
  const spread = count > 1 ? { deviation: plain(deviation(values, counts, sum, count)) } : {};
  const amounts = isAmount ? { sum: plain(sum), mean: plain(sum) / count, ...spread } : {};
  return {
    rows,
    missing,
    distinct,
    minimum: shown(values[0]),
    maximum: shown(values[distinct - 1]),
    ...amounts,
    quantiles: quantiles(values, counts, count).map((value, i) => ({ share: SHARES[i], value: plain(value) })),
    histogram: histogram(values, counts, plain, column.type === 'integer' || column.type === 'date'),
    top: topCodes(counts).map((i) => ({ value: shown(values[i]), count: counts[i] })),
  };
}

function deviation(values: Float64Array, counts: Uint32Array, sum: number, count: number): number {
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += counts[i] * (values[i] - mean) ** 2;
  return Math.sqrt(squares / (count - 1));
}

/** At each of `SHARES`, of values in order with how often each occurs. */
function quantiles(values: Float64Array, counts: Uint32Array, count: number): number[] {
  let entry = 0;
  let before = 0;
  /** The value at a place of the whole list; places are asked for in order. */
  const valueAtPlace = (place: number): number => {
    while (before + counts[entry] <= place) before += counts[entry++];
    return values[entry];
  };
  return SHARES.map((share) => {
    const at = (count - 1) * share;
    const below = Math.floor(at);
    const low = valueAtPlace(below);
    const high = before + counts[entry] > below + 1 || below + 1 >= count ? low : values[entry + 1];
    return low + (high - low) * (at - below);
  });
}

/** Classes of whole numbers have whole edges, so that each holds as many numbers as the next. */
function histogram(values: Float64Array, counted: Uint32Array, plain: (value: number) => number, whole: boolean) {
  const least = values[0];
  const range = values[values.length - 1] - least;
  const width = whole ? Math.ceil((range + 1) / BARS) : range / BARS;
  const bars = range === 0 ? 1 : whole ? Math.ceil((range + 1) / width) : BARS;
  const counts = new Array<number>(bars).fill(0);
  for (let i = 0; i < values.length; i++) {
    counts[width === 0 ? 0 : Math.min(bars - 1, Math.floor((values[i] - least) / width))] += counted[i];
  }
  const last = whole ? least + bars * width : least + range;
  const edges = Array.from({ length: bars + 1 }, (_, i) => plain(i === bars ? last : least + i * width));
  return { edges, counts };
}
