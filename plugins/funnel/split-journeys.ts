import {
  type EventClasses,
  type JourneyEvents,
  type JourneyRules,
  type Journeys,
  journeys,
  readUnits,
} from '@patron/sdk';
import { pairCodes } from './value-codes.ts';

/** Journeys told apart by a value; −1 for one that counts under none. */
export interface SplitJourneys {
  readonly journeys: Journeys;
  codeOf(journey: number): number;
}

/** Events with the funnel that is run over them. */
export interface Funnel {
  readonly events: JourneyEvents;
  readonly classes: EventClasses;
  readonly rules: JourneyRules;
}

/** A funnel for each value (a code below `width`), of the events with that value alone. */
export function splitByValue({ events, classes, rules }: Funnel, codes: Uint32Array, width: number): SplitJourneys {
  const pairs = pairCodes(events.unit, codes, width);
  const unused = pairs.pairs.length;
  const unit = pairs.codes.map((pair, row) => (events.unit[row] >= events.units ? unused : pair));
  const found = journeys(readUnits({ ...events, units: unused, unit }), classes, rules);
  return {
    journeys: { ...found, unit: found.unit.map((pair) => Math.floor(pairs.pairs[pair] / width)) },
    codeOf: (journey) => pairs.pairs[found.unit[journey]] % width,
  };
}

/**
 * A funnel for each value at step `step` (counted from 0): the events of that step count with that value alone, those of the
 * others all. Most units have one value there, and keep the journey that was `found`; one with several is run once for each.
 */
export function splitAtStep(funnel: Funnel, found: Journeys, step: number, codes: Uint32Array): SplitJourneys {
  const valuesOf = valuesAtStep(funnel, step, codes);
  const valueAt = (journey: number): number =>
    found.depth[journey] > step ? codes[found.rows[journey * found.steps + step]] : -1;
  if (valuesOf.size === 0) return { journeys: found, codeOf: valueAt };
  const again = runForEachValue(funnel, step, codes, valuesOf);
  const kept = Uint32Array.from(Array(found.count).keys()).filter((journey) => !valuesOf.has(found.unit[journey]));
  const count = kept.length + again.journeys.count;
  const { steps } = found;
  const unit = new Uint32Array(count);
  const depth = new Uint16Array(count);
  const rows = new Int32Array(count * steps);
  const values = new Int32Array(count);
  kept.forEach((journey, at) => {
    unit[at] = found.unit[journey];
    depth[at] = found.depth[journey];
    rows.set(found.rows.subarray(journey * steps, (journey + 1) * steps), at * steps);
    values[at] = valueAt(journey);
  });
  for (let journey = 0; journey < again.journeys.count; journey++) {
    const at = kept.length + journey;
    unit[at] = again.journeys.unit[journey];
    depth[at] = again.journeys.depth[journey];
    rows.set(again.journeys.rows.subarray(journey * steps, (journey + 1) * steps), at * steps);
    values[at] = depth[at] > step ? again.codeOf(journey) : -1;
  }
  return { journeys: { count, steps, unit, depth, rows }, codeOf: (journey) => values[journey] };
}

/** The units whose events of a step have several values, with these. */
function valuesAtStep({ events, classes }: Funnel, step: number, codes: Uint32Array): Map<number, number[]> {
  const fills = Uint8Array.from(events.classOfCode, (c) => (classes.steps[c].includes(step) ? 1 : 0));
  const first = new Int32Array(events.units).fill(-1);
  const several = new Map<number, number[]>();
  for (let row = 0; row < events.unit.length; row++) {
    const unit = events.unit[row];
    if (unit >= events.units || fills[events.code[row]] === 0) continue;
    const value = codes[row];
    if (first[unit] < 0) first[unit] = value;
    else if (first[unit] !== value) {
      const values = several.get(unit);
      if (values === undefined) several.set(unit, [first[unit], value]);
      else if (!values.includes(value)) values.push(value);
    }
  }
  return several;
}

/** The funnel of each unit and value, over copies of the unit's events in which the step's other events fill it no longer. */
function runForEachValue(
  { events, classes, rules }: Funnel,
  step: number,
  codes: Uint32Array,
  valuesOf: ReadonlyMap<number, readonly number[]>,
): SplitJourneys {
  const classCount = classes.steps.length;
  const firstCopy = new Map<number, number>();
  const owners: number[] = [];
  const values: number[] = [];
  for (const [unit, own] of valuesOf) {
    firstCopy.set(unit, owners.length);
    for (const value of own) {
      owners.push(unit);
      values.push(value);
    }
  }
  const rowOf: number[] = [];
  const unitOf: number[] = [];
  const classOf: number[] = [];
  for (let row = 0; row < events.unit.length; row++) {
    const first = firstCopy.get(events.unit[row]);
    if (first === undefined) continue;
    const own = classOfRow(events, row);
    for (let copy = first; owners[copy] === events.unit[row]; copy++) {
      rowOf.push(row);
      unitOf.push(copy);
      classOf.push(classes.steps[own].includes(step) && codes[row] !== values[copy] ? classCount + own : own);
    }
  }
  const list = journeys(
    readUnits({
      ...events,
      units: owners.length,
      unit: Uint32Array.from(unitOf),
      time: Float64Array.from(rowOf, (row) => events.time[row]),
      code: Uint16Array.from(classOf),
      classOfCode: Uint16Array.from({ length: classCount * 2 }, (_, index) => index),
    }),
    {
      steps: [...classes.steps, ...classes.steps.map((own) => own.filter((each) => each !== step))],
      exclusions: [...classes.exclusions, ...classes.exclusions],
    },
    rules,
  );
  return {
    journeys: {
      ...list,
      unit: list.unit.map((copy) => owners[copy]),
      rows: list.rows.map((row) => (row < 0 ? row : rowOf[row])),
    },
    codeOf: (journey) => values[list.unit[journey]],
  };
}

function classOfRow({ classOfCode, code }: JourneyEvents, row: number): number {
  return classOfCode[code[row]];
}
