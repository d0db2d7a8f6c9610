import type { CodeArray, NumericArray } from '../column.ts';

/** The events that journeys are found in, as columns of one length. */
export interface JourneyEvents {
  /** How many unit codes there are; an event whose code is not below is left out. */
  readonly units: number;
  /** Whose event it is: customer, session or account. */
  readonly unit: CodeArray;
  /** When it was, `time[i] * timeUnit` in the unit of the rules' windows (milliseconds by custom). */
  readonly time: NumericArray;
  readonly timeUnit: number;
  /** What it is: `classOfCode[code[i]]` is the event's class, an index into the `EventClasses`. */
  readonly code: CodeArray;
  readonly classOfCode: Uint16Array;
  /** True keeps events of class 0, which fill no step: strict order and inactivity gaps need them. */
  readonly keepAll: boolean;
}

/** Reads the events of one unit at a time, ordered by time, events at one time by class. Buffers are used again. */
export interface UnitEvents {
  /** The units that can be read are `first` … `units` − 1. */
  readonly first: number;
  readonly units: number;
  /** Times of the unit last read, ascending. */
  time: Float64Array;
  classOf: Uint16Array;
  /** The input row of event `index` of the unit last read. */
  rowAt(index: number): number;
  /** Reads unit `unit` and gives the number of its events. */
  read(unit: number): number;
}

/** Widest integer that packs into a double without loss. */
const EXACT = 2 ** 53;

/**
 * Makes the reader. What is in order already is not sorted: a table that is clustered by unit is read as it lies; otherwise
 * one counting pass places the events by unit, with time, class and row packed into one double where they fit, and each
 * unit's few events are put in order as they are read. A reader of the units `first` … `units` − 1 alone places only theirs.
 */
export function readUnits(
  events: JourneyEvents,
  { first, units }: UnitRange = { first: 0, units: events.units },
): UnitEvents {
  const offsets = clusteredOffsets(events);
  if (offsets) return clusteredReader(events, offsets, { first, units });
  const packing = packingOf(events);
  const placing = { first, units, rows: first > 0 || units < events.units ? rowsOf(events, first, units) : undefined };
  return packing ? packedReader(events, packing, placing) : scatteredReader(events, placing);
}

export type UnitRange = Pick<UnitEvents, 'first' | 'units'>;

/** Where each unit's rows begin, if the rows of each unit lie together in the order of the codes. */
function clusteredOffsets({ units, unit }: JourneyEvents): Uint32Array | undefined {
  const offsets = new Uint32Array(units + 1);
  const { length } = unit;
  let last = -1;
  for (let i = 0; i < length; i++) {
    const u = unit[i];
    if (u === last) continue;
    if (u < last || u >= units) return undefined;
    for (let v = last + 1; v <= u; v++) offsets[v] = i;
    last = u;
  }
  for (let v = last + 1; v <= units; v++) offsets[v] = length;
  return offsets;
}

/** The rows of the units `first` … `units` − 1. As rows come in no order of units, it goes without a branch. */
function rowsOf({ unit }: JourneyEvents, first: number, units: number): Uint32Array {
  const { length } = unit;
  const rows = new Uint32Array(length + 1);
  const span = units - first;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const u = (unit[i] - first) | 0;
    rows[count] = i;
    count += (~u & (u - span)) >>> 31;
  }
  return rows.subarray(0, count);
}

/** Which units are read, and the rows they are looked for in; undefined stands for all. */
interface Placing extends UnitRange {
  readonly rows: Uint32Array | undefined;
}

/** A reader whose rows are kept in an array beside the times. */
interface RowReader extends UnitEvents {
  rows: Uint32Array;
}

function rowReader({ first, units }: UnitRange, read: (reader: RowReader, unit: number) => number): UnitEvents {
  const reader: RowReader = {
    first,
    units,
    time: new Float64Array(256),
    classOf: new Uint16Array(256),
    rows: new Uint32Array(256),
    rowAt: (index) => reader.rows[index],
    read: (unit) => read(reader, unit),
  };
  return reader;
}

function reserve(reader: RowReader, count: number): void {
  if (count <= reader.time.length) return;
  const capacity = Math.max(count, reader.time.length * 2);
  reader.time = new Float64Array(capacity);
  reader.classOf = new Uint16Array(capacity);
  reader.rows = new Uint32Array(capacity);
}

function clusteredReader(events: JourneyEvents, offsets: Uint32Array, range: UnitRange): UnitEvents {
  const { time, timeUnit, code, classOfCode, keepAll } = events;
  return rowReader(range, (reader, unit) => {
    const from = offsets[unit];
    const to = offsets[unit + 1];
    reserve(reader, to - from);
    const { time: times, classOf, rows } = reader;
    let count = 0;
    let sorted = true;
    let lastTime = Number.NEGATIVE_INFINITY;
    let lastClass = 0;
    for (let i = from; i < to; i++) {
      const c = classOfCode[code[i]];
      if (c === 0 && !keepAll) continue;
      const t = time[i] * timeUnit;
      if (t < lastTime || (t === lastTime && c < lastClass)) sorted = false;
      lastTime = t;
      lastClass = c;
      times[count] = t;
      classOf[count] = c;
      rows[count++] = i;
    }
    if (!sorted) sortUnit(reader, count);
    return count;
  });
}

/** How time, class and row share one double: `((time − first) * classes + class) * rows + row`, sizes powers of two. */
interface Packing {
  readonly first: number;
  readonly last: number;
  readonly classes: number;
  readonly rows: number;
}

function packingOf({ time, classOfCode }: JourneyEvents): Packing | undefined {
  const { length } = time;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const t = time[i];
    if (t < first) first = t;
    if (t > last) last = t;
  }
  let classes = 1;
  for (const c of classOfCode) while (c >= classes) classes *= 2;
  let rows = 1;
  while (rows < length) rows *= 2;
  if (length === 0 || !((last - first + 1) * classes * rows < EXACT)) return undefined;
  const whole = !(time instanceof Float64Array || time instanceof Float32Array) || time.every(Number.isInteger);
  return whole ? { first, last, classes, rows } : undefined;
}

/** How many events each unit has, as the running sum that tells where its events go. */
function countingOffsets(events: JourneyEvents, { first, units, rows }: Placing): Uint32Array {
  const { unit, code, classOfCode } = events;
  const span = units - first;
  const offsets = new Uint32Array(span + 1);
  const length = rows ? rows.length : unit.length;
  const all = keepsAll(events);
  for (let k = 0; k < length; k++) {
    const i = rows ? rows[k] : k;
    const u = unit[i] - first;
    if (u < span && (all || classOfCode[code[i]] !== 0)) offsets[u + 1]++;
  }
  for (let u = 0; u < span; u++) offsets[u + 1] += offsets[u];
  return offsets;
}

function keepsAll({ keepAll, classOfCode }: JourneyEvents): boolean {
  return keepAll || !classOfCode.includes(0);
}

function packedReader(events: JourneyEvents, packing: Packing, placing: Placing): UnitEvents {
  const { first, last, classes, rows: rowCount } = packing;
  const { unit, time, timeUnit, code, classOfCode } = events;
  const { first: firstUnit, units, rows } = placing;
  const span = units - firstUnit;
  const length = rows ? rows.length : unit.length;
  const all = keepsAll(events);
  const offsets = countingOffsets(events, placing);
  const ends = offsets.slice();
  const keys = new Float64Array(offsets[span]);
  for (let k = 0; k < length; k++) {
    const i = rows ? rows[k] : k;
    const u = unit[i] - firstUnit;
    const c = classOfCode[code[i]];
    if (u >= span || (c === 0 && !all)) continue;
    keys[ends[u]++] = ((time[i] - first) * classes + c) * rowCount + i;
  }
  const perRow = 1 / rowCount;
  const perClass = 1 / classes;
  const base = first * timeUnit;
  // Time and class together mostly fit an integer of 31 bits, which is quicker to take apart.
  const narrow = (last - first + 1) * classes < 2 ** 31;
  const classBits = 31 - Math.clz32(classes);
  const classMask = classes - 1;
  let sorted = new Float64Array(256);
  const reader: UnitEvents = {
    first: firstUnit,
    units,
    time: new Float64Array(256),
    classOf: new Uint16Array(256),
    rowAt: (index) => sorted[index] - Math.floor(sorted[index] * perRow) * rowCount,
    read(u) {
      const from = offsets[u - firstUnit];
      const count = offsets[u - firstUnit + 1] - from;
      if (count > sorted.length) {
        const capacity = Math.max(count, sorted.length * 2);
        sorted = new Float64Array(capacity);
        reader.time = new Float64Array(capacity);
        reader.classOf = new Uint16Array(capacity);
      }
      if (count > 64) keys.subarray(from, from + count).sort();
      for (let i = 0; i < count; i++) {
        const key = keys[from + i];
        let j = i - 1;
        while (j >= 0 && sorted[j] > key) {
          sorted[j + 1] = sorted[j];
          j--;
        }
        sorted[j + 1] = key;
      }
      const { time: times, classOf } = reader;
      if (narrow) {
        for (let i = 0; i < count; i++) {
          const high = (sorted[i] * perRow) | 0;
          times[i] = base + (high >> classBits) * timeUnit;
          classOf[i] = high & classMask;
        }
        return count;
      }
      for (let i = 0; i < count; i++) {
        const high = Math.floor(sorted[i] * perRow);
        const at = Math.floor(high * perClass);
        times[i] = base + at * timeUnit;
        classOf[i] = high - at * classes;
      }
      return count;
    },
  };
  return reader;
}

function scatteredReader(events: JourneyEvents, placing: Placing): UnitEvents {
  const { unit, time, timeUnit, code, classOfCode } = events;
  const { first, units, rows: own } = placing;
  const span = units - first;
  const length = own ? own.length : unit.length;
  const all = keepsAll(events);
  const offsets = countingOffsets(events, placing);
  const ends = offsets.slice();
  const placed = new Uint32Array(offsets[span]);
  for (let k = 0; k < length; k++) {
    const i = own ? own[k] : k;
    const u = unit[i] - first;
    if (u < span && (all || classOfCode[code[i]] !== 0)) placed[ends[u]++] = i;
  }
  return rowReader(placing, (reader, unitRead) => {
    const u = unitRead - first;
    const from = offsets[u];
    const count = offsets[u + 1] - from;
    reserve(reader, count);
    const { time: times, classOf, rows } = reader;
    let sorted = true;
    for (let i = 0; i < count; i++) {
      const row = placed[from + i];
      times[i] = time[row] * timeUnit;
      classOf[i] = classOfCode[code[row]];
      rows[i] = row;
      if (i > 0 && (times[i] < times[i - 1] || (times[i] === times[i - 1] && classOf[i] < classOf[i - 1])))
        sorted = false;
    }
    if (!sorted) sortUnit(reader, count);
    return count;
  });
}

function sortUnit(reader: RowReader, count: number): void {
  const { time, classOf, rows } = reader;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => time[a] - time[b] || classOf[a] - classOf[b] || a - b);
  time.set(Float64Array.from(order, (i) => time[i]));
  classOf.set(Uint16Array.from(order, (i) => classOf[i]));
  rows.set(Uint32Array.from(order, (i) => rows[i]));
}
