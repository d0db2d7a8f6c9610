import type { Threads } from '../analysis.ts';
import { evenRanges, shared } from '../shared-memory.ts';
import { journeys } from './journeys.ts';
import { type JourneyEvents, readUnits, type UnitRange } from './journeys-events.ts';
import type { EventClasses, JourneyRules, Journeys } from './journeys-rules.ts';

interface JourneysPart {
  readonly events: JourneyEvents;
  readonly classes: EventClasses;
  readonly rules: JourneyRules;
  readonly range: UnitRange;
}

/** The kernel that `spreadJourneys` runs; a plugin that calls it has it among its own. */
export const journeyKernels = {
  journeys({ events, classes, rules, range }: JourneysPart): Journeys {
    const { count, steps, unit, depth, rows } = journeys(readUnits(events, range), classes, rules);
    return {
      count,
      steps,
      unit: unit.slice(0, count),
      depth: depth.slice(0, count),
      rows: rows.slice(0, count * steps),
    };
  },
};

/**
 * The journeys of all units, found on all threads: each reads all events and places those of its own units. The same as
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
  const parts = evenRanges(events.units, threads.threads).map(
    ([first, units]): JourneysPart => ({ events, classes, rules: sharedRules, range: { first, units } }),
  );
  return joined(await threads.spread<Journeys>('journeys', parts), rules.steps);
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
