import type { UnitEvents } from './journeys-events.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';

/** Who was at each step of an open journey, which may be entered at any step. */
export interface OpenJourneys {
  /** Units with an event of the step. */
  readonly reached: Float64Array;
  /** Units with an event of the step no later than the window after an event of the step before. */
  readonly continued: Float64Array;
  /** Milliseconds from the step before, one value for each unit that continued, by step. */
  readonly durations: readonly Float64Array[];
}

/**
 * Counts open journeys: a unit is at a step when it has an event of it, and has continued when an event of the step before
 * lies at most `window` (and the step's own window) earlier. Each needs an event of its own. The first continuation of a unit gives its duration, counted
 * from the latest event of the step before.
 */
export function openJourneys(
  events: UnitEvents,
  classes: EventClasses,
  { steps, window, stepWindows }: Pick<JourneyRules, 'steps' | 'window' | 'stepWindows'>,
): OpenJourneys {
  const reached = new Float64Array(steps);
  const continued = new Float64Array(steps);
  const durations = Array.from({ length: steps }, () => new Float64Array(events.units));
  const lastTime = new Float64Array(steps);
  const seen = new Uint8Array(steps);
  const inMoment = new Int32Array(steps);
  for (let unit = events.first; unit < events.units; unit++) {
    const count = events.read(unit);
    const { time, classOf } = events;
    lastTime.fill(Number.NaN);
    seen.fill(0);
    for (let from = 0, to = 0; from < count; from = to) {
      inMoment.fill(0);
      for (to = from; to < count && time[to] === time[from]; to++)
        for (const step of classes.steps[classOf[to]]) inMoment[step]++;
      for (let i = from; i < to; i++) {
        const own = classes.steps[classOf[i]];
        for (const step of own) {
          seen[step] |= 1;
          if (step === 0 || (seen[step] & 2) !== 0) continue;
          const atOnce = inMoment[step - 1] > (own.includes(step - 1) ? 1 : 0);
          const elapsed = atOnce ? 0 : time[i] - lastTime[step - 1];
          if (!(elapsed <= Math.min(window, stepWindows?.[step] ?? window))) continue;
          seen[step] |= 2;
          durations[step][continued[step]++] = elapsed;
        }
      }
      for (let step = 0; step < steps; step++) if (inMoment[step] > 0) lastTime[step] = time[from];
    }
    for (let step = 0; step < steps; step++) if (seen[step] !== 0) reached[step]++;
  }
  return { reached, continued, durations: durations.map((values, step) => values.subarray(0, continued[step])) };
}
