import type { Moments } from './journeys-moments.ts';
import type { JourneyRules } from './journeys-rules.ts';
import type { TieGroup } from './journeys-tie-group.ts';
import { stepsReachedBy, type Try } from './journeys-try.ts';

/**
 * Strict: the steps are consecutive events. Of events at one time some may come before the try's first one, and those that
 * do not fill a step after its last; in between, every event of a moment must fill a step.
 */
export function makeStrictTry(rules: JourneyRules, moments: Moments, ties: TieGroup): Try {
  const { steps, window, stepWindows } = rules;
  const path = new Int32Array(steps);
  const trial = new Int32Array(steps);
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
      const most = ties.take(events, starts[moment], starts[moment + 1], 0, trial);
      attempt.depth = 0;
      // How many of the first moment's events the try takes is its own choice: each is tried, most first.
      for (let taken = most; taken > 0; taken--) {
        let depth = taken;
        let at = moment + 1;
        let previous = startTime;
        let openUntil = startTime + window;
        while (depth < steps && at < count) {
          const now = moments.timeOf(at);
          if (now - startTime > window) break;
          openUntil = now;
          if (stepWindows !== undefined && now - previous > stepWindows[depth]) break;
          const size = starts[at + 1] - starts[at];
          const filled = ties.take(events, starts[at], starts[at + 1], depth, trial);
          depth += filled;
          if (filled < size) break;
          openUntil = startTime + window;
          previous = now;
          at++;
        }
        if (depth > attempt.depth) {
          attempt.depth = depth;
          attempt.openUntil = openUntil;
          path.set(trial);
        }
      }
      return true;
    },
  };
  return attempt;
}
