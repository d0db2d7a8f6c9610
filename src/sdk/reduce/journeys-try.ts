import type { UnitEvents } from './journeys-events.ts';

/** One try: how far a journey that starts at a given moment gets. The fields hold the outcome of the last `run`. */
export interface Try {
  /** False where no try can start at `moment`. */
  run(events: UnitEvents, moment: number): boolean;
  depth: number;
  /** The event of the k-th step reached. */
  readonly path: Int32Array;
  /** The last time at which the try could still have gone on. */
  openUntil: number;
  /** Whether, of tries that get equally far at once, the later start is the one to report. */
  readonly laterStartWins: boolean;
  /** How many steps had been reached at time `at`. */
  depthAt(events: UnitEvents, at: number): number;
}

/** The steps of a path that lie at or before `at`. */
export function stepsReachedBy({ time }: UnitEvents, path: Int32Array, depth: number, at: number): number {
  let reached = 0;
  while (reached < depth && time[path[reached]] <= at) reached++;
  return reached;
}
