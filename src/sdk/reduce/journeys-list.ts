import type { UnitEvents } from './journeys-events.ts';
import type { Journeys } from './journeys-rules.ts';

/** Journeys as they are found, in columns that grow. */
export class JourneyList implements Journeys {
  count = 0;
  readonly steps: number;
  unit: Uint32Array;
  depth: Uint16Array;
  rows: Int32Array;

  constructor(steps: number, expected = 1024) {
    const capacity = Math.max(16, expected);
    this.steps = steps;
    this.unit = new Uint32Array(capacity);
    this.depth = new Uint16Array(capacity);
    this.rows = new Int32Array(capacity * steps);
  }

  /** Appends a journey whose k-th step was taken by the event at `path[k]`, an index into the unit that `events` last read. */
  add(unit: number, depth: number, path: Int32Array, events: UnitEvents): void {
    if (this.count === this.unit.length) this.grow();
    const index = this.count++;
    this.unit[index] = unit;
    this.depth[index] = depth;
    const base = index * this.steps;
    for (let k = 0; k < this.steps; k++) this.rows[base + k] = k < depth ? events.rowAt(path[k]) : -1;
  }

  private grow(): void {
    const capacity = this.unit.length * 2;
    const unit = new Uint32Array(capacity);
    const depth = new Uint16Array(capacity);
    const rows = new Int32Array(capacity * this.steps);
    unit.set(this.unit);
    depth.set(this.depth);
    rows.set(this.rows);
    this.unit = unit;
    this.depth = depth;
    this.rows = rows;
  }
}
