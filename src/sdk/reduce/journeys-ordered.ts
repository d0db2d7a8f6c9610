import type { UnitEvents } from './journeys-events.ts';
import type { JourneyList } from './journeys-list.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';

/**
 * Ordered journeys without exclusions where each event fills at most one step: for each depth it is enough to keep the
 * latest start that has reached it, because whatever an earlier start can still reach, the later one can too. One pass.
 */
export function orderedByLatestStart(
  events: UnitEvents,
  classes: EventClasses,
  rules: JourneyRules,
  from: number,
  to: number,
  into: JourneyList,
): void {
  const { steps, window } = rules;
  const stepOf = Int32Array.from(classes.steps, (list) => list[0] ?? -1);
  const start = new Int32Array(steps);
  const path = new Int32Array(steps);
  for (let unit = from; unit < to; unit++) {
    const count = events.read(unit);
    const { time, classOf } = events;
    let depth = 0;
    let bestStart = 0;
    for (let i = 0; i < count; i++) {
      const step = stepOf[classOf[i]];
      // Only depths up to the best so far have a start from this unit.
      if (step < 0 || step > depth) continue;
      if (step > 0) {
        const since = start[step - 1];
        if (time[i] - time[since] > window) continue;
        start[step] = since;
      } else start[0] = i;
      if (step === depth) {
        bestStart = start[step];
        depth++;
        if (depth === steps) break;
      }
    }
    if (depth === 0) continue;
    for (let k = 0, i = bestStart; k < depth; i++) if (stepOf[classOf[i]] === k) path[k++] = i;
    into.add(unit, depth, path, events);
  }
}
