import type { ClassLists, UnitEvents } from './journeys-events.ts';
import type { JourneyList } from './journeys-list.ts';
import { orderedByLatestStart } from './journeys-ordered.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';

/** A unit of more events than these is quicker put in order: every event of a step is held against all of the step before. */
const FEW = 64;
const NEVER = 0x7fff_ffff;

/**
 * The same as `orderedByLatestStart` without putting events in order: for each event of a step the latest start is found among
 * the events of the step before. Which event is sooner cannot be foretold, so comparisons go by the sign bit, without a branch.
 */
export function orderedByLists(
  events: UnitEvents,
  lists: ClassLists,
  classes: EventClasses,
  rules: JourneyRules,
  from: number,
  to: number,
  into: JourneyList,
): void {
  const { steps } = rules;
  const { classBits } = lists;
  // Class 0 has no step: its list is passed over.
  const classOfStep = Int32Array.from({ length: steps }, (_, step) =>
    classes.steps.findIndex((own) => own[0] === step),
  );
  const window = Math.min(Math.floor(rules.window / lists.tickUnit), 0x3fff_ffff);
  const reached = new Int32Array(FEW);
  const path = new Int32Array(steps);
  const firstOf = new Int32Array(steps);
  const endOf = new Int32Array(steps);
  for (let unit = from; unit < to; unit++) {
    const count = lists.take(unit);
    if (count === 0) continue;
    if (count > FEW) {
      orderedByLatestStart(events, classes, rules, unit, unit + 1, into);
      continue;
    }
    const { starts, first, words, rows } = lists;
    const base = starts[first];
    for (let step = 0; step < steps; step++) {
      const c = classOfStep[step];
      firstOf[step] = c < 0 ? base : starts[first + c];
      endOf[step] = c < 0 ? base : starts[first + c + 1];
    }
    if (firstOf[0] === endOf[0]) continue;
    let bestStart = NEVER;
    for (let i = firstOf[0]; i < endOf[0]; i++) {
      const tick = words[i] >>> classBits;
      reached[i - base] = tick;
      const later = tick - bestStart;
      bestStart += later & (later >> 31);
    }
    let depth = 1;
    for (; depth < steps; depth++) {
      const before = firstOf[depth - 1];
      const beforeEnd = endOf[depth - 1];
      let soonest = NEVER;
      let startOfSoonest = -1;
      for (let i = firstOf[depth]; i < endOf[depth]; i++) {
        const tick = words[i] >>> classBits;
        let latest = -1;
        for (let j = before; j < beforeEnd; j++) {
          // −1 where the event before is later than this one.
          const start = reached[j - base] | ((tick - (words[j] >>> classBits)) >> 31);
          const behind = latest - start;
          latest -= behind & (behind >> 31);
        }
        // −1 where there is no start, or it is too long ago.
        latest |= (window - (tick - latest)) >> 31;
        reached[i - base] = latest;
        const sooner = ((tick - soonest) & ~latest) >> 31;
        soonest += (tick - soonest) & sooner;
        startOfSoonest += (latest - startOfSoonest) & sooner;
      }
      if (startOfSoonest < 0) break;
      bestStart = startOfSoonest;
    }
    for (let i = firstOf[0]; i < endOf[0]; i++) {
      if (words[i] >>> classBits !== bestStart) continue;
      path[0] = rows[i];
      // Of starts at one time the last is the latest; who got no further has begun with the first.
      if (depth === 1) break;
    }
    let now = bestStart;
    for (let step = 1; step < depth; step++) {
      let soonest = NEVER;
      let at = 0;
      for (let i = firstOf[step]; i < endOf[step]; i++) {
        const tick = words[i] >>> classBits;
        const sooner = ((tick - soonest) & (now - tick - 1)) >> 31;
        soonest += (tick - soonest) & sooner;
        at += (i - at) & sooner;
      }
      path[step] = rows[at];
      now = soonest;
    }
    into.addRows(unit, depth, path);
  }
}
