import { eventBuffer, sortEvents } from './journeys-event-buffer.ts';
import type { JourneyEvents, RowRange, UnitEvents, UnitRange } from './journeys-events.ts';

/** Whether the codes of rows ascend, so that the rows of each unit lie together and none is left out. */
export function isClustered({ units, unit }: JourneyEvents, { start, end }: RowRange): boolean {
  let last = 0;
  for (let i = start; i < end; i++) {
    const u = unit[i];
    if (u < last) return false;
    last = u;
  }
  return last < units;
}

/** The first row whose unit is not below `unit`, where the codes ascend. */
function rowOfUnit(codes: ArrayLike<number>, unit: number): number {
  let start = 0;
  let end = codes.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (codes[middle] < unit) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** Reads units of a clustered table as its rows lie. */
export function clusteredReader(events: JourneyEvents, { first, units }: UnitRange): UnitEvents {
  const { unit, time, timeUnit, code, classOfCode, keepAll } = events;
  const end = rowOfUnit(unit, units);
  const offsets = new Uint32Array(units - first + 1);
  let last = -1;
  for (let i = rowOfUnit(unit, first); i < end; i++) for (const u = unit[i] - first; last < u; ) offsets[++last] = i;
  offsets.fill(end, last + 1);
  return eventBuffer({ first, units }, (buffer, u) => {
    const from = offsets[u - first];
    const to = offsets[u - first + 1];
    buffer.reserve(to - from);
    const { time: times, classOf, rows } = buffer;
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
    if (!sorted) sortEvents(buffer, count);
    return count;
  });
}
