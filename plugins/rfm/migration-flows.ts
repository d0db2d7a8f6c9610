import type { CustomerFacts } from './customer-facts.ts';

/** Segment code of who had not bought yet. */
export const NOT_YET = 255;

/** Segments and scores of one date, by customer code. */
export interface Snapshot {
  /** Wall-clock milliseconds. */
  readonly moment: number;
  /** Index into the rule table's segments, or `NOT_YET`. */
  readonly segments: Uint8Array;
  /** Sum of the three scores. */
  readonly points: Uint8Array;
  /** Money so far, in units of the facts' scale. */
  readonly units: Float64Array;
}

/** Who moved from which segment to which between two dates. Row `segments` of the matrix is "not yet a customer". */
export interface Flows {
  readonly segments: number;
  /** Customers by `from * segments + to`; `from` may be `segments`. */
  readonly customers: Uint32Array;
  /** What the customers of each cell had spent up to the earlier date, in units. */
  readonly units: Float64Array;
  /** Customers of the earlier date. */
  readonly known: number;
  /** Those of them who are in another segment now. */
  readonly moved: number;
  /** Those who moved and whose scores add up to less than before, and what they had spent. */
  readonly falling: number;
  readonly unitsAtStake: number;
}

/** Compares the first date with the last. `facts` are those of the last. */
export function flowsBetween(segments: number, facts: CustomerFacts, before: Snapshot, now: Snapshot): Flows {
  const customers = new Uint32Array((segments + 1) * segments);
  const units = new Float64Array(customers.length);
  let known = 0;
  let moved = 0;
  let falling = 0;
  let unitsAtStake = 0;
  for (const code of facts.codes) {
    const from = before.segments[code];
    const to = now.segments[code];
    const cell = (from === NOT_YET ? segments : from) * segments + to;
    customers[cell]++;
    if (from === NOT_YET) continue;
    units[cell] += before.units[code];
    known++;
    if (from === to) continue;
    moved++;
    if (now.points[code] < before.points[code]) {
      falling++;
      unitsAtStake += before.units[code];
    }
  }
  return { segments, customers, units, known, moved, falling, unitsAtStake };
}
