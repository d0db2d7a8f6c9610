import type { UnitEvents } from './journeys-events.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';
import type { Try } from './journeys-try.ts';

/** The time that stands for "not spoilt". */
export const WHOLE = Number.POSITIVE_INFINITY;

/** Tells whether an exclusion spoils a try. */
export interface ExclusionTest {
  /** Notes the exclusion events of one unit; false where it has none. */
  read(events: UnitEvents, from: number, to: number): boolean;
  /** The time of the first event that spoils the try; `WHOLE` where none does. */
  hitAt(events: UnitEvents, attempt: Try): number;
}

/**
 * An exclusion between two steps spoils a try when one of its events lies after the first of them and before the second;
 * where the second was not reached, up to the end of the try's window. An event at the very time of either step is harmless,
 * as the favourable order has it outside.
 */
export function makeExclusionTest(classes: EventClasses, rules: JourneyRules): ExclusionTest {
  const exclusions = rules.exclusions ?? [];
  const free = rules.order === 'unordered';
  const times: number[][] = exclusions.map(() => []);
  return {
    read({ time, classOf }, from, to) {
      if (exclusions.length === 0) return false;
      let any = false;
      for (const list of times) list.length = 0;
      for (let i = from; i < to; i++) {
        for (const exclusion of classes.exclusions[classOf[i]]) {
          times[exclusion].push(time[i]);
          any = true;
        }
      }
      return any;
    },
    hitAt({ time }, attempt) {
      let earliest = WHOLE;
      for (let e = 0; e < exclusions.length; e++) {
        const first = free ? 0 : exclusions[e].from;
        const second = exclusions[e].to;
        if (first >= attempt.depth) continue;
        const after = time[attempt.path[first]];
        const reached = second < attempt.depth;
        const before = reached ? time[attempt.path[second]] : attempt.openUntil;
        const at = firstAbove(times[e], after);
        if (at < before || (!reached && at === before)) earliest = Math.min(earliest, at);
      }
      return earliest;
    },
  };
}

function firstAbove(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low < sorted.length ? sorted[low] : Number.NaN;
}
