import type { Threads } from '../analysis.ts';
import { evenRanges, shared } from '../shared-memory.ts';
import { journeys } from './journeys.ts';
import { type Blocks, blocksOf, type Survey, surveyRows } from './journeys-blocks.ts';
import { blockReader } from './journeys-blocks-reader.ts';
import { clusteredReader, isClustered } from './journeys-clustered.ts';
import type { JourneyEvents, RowRange, UnitRange } from './journeys-events.ts';
import { JourneyList } from './journeys-list.ts';
import { layOut, type PlacedEvents, placeRows, type Room } from './journeys-placed.ts';
import type { EventClasses, JourneyRules, Journeys } from './journeys-rules.ts';

interface RowsPart {
  readonly events: JourneyEvents;
  readonly rows: RowRange;
}

interface SurveyPart extends RowsPart {
  readonly blocks: Blocks;
}

interface PlacePart extends SurveyPart {
  readonly room: Room;
  readonly part: number;
}

interface JourneysPart {
  readonly events: JourneyEvents;
  readonly classes: EventClasses;
  readonly rules: JourneyRules;
  readonly range: UnitRange;
  /** Absent where the table is clustered. */
  readonly placed?: { readonly blocks: Blocks; readonly events: PlacedEvents };
}

/** The kernels that `spreadJourneys` runs; a plugin that calls it has them among its own. */
export const journeyKernels = {
  journeysClustered: ({ events, rows }: RowsPart): boolean => isClustered(events, rows),

  journeysSurvey: ({ events, blocks, rows }: SurveyPart): Survey => surveyRows(events, blocks, rows),

  journeysPlace: ({ events, blocks, room, rows, part }: PlacePart): Uint32Array =>
    placeRows(events, blocks, room, rows, part),

  journeys({ events, classes, rules, range, placed }: JourneysPart): Journeys {
    const reader = placed ? blockReader(events, placed.blocks, placed.events, range) : clusteredReader(events, range);
    const expected = range.units - range.first;
    const into = new JourneyList(rules.steps, expected, (bytes) => new SharedArrayBuffer(bytes));
    const { count, steps, unit, depth, rows } = journeys(reader, classes, rules, range.first, range.units, into);
    return {
      count,
      steps,
      unit: unit.subarray(0, count),
      depth: depth.subarray(0, count),
      rows: rows.subarray(0, count * steps),
    };
  },
};

/** Several parts for each thread let one that is held up leave its work to the others; small ones are not worth their messages. */
const MOST_PARTS = 4;
const ROWS_IN_PART = 1_000_000;

function partsFor(rows: number, threads: number): number {
  return threads * Math.max(1, Math.min(MOST_PARTS, Math.round(rows / threads / ROWS_IN_PART)));
}

/**
 * The journeys of all units, found on all threads: each places the events of a range of rows, then reads units. The same as
 * `journeys`, however many threads there are. Where `worthSpreading`.
 */
export async function spreadJourneys(
  threads: Threads,
  given: JourneyEvents,
  classes: EventClasses,
  rules: JourneyRules,
): Promise<Journeys> {
  const events = { ...given, unit: shared(given.unit), time: shared(given.time), code: shared(given.code) };
  const sharedRules = rules.entryPeriod ? { ...rules, entryPeriod: shared(rules.entryPeriod) } : rules;
  const parts = partsFor(events.unit.length, threads.threads);
  const ranges = evenRanges(events.unit.length, parts).map(([start, end]): RowRange => ({ start, end }));
  const find = (units: readonly UnitRange[], placed?: JourneysPart['placed']): Promise<Journeys[]> =>
    threads.spread<Journeys>(
      'journeys',
      units.map((range): JourneysPart => ({ events, classes, rules: sharedRules, range, placed })),
    );
  if (await isClusteredBy(threads, events, ranges)) {
    return joined(await find(clusteredUnits(events, parts)), rules.steps);
  }
  const blocks = blocksOf(events);
  const surveys = await threads.spread<Survey>(
    'journeysSurvey',
    ranges.map((rows): SurveyPart => ({ events, blocks, rows })),
  );
  const room = layOut(events, blocks, surveys, (bytes) => new SharedArrayBuffer(bytes));
  const counts = await threads.spread<Uint32Array>(
    'journeysPlace',
    ranges.map((rows, part): PlacePart => ({ events, blocks, rows, room, part })),
  );
  return joined(
    await find(unitsByBlock(events, blocks, counts, parts), { blocks, events: { ...room, counts } }),
    rules.steps,
  );
}

/** Rows that show at once that a table is not clustered. */
const FIRST_ROWS = 4096;

async function isClusteredBy(threads: Threads, events: JourneyEvents, ranges: readonly RowRange[]): Promise<boolean> {
  if (!isClustered(events, { start: 0, end: Math.min(FIRST_ROWS, events.unit.length) })) return false;
  // Each range looks at the first row of the next one too.
  const { length } = events.unit;
  const clustered = await threads.spread<boolean>(
    'journeysClustered',
    ranges.map(({ start, end }): RowsPart => ({ events, rows: { start, end: Math.min(length, end + 1) } })),
  );
  return clustered.every(Boolean);
}

/** About `parts` ranges of units with equally many events each, where the codes ascend. */
function clusteredUnits({ unit, units }: JourneyEvents, parts: number): UnitRange[] {
  return rangesBetween(
    evenRanges(unit.length, parts).map(([start]) => unit[start]),
    units,
  );
}

/** About `parts` ranges of whole blocks with equally many events each. */
function unitsByBlock(
  { units }: JourneyEvents,
  { shift, count }: Blocks,
  counts: readonly Uint32Array[],
  parts: number,
): UnitRange[] {
  const before = new Float64Array(count + 1);
  for (let block = 0; block < count; block++)
    before[block + 1] = counts.reduce((sum, ofPart) => sum + ofPart[block], before[block]);
  const starts = evenRanges(before[count], parts).map(([start]) => before.findIndex((sum) => sum > start) - 1);
  return rangesBetween(
    starts.map((block) => block * 2 ** shift),
    units,
  );
}

/** The ranges that begin at 0 and at each of `starts`. */
function rangesBetween(starts: readonly number[], units: number): UnitRange[] {
  const edges = [...new Set([0, ...starts.filter((start) => start > 0), units])];
  return edges.slice(1).map((end, index) => ({ first: edges[index], units: end }));
}

function joined(parts: readonly Journeys[], steps: number): Journeys {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const unit = new Uint32Array(count);
  const depth = new Uint16Array(count);
  const rows = new Int32Array(count * steps);
  let at = 0;
  for (const part of parts) {
    unit.set(part.unit, at);
    depth.set(part.depth, at);
    rows.set(part.rows, at * steps);
    at += part.count;
  }
  return { count, steps, unit, depth, rows };
}
