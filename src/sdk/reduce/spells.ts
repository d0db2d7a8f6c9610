import type { NumericArray, NumericColumn } from '../column.ts';

/**
 * Spells as a small sufficient statistic: the distinct durations, ascending, and for each how many spells (or how much
 * weight) ended then and how many were still running when last seen. All three arrays have the same length.
 */
export interface SpellCounts {
  readonly times: Float64Array;
  readonly ended: Float64Array;
  readonly running: Float64Array;
}

export interface SpellsResult {
  /** One entry per group code, in code order; a code without spells has empty arrays. */
  readonly groups: readonly SpellCounts[];
  /** Rows left out because the duration is negative or not finite, or the weight is not a positive number. */
  readonly unusable: number;
}

export interface SpellsOptions {
  /** Group code of each row, below `groupCount`. */
  readonly group?: Uint8Array | Uint16Array | Uint32Array;
  readonly groupCount?: number;
  /** How many spells a row stands for; 1 where absent. */
  readonly weight?: ArrayLike<number>;
}

/** Cells up to which durations are counted in place rather than sorted: 128 MB of doubles. */
const CELLS = 1 << 24;

/**
 * Groups spells by duration. Whole durations (days, months, cents) are counted in one pass over the rows; others are sorted.
 *
 * @param duration one duration a row, without missing values
 * @param ended one byte a row: 1 where the spell ended at its duration, 0 where it was still running
 */
export function spells(duration: NumericColumn, ended: Uint8Array, options: SpellsOptions = {}): SpellsResult {
  const { group, weight } = options;
  const groupCount = group ? (options.groupCount ?? largest(group) + 1) : 1;
  const unit = duration.type === 'timestamp' ? duration.unit : 1;
  const scale = duration.type === 'number' ? duration.scale : 1;
  const { values, length } = duration;
  const range = wholeRange(values, length);
  if (range !== undefined && (range + 1) * groupCount * 2 <= Math.min(CELLS, Math.max(1 << 16, 8 * length))) {
    const cells = weight
      ? countWeights(values, length, ended, group, groupCount, range, weight)
      : countRows(values, length, ended, group, groupCount, range);
    return gather(cells.counts, groupCount, range, unit / scale, scale, cells.unusable);
  }
  return weight
    ? sortWeighted(values, length, ended, group, groupCount, weight, unit, scale)
    : sortRows(values, length, ended, group, groupCount, unit, scale);
}

function largest(codes: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] > most) most = codes[i];
  return most;
}

/** The largest value where all that are not negative are whole; undefined where some are not. */
function wholeRange(values: NumericArray, length: number): number | undefined {
  let maximum = 0;
  if (values instanceof Float64Array || values instanceof Float32Array) {
    for (let i = 0; i < length; i++) {
      const value = values[i];
      if (value > maximum) maximum = value;
      if (value !== Math.floor(value)) return undefined;
    }
  } else for (let i = 0; i < length; i++) if (values[i] > maximum) maximum = values[i];
  return maximum === Number.POSITIVE_INFINITY ? undefined : maximum;
}

/** `counts[(value * groupCount + group) * 2 + ended]`. */
interface Cells {
  readonly counts: Float64Array | Uint32Array;
  readonly unusable: number;
}

function countRows(
  values: NumericArray,
  length: number,
  ended: Uint8Array,
  group: SpellsOptions['group'],
  groupCount: number,
  range: number,
): Cells {
  const stride = groupCount * 2;
  const cells = (range + 1) * stride;
  // Neighbouring rows often fall into the same cell; alternating between copies keeps one increment from waiting for the last.
  const copies = cells <= 1 << 14 ? 4 : 1;
  const counts = new Uint32Array(cells * copies);
  let unusable = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (!(value >= 0)) {
      unusable++;
      continue;
    }
    const code = group === undefined ? 0 : group[i] * 2;
    counts[(i & (copies - 1)) * cells + value * stride + code + (ended[i] & 1)]++;
  }
  for (let copy = 1; copy < copies; copy++)
    for (let cell = 0; cell < cells; cell++) counts[cell] += counts[copy * cells + cell];
  return { counts: counts.subarray(0, cells), unusable };
}

function countWeights(
  values: NumericArray,
  length: number,
  ended: Uint8Array,
  group: SpellsOptions['group'],
  groupCount: number,
  range: number,
  weight: ArrayLike<number>,
): Cells {
  const stride = groupCount * 2;
  const counts = new Float64Array((range + 1) * stride);
  let unusable = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    const mass = weight[i];
    if (!(value >= 0) || !(mass > 0) || mass === Number.POSITIVE_INFINITY) {
      unusable++;
      continue;
    }
    counts[value * stride + (group === undefined ? 0 : group[i] * 2) + (ended[i] & 1)] += mass;
  }
  return { counts, unusable };
}

function gather(
  counts: Float64Array | Uint32Array,
  groupCount: number,
  range: number,
  factor: number,
  scale: number,
  unusable: number,
): SpellsResult {
  const stride = groupCount * 2;
  const groups = Array.from({ length: groupCount }, (_, code) => {
    let distinct = 0;
    for (let value = 0; value <= range; value++) {
      const cell = value * stride + code * 2;
      if (counts[cell] + counts[cell + 1] > 0) distinct++;
    }
    const spell = empty(distinct);
    let at = 0;
    for (let value = 0; value <= range; value++) {
      const cell = value * stride + code * 2;
      if (counts[cell] + counts[cell + 1] === 0) continue;
      spell.times[at] = scale === 1 ? value * factor : value / scale;
      spell.running[at] = counts[cell];
      spell.ended[at++] = counts[cell + 1];
    }
    return spell;
  });
  return { groups, unusable };
}

function empty(length: number): SpellCounts {
  return { times: new Float64Array(length), ended: new Float64Array(length), running: new Float64Array(length) };
}

function sortRows(
  values: NumericArray,
  length: number,
  ended: Uint8Array,
  group: SpellsOptions['group'],
  groupCount: number,
  unit: number,
  scale: number,
): SpellsResult {
  const sizes = new Uint32Array(groupCount * 2);
  let unusable = 0;
  for (let i = 0; i < length; i++) {
    if (values[i] >= 0 && values[i] < Number.POSITIVE_INFINITY) sizes[(group ? group[i] * 2 : 0) + (ended[i] & 1)]++;
    else unusable++;
  }
  const parts = Array.from(sizes, (size) => new Float64Array(size));
  const filled = new Uint32Array(sizes.length);
  for (let i = 0; i < length; i++) {
    if (!(values[i] >= 0 && values[i] < Number.POSITIVE_INFINITY)) continue;
    const part = (group ? group[i] * 2 : 0) + (ended[i] & 1);
    parts[part][filled[part]++] = (values[i] * unit) / scale;
  }
  const groups = Array.from({ length: groupCount }, (_, code) =>
    merge(sortDurations(parts[code * 2]), sortDurations(parts[code * 2 + 1])),
  );
  return { groups, unusable };
}

/**
 * Ascending order, by spreading the values over even buckets of about eight and sorting within each. A few extreme values
 * crowd the rest into few buckets; those are then sorted as a whole.
 */
function sortDurations(values: Float64Array): Float64Array {
  const { length } = values;
  if (length < 4096) return values.sort();
  let minimum = values[0];
  let maximum = values[0];
  for (let i = 1; i < length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    else if (value > maximum) maximum = value;
  }
  if (minimum === maximum) return values;
  const buckets = Math.min(1 << 20, length >> 3);
  const factor = (buckets - 1) / (maximum - minimum);
  const ends = new Uint32Array(buckets + 1);
  for (let i = 0; i < length; i++) ends[((values[i] - minimum) * factor) | 0]++;
  for (let bucket = 0, sum = 0; bucket <= buckets; bucket++) {
    const size = ends[bucket];
    ends[bucket] = sum;
    sum += size;
  }
  const sorted = new Float64Array(length);
  for (let i = 0; i < length; i++) sorted[ends[((values[i] - minimum) * factor) | 0]++] = values[i];
  for (let bucket = 0, start = 0; bucket < buckets; bucket++) {
    const end = ends[bucket];
    if (end - start > 48) sorted.subarray(start, end).sort();
    else insertionSort(sorted, start, end);
    start = end;
  }
  return sorted;
}

function insertionSort(values: Float64Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const value = values[i];
    let j = i - 1;
    while (j >= start && values[j] > value) {
      values[j + 1] = values[j];
      j--;
    }
    values[j + 1] = value;
  }
}

/** Runs of equal values of two sorted arrays, merged. */
function merge(running: Float64Array, ended: Float64Array): SpellCounts {
  const room = empty(running.length + ended.length);
  let length = 0;
  for (let i = 0, j = 0; i < running.length || j < ended.length; length++) {
    const time = Math.min(i < running.length ? running[i] : Infinity, j < ended.length ? ended[j] : Infinity);
    const i0 = i;
    const j0 = j;
    while (i < running.length && running[i] === time) i++;
    while (j < ended.length && ended[j] === time) j++;
    room.times[length] = time;
    room.running[length] = i - i0;
    room.ended[length] = j - j0;
  }
  return {
    times: room.times.slice(0, length),
    ended: room.ended.slice(0, length),
    running: room.running.slice(0, length),
  };
}

function sortWeighted(
  values: NumericArray,
  length: number,
  ended: Uint8Array,
  group: SpellsOptions['group'],
  groupCount: number,
  weight: ArrayLike<number>,
  unit: number,
  scale: number,
): SpellsResult {
  const rows = new Uint32Array(length);
  let usable = 0;
  for (let i = 0; i < length; i++) {
    const fits = values[i] >= 0 && values[i] < Number.POSITIVE_INFINITY;
    if (fits && weight[i] > 0 && weight[i] < Number.POSITIVE_INFINITY) rows[usable++] = i;
  }
  const sorted = rows.subarray(0, usable).sort((a, b) => values[a] - values[b]);
  const groups = Array.from({ length: groupCount }, (_, code) => {
    const times: number[] = [];
    const endedAt: number[] = [];
    const runningAt: number[] = [];
    for (const row of sorted) {
      if (group !== undefined && group[row] !== code) continue;
      const time = (values[row] * unit) / scale;
      if (times.length === 0 || times[times.length - 1] !== time) {
        times.push(time);
        endedAt.push(0);
        runningAt.push(0);
      }
      (ended[row] & 1 ? endedAt : runningAt)[times.length - 1] += weight[row];
    }
    return {
      times: Float64Array.from(times),
      ended: Float64Array.from(endedAt),
      running: Float64Array.from(runningAt),
    };
  });
  return { groups, unusable: length - usable };
}
