import type { JourneyEvents, RowRange } from './journeys-events.ts';
import { PIECE, pieceReader } from './journeys-pieces.ts';

/** Units fall into blocks of 2^`shift` neighbours: so few that a block's events stay in the cache while they are put in order. */
export interface Blocks {
  readonly shift: number;
  readonly count: number;
}

/** A block's events fit the cache of a core; with more blocks than these their ends would not. */
const EVENTS_IN_BLOCK = 20_000;
const MOST_BLOCKS = 1024;
/** A unit's place in its block is kept in 16 bits. */
const WIDEST = 16;

export function blocksOf({ units, unit }: JourneyEvents): Blocks {
  const wanted = Math.min(MOST_BLOCKS, Math.max(1, unit.length / EVENTS_IN_BLOCK));
  let shift = 0;
  while (shift < WIDEST && units / 2 ** shift > wanted) shift++;
  return { shift, count: Math.ceil(units / 2 ** shift) };
}

/** What one look at a range of rows finds. */
export interface Survey {
  /** Rows by block, those of events that fill no step too. */
  readonly counts: Uint32Array;
  /** The times of all rows, as stored. */
  readonly earliest: number;
  readonly latest: number;
  readonly whole: boolean;
}

/** Looks at a range of rows. */
export function surveyRows(events: JourneyEvents, { shift, count }: Blocks, rows: RowRange): Survey {
  const { units: limit } = events;
  const fractional = events.time instanceof Float64Array || events.time instanceof Float32Array;
  const counts = new Uint32Array(count);
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  let whole = true;
  const unitsOf = pieceReader(events.unit, new Uint32Array(PIECE));
  const timesOf = pieceReader(events.time, new Float64Array(PIECE));
  for (let from = rows.start; from < rows.end; from += PIECE) {
    const to = Math.min(rows.end, from + PIECE);
    const unit = unitsOf(from, to);
    const time = timesOf(from, to);
    for (let i = 0; i < to - from; i++) {
      const u = unit[i];
      if (u < limit) counts[u >>> shift]++;
      const t = time[i];
      if (t < earliest) earliest = t;
      if (t > latest) latest = t;
    }
    if (fractional && whole) whole = time.subarray(0, to - from).every(Number.isInteger);
  }
  return { counts, earliest, latest, whole };
}
