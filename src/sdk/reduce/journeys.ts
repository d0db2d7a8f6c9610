import type { UnitEvents } from './journeys-events.ts';
import { JourneyList } from './journeys-list.ts';
import { orderedByLatestStart } from './journeys-ordered.ts';
import { type JourneyFinder, makeJourneyFinder } from './journeys-tries.ts';

/** A stretch between two steps in which an event of this exclusion spoils a try; steps counted from 0, `from` < `to`. */
export interface JourneyExclusion {
  readonly from: number;
  readonly to: number;
}

/** What the classes of events mean: the steps an event of a class can fill (ascending) and the exclusions it counts for. */
export interface EventClasses {
  readonly steps: readonly (readonly number[])[];
  readonly exclusions: readonly (readonly number[])[];
}

/**
 * The rules of a journey through steps 0 … steps − 1.
 *
 * A try starts at an event that fills the first step (any step where the order is free) and takes the earliest event for
 * each further step. Each step needs an event of its own. Events at the same time count in their most favourable order.
 * The window runs from the try's first event, its end included.
 */
export interface JourneyRules {
  readonly steps: number;
  /** `ordered`: other events may lie between; `strict`: none may; `unordered`: any order, except around anchored steps. */
  readonly order: 'ordered' | 'strict' | 'unordered';
  /** Longest time from the first event of a try, in the unit of the times; Infinity for none. */
  readonly window: number;
  /** Longest time from the previous step, by step (entry 0 unused); Infinity for none. Not for `unordered`. */
  readonly stepWindows?: Float64Array;
  /** For `unordered`: true fixes a step at its place; the steps between two fixed ones come in any order. */
  readonly anchored?: readonly boolean[];
  /** `best`: every possible first event starts a try and the deepest counts; `first`: only the unit's first one does. */
  readonly entry: 'best' | 'first';
  readonly exclusions?: readonly JourneyExclusion[];
  /**
   * `leave`: a unit whose deepest tries are all spoilt leaves the journey altogether, first step included (unordered: the
   * spoilt tries alone are dropped). `stop`: a spoilt try counts up to the step it had reached.
   */
  readonly exclusionRule?: 'leave' | 'stop';
  /** True counts every try that does not overlap an earlier one of the unit, not the best one alone. */
  readonly repeat?: boolean;
  /** Cuts a unit's events into sessions wherever more time than this passes between two; each is a journey of its own. */
  readonly sessionGap?: number;
  /** By input row, the period in which a try that starts there is counted: each unit then has a journey for each period. */
  readonly entryPeriod?: Int32Array;
}

/** Journeys that got at least one step far, in unit order. */
export interface Journeys {
  readonly count: number;
  readonly steps: number;
  readonly unit: Uint32Array;
  /** How many steps were reached, at least 1. */
  readonly depth: Uint16Array;
  /** `rows[j * steps + k]`: the input row of the event that took the k-th step of journey j; −1 beyond its depth. */
  readonly rows: Int32Array;
}

/**
 * Finds how far each of the units `from` … `to` went. Of the tries that reach a unit's greatest depth the one that gets there
 * first counts (of two at once, the later start). One pass over each unit's events, no object per event.
 */
export function journeys(
  events: UnitEvents,
  classes: EventClasses,
  rules: JourneyRules,
  from = 0,
  to = events.units,
  into = new JourneyList(rules.steps, to - from),
): JourneyList {
  if (hasPlainRules(classes, rules)) {
    orderedByLatestStart(events, classes, rules, from, to, into);
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
