import type { EventClasses, JourneyRules } from './journeys.ts';
import type { UnitEvents } from './journeys-events.ts';
import type { Moments } from './journeys-moments.ts';
import { makeTieGroup } from './journeys-tie-group.ts';
import { makeFreeTry } from './journeys-try-free.ts';
import { makeSteppedTry } from './journeys-try-stepped.ts';
import { makeStrictTry } from './journeys-try-strict.ts';

/** One try: how far a journey that starts at a given moment gets. The fields hold the outcome of the last `run`. */
export interface Try {
  /** False where no try can start at `moment`. */
  run(events: UnitEvents, moment: number): boolean;
  depth: number;
  /** The event of the k-th step reached. */
  readonly path: Int32Array;
  /** The last time at which the try could still have gone on. */
  openUntil: number;
  /** Whether, of tries that get equally far at once, the later start is the one to report. */
  readonly laterStartWins: boolean;
  /** How many steps had been reached at time `at`. */
  depthAt(events: UnitEvents, at: number): number;
}

/** The steps of a path that lie at or before `at`. */
export function stepsReachedBy({ time }: UnitEvents, path: Int32Array, depth: number, at: number): number {
  let reached = 0;
  while (reached < depth && time[path[reached]] <= at) reached++;
  return reached;
}

/** The way of trying that the rules ask for. */
export function makeTry(classes: EventClasses, rules: JourneyRules, moments: Moments): Try {
  const ties = makeTieGroup(classes, rules.steps);
  if (rules.order === 'unordered') return makeFreeTry(classes, rules, moments);
  if (rules.order === 'strict') return makeStrictTry(rules, moments, ties);
  if (rules.stepWindows !== undefined) return makeSteppedTry(rules, moments, ties);
  return makeOrderedTry(rules, moments, ties);
}

/** Ordered: from step to step by the jump table, to the earliest event each. */
function makeOrderedTry(rules: JourneyRules, moments: Moments, ties: ReturnType<typeof makeTieGroup>): Try {
  const { steps, window } = rules;
  const path = new Int32Array(steps);
  const attempt: Try = {
    depth: 0,
    path,
    openUntil: 0,
    laterStartWins: true,
    depthAt: (events, at) => stepsReachedBy(events, path, attempt.depth, at),
    run(events, moment) {
      if (moments.next(0, moment) !== moment) return false;
      const { starts } = moments;
      const startTime = moments.timeOf(moment);
      let depth = 0;
      let at = moment;
      while (true) {
        depth += ties.take(events, starts[at], starts[at + 1], depth, path);
        if (depth === steps) break;
        at = moments.next(depth, at + 1);
        if (at >= moments.count || moments.timeOf(at) - startTime > window) break;
      }
      attempt.depth = depth;
      attempt.openUntil = startTime + window;
      return true;
    },
  };
  return attempt;
}
