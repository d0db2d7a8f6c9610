import type { UnitEvents } from './journeys-events.ts';
import { makeExclusionTest, WHOLE } from './journeys-exclusions.ts';
import { type Moments, makeMoments } from './journeys-moments.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';
import { makeTieGroup } from './journeys-tie-group.ts';
import type { Try } from './journeys-try.ts';
import { makeFreeTry } from './journeys-try-free.ts';
import { makeOrderedTry } from './journeys-try-ordered.ts';
import { makeSteppedTry } from './journeys-try-stepped.ts';
import { makeStrictTry } from './journeys-try-strict.ts';

/** Finds journeys of one unit, try by try. `depth` and `path` hold the outcome of the last `find`. */
export interface JourneyFinder {
  /** Takes up the events `from … to` of the unit last read. */
  open(events: UnitEvents, from: number, to: number): void;
  /** How many moments the events lie at; a try starts at a moment. */
  readonly moments: number;
  /** The first event of a moment. */
  eventOf(moment: number): number;
  /** The journey among the tries that start at moments `first … last` (the last left out); false where there is none. */
  find(first: number, last: number): boolean;
  readonly depth: number;
  readonly path: Int32Array;
  /** The event at which the first try began; −1 where there was none at all. */
  readonly startedAt: number;
  /** The last event that the journey used. */
  lastPosition(): number;
}

/** A finder for any rules. A try costs about one look-up a step, so a unit costs its number of events. */
export function makeJourneyFinder(classes: EventClasses, rules: JourneyRules): JourneyFinder {
  const moments = makeMoments(classes, rules.steps);
  const attempt = makeTry(classes, rules, moments);
  const exclusions = makeExclusionTest(classes, rules);
  const firstOnly = rules.repeat === true || rules.entry === 'first';
  const leaves = rules.exclusionRule !== 'stop';
  // In a free order only the spoilt tries are dropped; in an ordered journey the greatest depth of all tries decides.
  const spoiltCount = leaves && rules.order !== 'unordered';
  const best = new Int32Array(rules.steps);
  let events: UnitEvents;
  let spoilable = false;

  const state = {
    moments: 0,
    depth: 0,
    path: best,
    startedAt: -1,
    eventOf: (moment: number): number => moments.starts[moment],
    lastPosition(): number {
      let last = -1;
      for (let k = 0; k < state.depth; k++) if (best[k] > last) last = best[k];
      return last;
    },
    open(of: UnitEvents, from: number, to: number): void {
      events = of;
      moments.read(events, from, to);
      spoilable = exclusions.read(events, from, to);
      state.moments = moments.count;
    },
    find(first: number, last: number): boolean {
      const { time } = events;
      state.depth = 0;
      state.startedAt = -1;
      let clean = false;
      let reachedAt = 0;
      for (let moment = first; moment < last; moment++) {
        if (!attempt.run(events, moment)) continue;
        if (state.startedAt < 0) state.startedAt = moments.starts[moment];
        let { depth } = attempt;
        const hitAt = spoilable ? exclusions.hitAt(events, attempt) : WHOLE;
        const spoilt = leaves && hitAt !== WHOLE;
        if (!leaves && hitAt !== WHOLE) depth = attempt.depthAt(events, hitAt);
        if (!spoilt || spoiltCount) {
          const at = time[attempt.path[depth - 1]];
          // Of equally deep tries the first to get there counts, and of those that get there at once the later start.
          const earlier = at < reachedAt || (at === reachedAt && attempt.laterStartWins);
          if (depth > state.depth || (depth === state.depth && !spoilt && (!clean || earlier))) {
            state.depth = depth;
            clean = !spoilt;
            reachedAt = at;
            for (let k = 0; k < depth; k++) best[k] = attempt.path[k];
          }
        }
        if (firstOnly) break;
        if (clean && state.depth === rules.steps && moments.timeOf(moment) > reachedAt) break;
      }
      return clean && state.depth > 0;
    },
  };
  return state;
}

/** The way of trying that the rules ask for. */
function makeTry(classes: EventClasses, rules: JourneyRules, moments: Moments): Try {
  const ties = makeTieGroup(classes, rules.steps);
  if (rules.order === 'unordered') return makeFreeTry(classes, rules, moments);
  if (rules.order === 'strict') return makeStrictTry(rules, moments, ties);
  if (rules.stepWindows !== undefined) return makeSteppedTry(rules, moments, ties);
  return makeOrderedTry(rules, moments, ties);
}
