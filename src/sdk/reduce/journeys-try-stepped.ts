import type { Moments } from './journeys-moments.ts';
import type { JourneyRules } from './journeys-rules.ts';
import type { TieGroup } from './journeys-tie-group.ts';
import { stepsReachedBy, type Try } from './journeys-try.ts';

/**
 * Ordered with a window of its own for some steps: the earliest event of a step may be too early for the next one, so for
 * each depth the latest event that has reached it is kept as well as the first path to the greatest depth.
 */
export function makeSteppedTry(rules: JourneyRules, moments: Moments, ties: TieGroup): Try {
  const { steps, window } = rules;
  const stepWindows = rules.stepWindows as Float64Array;
  const path = new Int32Array(steps);
  const found = new Int32Array(steps);
  const paths = new Int32Array(steps * steps);
  const lastTime = new Float64Array(steps);
  const attempt: Try = {
    depth: 0,
    path,
    openUntil: 0,
    laterStartWins: true,
    depthAt: (events, at) => stepsReachedBy(events, path, attempt.depth, at),
    run(events, moment) {
      if (moments.next(0, moment) !== moment) return false;
      const { starts, count } = moments;
      const startTime = moments.timeOf(moment);
      lastTime.fill(Number.NaN);
      attempt.depth = 0;
      attempt.openUntil = startTime + window;
      const reach = (before: number, more: number, now: number): void => {
        for (let k = 1; k <= more; k++) {
          const reached = before + k;
          const keep =
            lastTime[reached] === now ||
            (reached + 1 < steps &&
              stepWindows[reached + 1] === Number.POSITIVE_INFINITY &&
              !Number.isNaN(lastTime[reached]));
          if (!keep) {
            lastTime[reached] = now;
            for (let i = 0; i <= before; i++) paths[reached * steps + i] = paths[before * steps + i];
            for (let i = before + 1; i <= reached; i++) paths[reached * steps + i] = found[i];
          }
          if (reached + 1 > attempt.depth) {
            attempt.depth = reached + 1;
            for (let i = 0; i <= reached; i++) path[i] = paths[reached * steps + i];
          }
        }
      };
      reach(-1, ties.take(events, starts[moment], starts[moment + 1], 0, found), startTime);
      for (let at = moment + 1; at < count && attempt.depth < steps; at++) {
        const now = moments.timeOf(at);
        if (now - startTime > window) break;
        for (let before = Math.min(attempt.depth, steps - 1) - 1; before >= 0; before--) {
          if (!(now - lastTime[before] <= stepWindows[before + 1])) continue;
          if (moments.next(before + 1, at) !== at) continue;
          if (lastTime[before] === now) continue;
          reach(before, ties.take(events, starts[at], starts[at + 1], before + 1, found), now);
        }
      }
      return true;
    },
  };
  return attempt;
}
