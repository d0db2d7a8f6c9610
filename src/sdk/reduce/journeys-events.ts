import type { CodeArray, NumericArray } from '../column.ts';

/** The events that journeys are found in, as columns of one length. */
export interface JourneyEvents {
  /** How many unit codes there are; an event whose code is not below is left out. */
  readonly units: number;
  /** Whose event it is: customer, session or account. */
  readonly unit: CodeArray;
  /** When it was, `time[i] * timeUnit` in the unit of the rules' windows (milliseconds by custom). */
  readonly time: NumericArray;
  readonly timeUnit: number;
  /** What it is: `classOfCode[code[i]]` is the event's class, an index into the `EventClasses`. */
  readonly code: CodeArray;
  readonly classOfCode: Uint16Array;
  /** True keeps events of class 0, which fill no step: strict order and inactivity gaps need them. */
  readonly keepAll: boolean;
}

/** Reads the events of one unit at a time, ordered by time, events at one time by class. Buffers are used again. */
export interface UnitEvents {
  /** The units that can be read are `first` … `units` − 1; it is quick to read them in ascending order. */
  readonly first: number;
  readonly units: number;
  /** Times of the unit last read, ascending. */
  time: Float64Array;
  classOf: Uint16Array;
  /** The input row of event `index` of the unit last read. */
  rowAt(index: number): number;
  /** Reads unit `unit` and gives the number of its events. */
  read(unit: number): number;
  /** The same events by class, where that is how they lie. */
  byClass?: ClassLists;
}

/** The events of one unit as a list for each class, each in the order of rows. */
export interface ClassLists {
  /** Milliseconds (the unit of the rules' windows) in a tick. */
  readonly tickUnit: number;
  readonly classBits: number;
  /** Takes up unit `unit` and gives the number of its events; the fields below are then its own. */
  take(unit: number): number;
  /** The events of class c are `starts[first + c]` … `starts[first + c + 1]` − 1. */
  first: number;
  starts: Int32Array;
  /** `tick << classBits | class`; ticks count from the same moment for all units and are below 2^30. */
  words: Int32Array;
  rows: Int32Array;
}

/** Rows `start` … `end` − 1 of a table. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Units `first` … `units` − 1. */
export type UnitRange = Pick<UnitEvents, 'first' | 'units'>;
