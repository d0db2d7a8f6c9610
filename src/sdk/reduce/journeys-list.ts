import type { UnitEvents } from './journeys-events.ts';
import type { Journeys } from './journeys-rules.ts';

/** Journeys as they are found, in columns that grow. */
export class JourneyList implements Journeys {
  count = 0;
  readonly steps: number;
  unit: Uint32Array;
  depth: Uint16Array;
  rows: Int32Array;
  private readonly memory: (bytes: number) => ArrayBufferLike;

  constructor(
    steps: number,
    expected = 1024,
    memory: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
  ) {
    const capacity = Math.max(16, expected);
    this.steps = steps;
    this.memory = memory;
    this.unit = new Uint32Array(memory(capacity * 4));
    this.depth = new Uint16Array(memory(capacity * 2));
    this.rows = new Int32Array(memory(capacity * steps * 4));
  }

  /** Appends a journey whose k-th step was taken by the event at `path[k]`, an index into the unit that `events` last read. */
  add(unit: number, depth: number, path: Int32Array, events: UnitEvents): void {
    const base = this.begin(unit, depth);
    for (let k = 0; k < this.steps; k++) this.rows[base + k] = k < depth ? events.rowAt(path[k]) : -1;
  }

  /** Appends a journey whose k-th step was taken by row `path[k]`. */
  addRows(unit: number, depth: number, path: Int32Array): void {
    const base = this.begin(unit, depth);
    for (let k = 0; k < this.steps; k++) this.rows[base + k] = k < depth ? path[k] : -1;
  }

  /** Begins a journey and gives the place of its rows. */
  private begin(unit: number, depth: number): number {
    if (this.count === this.unit.length) this.grow();
    const index = this.count++;
    this.unit[index] = unit;
    this.depth[index] = depth;
    return index * this.steps;
  }

  private grow(): void {
    const capacity = this.unit.length * 2;
    const unit = new Uint32Array(this.memory(capacity * 4));
    const depth = new Uint16Array(this.memory(capacity * 2));
    const rows = new Int32Array(this.memory(capacity * this.steps * 4));
    unit.set(this.unit);
    depth.set(this.depth);
    rows.set(this.rows);
    this.unit = unit;
    this.depth = depth;
    this.rows = rows;
  }
}
