import type { UnitEvents } from './journeys-events.ts';
import type { EventClasses } from './journeys-rules.ts';

/** The events of one unit grouped by time, with a jump from each moment to the next one that can fill a step. */
export interface Moments {
  readonly count: number;
  /** Moment m is the events `starts[m] … starts[m + 1]`. */
  readonly starts: Int32Array;
  read(events: UnitEvents, from: number, to: number): void;
  timeOf(moment: number): number;
  /** The first moment at or after `moment` with an event that can fill `step`; `count` where there is none. */
  next(step: number, moment: number): number;
}

/** Moments are read into buffers that grow and are used again for every unit. */
export function makeMoments(classes: EventClasses, steps: number): Moments {
  const stepLists = classes.steps;
  let jumps = new Int32Array(0);
  let time: Float64Array;
  const moments = {
    count: 0,
    starts: new Int32Array(64),
    timeOf(moment: number): number {
      return time[moments.starts[moment]];
    },
    next(step: number, moment: number): number {
      return jumps[moment * steps + step];
    },
    read(events: UnitEvents, from: number, to: number): void {
      time = events.time;
      if (to - from + 1 > moments.starts.length)
        moments.starts = new Int32Array(Math.max(to - from + 1, moments.starts.length * 2));
      const { starts } = moments;
      let count = 0;
      for (let i = from; i < to; i++) if (i === from || time[i] !== time[i - 1]) starts[count++] = i;
      starts[count] = to;
      moments.count = count;
      const size = (count + 1) * steps;
      if (size > jumps.length) jumps = new Int32Array(Math.max(size, jumps.length * 2));
      jumps.fill(count, count * steps, size);
      for (let moment = count - 1; moment >= 0; moment--) {
        const base = moment * steps;
        for (let step = 0; step < steps; step++) jumps[base + step] = jumps[base + steps + step];
        for (let i = starts[moment]; i < starts[moment + 1]; i++) {
          const list = stepLists[events.classOf[i]];
          for (let k = 0; k < list.length; k++) jumps[base + list[k]] = moment;
        }
      }
    },
  };
  return moments;
}
