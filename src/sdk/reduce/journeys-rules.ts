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
