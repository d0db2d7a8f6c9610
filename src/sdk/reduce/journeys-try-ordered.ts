import type { Moments } from './journeys-moments.ts';
import type { JourneyRules } from './journeys-rules.ts';
import type { TieGroup } from './journeys-tie-group.ts';
import { stepsReachedBy, type Try } from './journeys-try.ts';

/** Ordered: from step to step by the jump table, to the earliest event each. */
export function makeOrderedTry(rules: JourneyRules, moments: Moments, ties: TieGroup): Try {
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
