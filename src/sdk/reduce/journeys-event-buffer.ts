import type { UnitEvents, UnitRange } from './journeys-events.ts';

/** The events of one unit in buffers that grow and are used again. */
export interface EventBuffer extends UnitEvents {
  rows: Uint32Array;
  /** Makes room for `count` events; what the buffers held is lost. */
  reserve(count: number): void;
}

/** A reader that fills its buffers by `read`. */
export function eventBuffer(
  { first, units }: UnitRange,
  read: (buffer: EventBuffer, unit: number) => number,
): UnitEvents {
  const buffer: EventBuffer = {
    first,
    units,
    time: new Float64Array(256),
    classOf: new Uint16Array(256),
    rows: new Uint32Array(256),
    rowAt: (index) => buffer.rows[index],
    read: (unit) => read(buffer, unit),
    reserve(count) {
      if (count <= buffer.time.length) return;
      const capacity = Math.max(count, buffer.time.length * 2);
      buffer.time = new Float64Array(capacity);
      buffer.classOf = new Uint16Array(capacity);
      buffer.rows = new Uint32Array(capacity);
    },
  };
  return buffer;
}

/** From here on a sort that is not quadratic is quicker. */
export const FEW = 64;

/** Puts the first `count` events in order of time, then class; events alike in both stay in their order. */
export function sortEvents({ time, classOf, rows }: EventBuffer, count: number): void {
  if (count > FEW) {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    order.sort((a, b) => time[a] - time[b] || classOf[a] - classOf[b] || a - b);
    time.set(Float64Array.from(order, (i) => time[i]));
    classOf.set(Uint16Array.from(order, (i) => classOf[i]));
    rows.set(Uint32Array.from(order, (i) => rows[i]));
    return;
  }
  for (let i = 1; i < count; i++) {
    const t = time[i];
    const c = classOf[i];
    const row = rows[i];
    let j = i - 1;
    for (; j >= 0 && (time[j] > t || (time[j] === t && classOf[j] > c)); j--) {
      time[j + 1] = time[j];
      classOf[j + 1] = classOf[j];
      rows[j + 1] = rows[j];
    }
    time[j + 1] = t;
    classOf[j + 1] = c;
    rows[j + 1] = row;
  }
}
