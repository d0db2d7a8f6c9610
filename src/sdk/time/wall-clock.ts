import type { Column, DateColumn, NumericArray, TimestampColumn } from '../column.ts';
import { offsetIndex, zoneOffset, zoneOffsets } from './zone-offset.ts';

const DAY = 86_400_000;

/** A column that can be cut into days. */
export type TimeColumn = DateColumn | TimestampColumn;

/** Whether the column is one of days or times. */
export function isTime(column: Column): column is TimeColumn {
  return column.type === 'date' || column.type === 'timestamp';
}

/** Rows `start` … `end − 1` of a column as day numbers (days since 1970-01-01), written to `out[0 …]`. */
export type DayReader = (start: number, end: number, out: Int32Array) => void;

/**
 * Reads a time column block by block as day numbers: a date as it is, a wall-clock reading by its own day, an instant by
 * its day in `timeZone` (daylight saving included). Rows without a value give unspecified days.
 * @throws RangeError where the zone's name is not known.
 */
export function dayReader(column: TimeColumn, timeZone: string): DayReader {
  const { values } = column;
  if (column.type === 'date') {
    return (start, end, out) => out.set(values.subarray(start, end));
  }
  if (!column.zoned) {
    const perDay = DAY / column.unit;
    const block = new Float64Array(BLOCK);
    return (start, end, out) => {
      for (let at = start; at < end; at += BLOCK) {
        const stop = Math.min(end, at + BLOCK);
        block.set(values.subarray(at, stop));
        floorDays(block, perDay, out, at - start, stop - at);
      }
    };
  }
  const { unit } = column;
  const [minimum, maximum] = extent(values);
  if (minimum > maximum) return () => {};
  const zone = zoneOffsets(timeZone, minimum * unit, maximum * unit);
  const single = zone.starts.length === 1;
  let hint = 0;
  return (start, end, out) => {
    for (let row = start; row < end; row++) {
      const instant = values[row] * unit;
      if (!single) hint = offsetIndex(zone, instant, hint);
      out[row - start] = Math.floor((instant + zone.offsets[hint]) / DAY);
    }
  };
}

const BLOCK = 16_384;

function floorDays(block: Float64Array, perDay: number, out: Int32Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) out[at + i] = Math.floor(block[i] / perDay);
}

/** Day numbers of all rows. */
export function daysOf(column: TimeColumn, timeZone: string): Int32Array {
  const days = new Int32Array(column.length);
  dayReader(column, timeZone)(0, column.length, days);
  return days;
}

/** Smallest and largest of the values; [Infinity, −Infinity] of none. */
export function extent(values: NumericArray): [number, number] {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return [minimum, maximum];
}

/**
 * A moment of a time column (`value` as stored there) as wall-clock milliseconds: what a calendar and a clock on the wall
 * in `timeZone` show, counted as if in UTC. Differences of two such numbers are what people count as elapsed days.
 */
export function wallClock(column: TimeColumn, value: number, timeZone: string): number {
  if (column.type === 'date') return value * DAY;
  const milliseconds = value * column.unit;
  return column.zoned ? milliseconds + zoneOffset(timeZone, milliseconds) : milliseconds;
}

/** `wallClock` of many stored values at once. */
export function wallClocks(column: TimeColumn, stored: ArrayLike<number>, timeZone: string): Float64Array {
  const clocks = new Float64Array(stored.length);
  const unit = column.type === 'date' ? DAY : column.unit;
  for (let i = 0; i < clocks.length; i++) clocks[i] = stored[i] * unit;
  if (column.type === 'timestamp' && column.zoned && clocks.length > 0) {
    const [minimum, maximum] = extent(clocks);
    const zone = zoneOffsets(timeZone, minimum, maximum);
    let hint = 0;
    for (let i = 0; i < clocks.length; i++) {
      hint = offsetIndex(zone, clocks[i], hint);
      clocks[i] += zone.offsets[hint];
    }
  }
  return clocks;
}
