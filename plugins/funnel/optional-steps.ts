import type { FunnelRun } from './funnel-run.ts';
import type { Step } from './steps.ts';

/** What came of one step that need not happen. */
export interface OptionalStep {
  readonly step: Step;
  /** The step that must happen before it, counted from 0 among those that must. */
  readonly after: number;
  /** Customers who reached the step before it. */
  readonly before: number;
  /** Those of them who did it. */
  readonly did: number;
  /** Who converted, of those who did it and of those who did not. */
  readonly convertedWith: number;
  readonly convertedWithout: number;
  /** Seconds from the step before, of those who did it. */
  readonly seconds: Float64Array;
}

export interface OptionalOutcome {
  readonly steps: readonly OptionalStep[];
  /** Customers who took every step, those that need not happen too. */
  readonly convertedWithAll: number;
}

/**
 * Looks for the steps that need not happen on the way of each journey: after the step before that must happen (and after
 * what was found of those in between), before the next one that must, or, where that was not reached, within the window. Each
 * needs an event of its own that no other step has used. They never change how far a journey got.
 */
export function optionalOutcome(run: FunnelRun): OptionalOutcome | undefined {
  const { optional, journeys, rules } = run;
  if (optional === undefined) return undefined;
  const reader = optional.reader();
  const { steps: fills } = optional.classes;
  const after = optional.steps.map(({ number }) => run.steps.filter((step) => step.number < number).length - 1);
  const width = after.length;
  const done = new Int32Array(journeys.count * width).fill(-1);
  const used = new Set<number>();
  for (let journey = 0; journey < journeys.count; journey++) {
    const base = journey * journeys.steps;
    const depth = journeys.depth[journey];
    const count = reader.read(journeys.unit[journey]);
    if (count === 0) continue;
    used.clear();
    for (let k = 0; k < depth; k++) used.add(journeys.rows[base + k]);
    const end = run.time(journeys.rows[base]) + rules.window;
    for (let index = 0, from = Number.NEGATIVE_INFINITY; index < width; index++) {
      const place = after[index];
      if (place >= depth) break;
      from = Math.max(from, run.time(journeys.rows[base + place]));
      const next = place + 1 < depth ? run.time(journeys.rows[base + place + 1]) : end;
      const latest = Math.min(next, from + optional.steps[index].window);
      for (let i = 0; i < count && reader.time[i] <= latest; i++) {
        const row = reader.rowAt(i);
        if (reader.time[i] < from || used.has(row) || !fills[reader.classOf[i]].includes(index)) continue;
        used.add(row);
        done[journey * width + index] = row;
        from = reader.time[i];
        break;
      }
    }
  }
  return {
    steps: optional.steps.map((step, index) =>
      countOf(run, step, after[index], (journey) => done[journey * width + index]),
    ),
    convertedWithAll: countWhere(journeys.count, (journey) => {
      if (journeys.depth[journey] < journeys.steps) return false;
      return done.subarray(journey * width, (journey + 1) * width).every((row) => row >= 0);
    }),
  };
}

function countOf(
  { journeys, time }: FunnelRun,
  step: Step,
  after: number,
  rowOf: (journey: number) => number,
): OptionalStep {
  const { count, steps, depth, rows } = journeys;
  const reached = (journey: number): boolean => depth[journey] > after;
  const complete = (journey: number): boolean => depth[journey] === steps;
  const did = (journey: number): boolean => rowOf(journey) >= 0;
  const seconds: number[] = [];
  for (let journey = 0; journey < count; journey++)
    if (did(journey)) seconds.push((time(rowOf(journey)) - time(rows[journey * steps + after])) / 1000);
  return {
    step,
    after,
    before: countWhere(count, reached),
    did: seconds.length,
    convertedWith: countWhere(count, (journey) => did(journey) && complete(journey)),
    convertedWithout: countWhere(count, (journey) => reached(journey) && !did(journey) && complete(journey)),
    seconds: Float64Array.from(seconds),
  };
}

function countWhere(count: number, holds: (index: number) => boolean): number {
  let found = 0;
  for (let index = 0; index < count; index++) if (holds(index)) found++;
  return found;
}
