import type { UnitEvents } from './journeys-events.ts';
import { JourneyList } from './journeys-list.ts';
import { orderedByLatestStart } from './journeys-ordered.ts';
import { orderedByLists } from './journeys-ordered-lists.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';
import { type JourneyFinder, makeJourneyFinder } from './journeys-tries.ts';

/**
 * Finds how far each of the units `from` … `to` went. Of the tries that reach a unit's greatest depth the one that gets there
 * first counts (of two at once, the later start). One pass over each unit's events, no object per event.
 */
export function journeys(
  events: UnitEvents,
  classes: EventClasses,
  rules: JourneyRules,
  from = events.first,
  to = events.units,
  into = new JourneyList(rules.steps, to - from),
): JourneyList {
  if (hasPlainRules(classes, rules)) {
    if (events.byClass && hasClassPerStep(classes))
      orderedByLists(events, events.byClass, classes, rules, from, to, into);
    else orderedByLatestStart(events, classes, rules, from, to, into);
    return into;
  }
  const finder = makeJourneyFinder(classes, rules);
  const { sessionGap } = rules;
  for (let unit = from; unit < to; unit++) {
    const count = events.read(unit);
    if (sessionGap === undefined) {
      findBetween(events, rules, finder, unit, 0, count, into);
      continue;
    }
    for (let start = 0, end = 0; start < count; start = end) {
      end = start + 1;
      while (end < count && events.time[end] - events.time[end - 1] <= sessionGap) end++;
      findBetween(events, rules, finder, unit, start, end, into);
    }
  }
  return into;
}

function hasPlainRules(classes: EventClasses, rules: JourneyRules): boolean {
  return (
    rules.order === 'ordered' &&
    rules.entry === 'best' &&
    !rules.repeat &&
    rules.sessionGap === undefined &&
    rules.entryPeriod === undefined &&
    rules.stepWindows === undefined &&
    (rules.exclusions === undefined || rules.exclusions.length === 0) &&
    classes.steps.every((steps) => steps.length < 2)
  );
}

/** Whether each step has one class at most, and classes come in the order of their steps, as `UnitEvents` has them at one time. */
function hasClassPerStep({ steps }: EventClasses): boolean {
  const own = steps.flat();
  return own.every((step, index) => index === 0 || step > own[index - 1]);
}

function findBetween(
  events: UnitEvents,
  rules: JourneyRules,
  finder: JourneyFinder,
  unit: number,
  from: number,
  to: number,
  into: JourneyList,
): void {
  if (rules.repeat) {
    let start = from;
    while (start < to) {
      finder.open(events, start, to);
      const counted = finder.find(0, finder.moments);
      if (finder.startedAt < 0) return;
      if (counted) into.add(unit, finder.depth, finder.path, events);
      const complete = counted && finder.depth === rules.steps;
      start = complete ? finder.lastPosition() + 1 : firstAfter(events, finder.startedAt, to, rules.window);
    }
    return;
  }
  finder.open(events, from, to);
  const { entryPeriod } = rules;
  if (entryPeriod === undefined) {
    if (finder.find(0, finder.moments)) into.add(unit, finder.depth, finder.path, events);
    return;
  }
  const periodOf = (moment: number): number => entryPeriod[events.rowAt(finder.eventOf(moment))];
  for (let first = 0, last = 0; first < finder.moments; first = last) {
    last = first + 1;
    while (last < finder.moments && periodOf(last) === periodOf(first)) last++;
    if (finder.find(first, last)) into.add(unit, finder.depth, finder.path, events);
    if (rules.entry === 'first' && finder.startedAt >= 0) return;
  }
}

function firstAfter({ time }: UnitEvents, startedAt: number, end: number, window: number): number {
  let position = startedAt + 1;
  while (position < end && time[position] - time[startedAt] <= window) position++;
  return position;
}
