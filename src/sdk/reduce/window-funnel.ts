import type { UnitEvents } from './journeys-events.ts';
import type { EventClasses } from './journeys-rules.ts';
import { makeTieGroup } from './journeys-tie-group.ts';

/** The modes of `windowFunnel` as ClickHouse names them. */
export type WindowFunnelMode =
  | 'strict_order'
  | 'strict_deduplication'
  | 'strict_increase'
  | 'strict_once'
  | 'allow_reentry';

/**
 * The level of each unit, as ClickHouse, Doris, StarRocks and Hologres define `windowFunnel(window, modes…)`: the most
 * conditions met in order within the window from an event of the first. One event may meet several conditions in a row,
 * unless `strict_once` forbids it. Conditions met at one time are read in their own order.
 *
 * - `strict_order`: an event that meets no condition, or one whose predecessor is not met, ends the chain; so does the first
 *   condition met again after the second, unless `allow_reentry`.
 * - `strict_deduplication`: a condition other than the first that is met again ends the chain.
 * - `strict_increase`: each condition must be met later than the one before. A chain that the first condition restarts
 *   at that very time is not lost.
 * - `strict_once`: each event counts once in a chain.
 */
export function windowFunnel(
  events: UnitEvents,
  classes: EventClasses,
  options: { readonly conditions: number; readonly window: number; readonly modes: readonly WindowFunnelMode[] },
): Uint16Array {
  const { conditions, window } = options;
  const has = (mode: WindowFunnelMode): boolean => options.modes.includes(mode);
  const strictOrder = has('strict_order');
  const deduplicate = has('strict_deduplication');
  const increase = has('strict_increase');
  const once = has('strict_once');
  const reentry = has('allow_reentry');
  const ties = makeTieGroup(classes, conditions);
  const levels = new Uint16Array(events.units);
  // Start of the latest chain that has met the conditions up to each; NaN where none has.
  const start = new Float64Array(conditions);
  const earlier = new Float64Array(conditions);
  const matched = new Float64Array(conditions);
  const path = new Int32Array(conditions);

  /** With `strict_once`: the starts of the chains that this moment's events, each used once, can extend to a condition. */
  const matchOnce = (from: number, to: number, now: number): void => {
    matched.fill(Number.NaN);
    for (let before = -1; before < conditions - 1; before++) {
      const first = before < 0 ? now : earlier[before];
      if (!(now - first <= window)) continue;
      const more = ties.take(events, from, to, before + 1, path);
      for (let k = before + 1; k <= before + more; k++) if (!(matched[k] > first)) matched[k] = first;
    }
  };

  /** The start of the chain that condition `condition`, met now, extends; NaN where it extends none. */
  const startFor = (condition: number): number => {
    if (increase) return earlier[condition - 1];
    return once ? matched[condition] : start[condition - 1];
  };

  const levelOf = (count: number): number => {
    const { time, classOf } = events;
    start.fill(Number.NaN);
    let level = 0;
    for (let from = 0, to = 0; from < count; from = to) {
      to = from + 1;
      while (to < count && time[to] === time[from]) to++;
      const now = time[from];
      earlier.set(start);
      if (once && !increase) matchOnce(from, to, now);
      for (const condition of conditionsMet(from, to, classOf, classes)) {
        if (condition < 0) {
          if (strictOrder && level > 0) return level;
          continue;
        }
        if (condition > 0 && deduplicate && !Number.isNaN(start[condition])) return level;
        if (condition === 0) {
          if (strictOrder && !reentry && conditions > 1 && !Number.isNaN(start[1])) return level;
          start[0] = now;
          level = Math.max(level, 1);
        } else {
          if (strictOrder && level > 0 && Number.isNaN(start[condition - 1])) return level;
          const first = startFor(condition);
          if (!(now - first <= window)) continue;
          start[condition] = first;
          level = Math.max(level, condition + 1);
        }
        if (level === conditions) return level;
      }
    }
    return level;
  };

  for (let unit = 0; unit < events.units; unit++) levels[unit] = levelOf(events.read(unit));
  return levels;
}

/** The conditions that the events of one moment meet, in their own order; −1 for an event that meets none. */
function conditionsMet(from: number, to: number, classOf: Uint16Array, classes: EventClasses): number[] {
  const met: number[] = [];
  for (let event = from; event < to; event++) {
    const own = classes.steps[classOf[event]];
    if (own.length === 0) met.push(-1);
    for (const condition of own) met.push(condition);
  }
  return met.sort((a, b) => a - b);
}
