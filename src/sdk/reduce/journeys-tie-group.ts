import type { UnitEvents } from './journeys-events.ts';
import type { EventClasses } from './journeys-rules.ts';

/** Takes consecutive steps with the events of one moment. */
export interface TieGroup {
  /**
   * How many of the steps `step`, `step + 1`, … the events `from … to` (all at one time) can fill, each with an event of its
   * own; writes the event of each into `path` from index `step` on.
   */
  take(events: UnitEvents, from: number, to: number, step: number, path: Int32Array): number;
}

/**
 * Events at one time count in their most favourable order. Where an event can fill one step only that is a look-up;
 * elsewhere it is a matching of steps to events, found by augmenting paths (Kuhn 1955) one step at a time.
 */
export function makeTieGroup(classes: EventClasses, steps: number): TieGroup {
  const fills = classes.steps.map((list) => {
    const flags = new Uint8Array(steps);
    for (const step of list) flags[step] = 1;
    return flags;
  });
  const single = classes.steps.every((list) => list.length < 2);

  const takeSingle: TieGroup['take'] = ({ classOf }, from, to, step, path) => {
    let next = step;
    for (; next < steps; next++) {
      let i = from;
      while (i < to && fills[classOf[i]][next] === 0) i++;
      if (i === to) break;
      path[next] = i;
    }
    return next - step;
  };

  const takeMatched: TieGroup['take'] = ({ classOf }, from, to, step, path) => {
    if (to - from === 1) {
      if (fills[classOf[from]][step] === 0) return 0;
      path[step] = from;
      return 1;
    }
    const stepOfEvent = new Int32Array(to - from).fill(-1);
    const visited = new Uint8Array(to - from);
    const augment = (wanted: number): boolean => {
      for (let i = from; i < to; i++) {
        const event = i - from;
        if (visited[event] || fills[classOf[i]][wanted] === 0) continue;
        visited[event] = 1;
        if (stepOfEvent[event] < 0 || augment(stepOfEvent[event])) {
          stepOfEvent[event] = wanted;
          return true;
        }
      }
      return false;
    };
    let next = step;
    while (next < steps && augment(next)) {
      next++;
      visited.fill(0);
    }
    for (let event = 0; event < stepOfEvent.length; event++)
      if (stepOfEvent[event] >= 0) path[stepOfEvent[event]] = from + event;
    return next - step;
  };

  return { take: single ? takeSingle : takeMatched };
}
