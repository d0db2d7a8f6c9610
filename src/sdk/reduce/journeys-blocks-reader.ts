import type { Blocks } from './journeys-blocks.ts';
import { eventBuffer, FEW, sortEvents } from './journeys-event-buffer.ts';
import type { ClassLists, JourneyEvents, UnitEvents, UnitRange } from './journeys-events.ts';
import { columnsGroup, pairsGroup } from './journeys-groups.ts';
import type { PlacedEvents } from './journeys-placed.ts';

/** Reads units of events that have been placed by block; a block is put together by unit when one of its units is read. */
export function blockReader(
  { timeUnit }: JourneyEvents,
  blocks: Blocks,
  placed: PlacedEvents,
  range: UnitRange,
): UnitEvents {
  return placed.pairs
    ? pairsReader(placed, placed.pairs, blocks, timeUnit, range)
    : columnsReader(placed, blocks, timeUnit, range);
}

function pairsReader(
  placed: PlacedEvents,
  pairs: NonNullable<PlacedEvents['pairs']>,
  blocks: Blocks,
  timeUnit: number,
  range: UnitRange,
): UnitEvents {
  const group = pairsGroup(placed, pairs, blocks);
  const { firstTime, classBits } = pairs.format;
  const classes = 2 ** classBits;
  const low = 2 ** blocks.shift - 1;
  // Reading puts a unit's events in order where they lie, which mixes its classes.
  let mixed = false;
  const reader = eventBuffer(range, (buffer, unit) => {
    group.read(unit >>> blocks.shift);
    const { starts, words, rows: grouped } = group;
    const from = starts[(unit & low) * classes];
    const count = starts[((unit & low) + 1) * classes] - from;
    buffer.reserve(count);
    const { time, classOf, rows } = buffer;
    const few = count <= FEW;
    mixed ||= few;
    if (few) sortWords(words, grouped, from, from + count);
    for (let i = 0; i < count; i++) {
      const word = words[from + i];
      time[i] = (firstTime + (word >>> classBits)) * timeUnit;
      classOf[i] = word & (classes - 1);
      rows[i] = grouped[from + i];
    }
    if (!few) sortEvents(buffer, count);
    return count;
  });
  const byClass: ClassLists = {
    tickUnit: timeUnit,
    classBits,
    first: 0,
    starts: group.starts,
    words: group.words,
    rows: group.rows,
    take(unit) {
      if (mixed) group.forget();
      mixed = false;
      group.read(unit >>> blocks.shift);
      const first = (unit & low) * classes;
      byClass.first = first;
      byClass.words = group.words;
      byClass.rows = group.rows;
      return group.starts[first + classes] - group.starts[first];
    },
  };
  reader.byClass = byClass;
  return reader;
}

/** Few words in ascending order, their rows with them; equal ones stay in their order. */
function sortWords(words: Int32Array, rows: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const word = words[i];
    const row = rows[i];
    let j = i - 1;
    for (; j >= start && words[j] > word; j--) {
      words[j + 1] = words[j];
      rows[j + 1] = rows[j];
    }
    words[j + 1] = word;
    rows[j + 1] = row;
  }
}

function columnsReader(placed: PlacedEvents, blocks: Blocks, timeUnit: number, range: UnitRange): UnitEvents {
  const { time: times, classOf: classes, row } = placed.columns as NonNullable<PlacedEvents['columns']>;
  const group = columnsGroup(placed, blocks);
  const low = 2 ** blocks.shift - 1;
  return eventBuffer(range, (buffer, unit) => {
    group.read(unit >>> blocks.shift);
    const from = group.starts[unit & low];
    const count = group.starts[(unit & low) + 1] - from;
    buffer.reserve(count);
    const { time, classOf, rows } = buffer;
    for (let i = 0; i < count; i++) {
      const at = group.at[from + i];
      time[i] = times[at] * timeUnit;
      classOf[i] = classes[at];
      rows[i] = row[at];
    }
    sortEvents(buffer, count);
    return count;
  });
}
