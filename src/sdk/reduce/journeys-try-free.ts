import type { UnitEvents } from './journeys-events.ts';
import type { Moments } from './journeys-moments.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';
import { stepsReachedBy, type Try } from './journeys-try.ts';

/**
 * Steps in any order, except that an anchored one keeps its place: the steps fall into blocks (an anchored step alone, the
 * free ones between two anchors together) that follow one another. The k-th step of a path is the k-th taken.
 */
export function makeFreeTry(classes: EventClasses, rules: JourneyRules, moments: Moments): Try {
  const { steps, window } = rules;
  const blocks = blocksOf(steps, rules.anchored);
  const single = classes.steps.every((list) => list.length < 2);
  const path = new Int32Array(steps);
  const fill = single ? fillSingle : fillMatched;
  const attempt: Try = {
    depth: 0,
    path,
    openUntil: 0,
    laterStartWins: false,
    depthAt: (events, at) => stepsReachedBy(events, path, attempt.depth, at),
    run(events, moment) {
      if (!blocks[0].some((step) => moments.next(step, moment) === moment)) return false;
      const startTime = moments.timeOf(moment);
      let depth = 0;
      let at = moment;
      for (const block of blocks) {
        const filled = fill(events, block, at, startTime, depth);
        depth += filled;
        if (filled < block.length) break;
        at = momentOf(path[depth - 1], at);
      }
      attempt.depth = depth;
      attempt.openUntil = startTime + window;
      return depth > 0;
    },
  };

  /** The moment of an event that lies at or after moment `from`. */
  function momentOf(position: number, from: number): number {
    let low = from;
    let high = moments.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (moments.starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function fillSingle(
    events: UnitEvents,
    block: readonly number[],
    at: number,
    startTime: number,
    depth: number,
  ): number {
    let filled = 0;
    for (const step of block) {
      const found = moments.next(step, at);
      if (found >= moments.count || moments.timeOf(found) - startTime > window) continue;
      let position = moments.starts[found];
      while (classes.steps[events.classOf[position]][0] !== step) position++;
      // Insertion keeps the path in the order in which the steps were taken.
      let k = depth + filled++;
      for (; k > depth && path[k - 1] > position; k--) path[k] = path[k - 1];
      path[k] = position;
    }
    return filled;
  }

  /**
   * Events that can fill several steps: events are offered in the order of time and kept where the block's steps can still
   * be matched to all that were kept. The sets that can be matched form a matroid, so this greedy choice gives the most
   * steps, each as early as can be (Edmonds 1971).
   */
  function fillMatched(
    events: UnitEvents,
    block: readonly number[],
    at: number,
    startTime: number,
    depth: number,
  ): number {
    const index = new Map(block.map((step, i) => [step, i]));
    const eventOfStep = new Int32Array(block.length).fill(-1);
    const kept: number[] = [];
    const visited = new Uint8Array(block.length);
    const place = (position: number): boolean => {
      for (const step of classes.steps[events.classOf[position]]) {
        const slot = index.get(step);
        if (slot === undefined || visited[slot]) continue;
        visited[slot] = 1;
        if (eventOfStep[slot] < 0 || place(eventOfStep[slot])) {
          eventOfStep[slot] = position;
          return true;
        }
      }
      return false;
    };
    const used = new Set<number>();
    for (let k = 0; k < depth; k++) used.add(path[k]);
    // A step is open while an event for it could be kept: it is unfilled, or its event could move to another open step.
    const open = new Set(block);
    const settleOpen = (): void => {
      open.clear();
      for (const step of block) if (eventOfStep[index.get(step) as number] < 0) open.add(step);
      for (let grown = true; grown; ) {
        grown = false;
        for (const step of block) {
          if (open.has(step)) continue;
          const movable = classes.steps[events.classOf[eventOfStep[index.get(step) as number]]].some((other) =>
            open.has(other),
          );
          if (movable) open.add(step);
          grown ||= movable;
        }
      }
    };
    for (let moment = at; kept.length < block.length; moment++) {
      let soonest = moments.count;
      for (const step of open) soonest = Math.min(soonest, moments.next(step, moment));
      moment = soonest;
      if (moment >= moments.count || moments.timeOf(moment) - startTime > window) break;
      for (let position = moments.starts[moment]; position < moments.starts[moment + 1]; position++) {
        if (used.has(position) || !classes.steps[events.classOf[position]].some((step) => open.has(step))) continue;
        visited.fill(0);
        if (!place(position)) continue;
        kept.push(position);
        settleOpen();
      }
    }
    kept.forEach((position, k) => {
      path[depth + k] = position;
    });
    return kept.length;
  }

  return attempt;
}

function blocksOf(steps: number, anchored: readonly boolean[] | undefined): number[][] {
  const blocks: number[][] = [];
  let free: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (!anchored?.[step]) {
      free.push(step);
      continue;
    }
    if (free.length > 0) blocks.push(free);
    blocks.push([step]);
    free = [];
  }
  if (free.length > 0) blocks.push(free);
  return blocks;
}
