import { blocksOf, surveyRows } from './journeys-blocks.ts';
import { blockReader } from './journeys-blocks-reader.ts';
import { clusteredReader, isClustered } from './journeys-clustered.ts';
import type { JourneyEvents, UnitEvents } from './journeys-events.ts';
import { layOut, placeRows } from './journeys-placed.ts';

/**
 * Makes the reader. What is in order already is not sorted: a table that is clustered by unit is read as it lies; otherwise
 * the events are first placed by blocks of neighbouring units, and each block is put in order when it is reached.
 */
export function readUnits(events: JourneyEvents): UnitEvents {
  const rows = { start: 0, end: events.unit.length };
  const units = { first: 0, units: events.units };
  if (isClustered(events, rows)) return clusteredReader(events, units);
  const blocks = blocksOf(events);
  const room = layOut(events, blocks, [surveyRows(events, blocks, rows)], (bytes) => new ArrayBuffer(bytes));
  return blockReader(events, blocks, { ...room, counts: [placeRows(events, blocks, room, rows, 0)] }, units);
}
