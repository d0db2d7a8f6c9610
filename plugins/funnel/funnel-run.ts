import {
  type AnalysisContext,
  AnalysisError,
  type Column,
  denseCodes,
  type EventClasses,
  type JourneyEvents,
  type JourneyRules,
  type Journeys,
  type Json,
  journeys,
  message,
  type Note,
  type NumericArray,
  type RoleInput,
  readUnits,
  spreadJourneys,
  type UnitEvents,
  worthSpreading,
} from '@patron/sdk';
import { checkNames, classify, type EventNames, eventNames } from './classify.ts';
import { durationOf, settledWindow, windowLength } from './duration.ts';
import { type Exclusion, exclusionsOf, type Step, stepsOf } from './steps.ts';
import { combinedCodes, pairCodes, valueCodes } from './value-codes.ts';

/** The parameters that every analysis of events shares. */
export interface FunnelParameters {
  readonly steps: Json;
  readonly order: 'ordered' | 'strict' | 'unordered';
  readonly window: string;
  readonly exclusions: Json;
  readonly exclusionRule: 'leave' | 'stop';
  readonly entry: 'best' | 'first';
  readonly hold: readonly string[];
  readonly countBy: 'customer' | 'property' | 'session' | 'occurrence';
  readonly countProperty: string | null;
  readonly sessionGap: string;
  readonly unknownEvents: 'stop' | 'zero';
}

/** A funnel that has been run: who got how far, when, by which rows. */
export interface FunnelRun {
  readonly input: RoleInput;
  readonly steps: readonly Step[];
  readonly exclusions: readonly Exclusion[];
  readonly rules: JourneyRules;
  readonly names: EventNames;
  readonly classes: EventClasses;
  /** One entry a customer (session, account, occurrence) that entered. */
  readonly journeys: Journeys;
  readonly unit: { readonly codes: Codes; readonly count: number; label(code: number): string };
  /** Milliseconds of a row. */
  time(row: number): number;
  /** Makes a reader of the events that take part, by unit of `unit`. */
  reader(): UnitEvents;
  /** By row, the class; 0 fills no step. */
  classOf(row: number): number;
  /** Runs the same funnel over rows split further by `codes`; `valueOf` gives a journey's code. */
  split(codes: Uint32Array, width: number): { journeys: Journeys; valueOf(journey: number): number };
  /** The window as it was settled. */
  readonly window: string;
  readonly notes: Note[];
  readonly leftOut: readonly {
    readonly role: string;
    readonly reason: ReturnType<typeof message>;
    readonly count: number;
  }[];
}

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Units between two looks at the clock. */
const CHUNK = 50_000;

/** Runs the funnel that the parameters describe. */
export async function runFunnel(
  context: AnalysisContext<FunnelParameters>,
  options: { readonly entryPeriod?: Int32Array } = {},
): Promise<FunnelRun> {
  const window = settledWindow(context.parameters.window);
  const parameters = { ...context.parameters, window };
  const input = context.inputs.events;
  const steps = stepsOf(parameters.steps);
  const exclusions = exclusionsOf(parameters.exclusions, steps.length, parameters.order);
  checkOrder(steps, parameters);
  const names = eventNames(input.fields.event);
  const lenient = parameters.unknownEvents === 'zero';
  const missing = checkNames(names, steps, 'steps', lenient || input.rows === 0);
  const notes: Note[] =
    missing.length === 0
      ? []
      : [{ level: 'warning', text: message('note.unknownEvents', { events: [...new Set(missing)].join(', ') }) }];
  if (window !== context.parameters.window)
    notes.push({ level: 'warning', text: message('note.windowSettled', { window: windowLength(window) }) });
  const times = timesOf(input.fields.time);
  const time = (row: number): number => times.values[row] * times.unit;
  const base = baseUnits(input, parameters);
  const classification = classify(input, names, steps, exclusions, base.codes, time);
  const rules = rulesOf(steps, exclusions, parameters, options.entryPeriod);
  const keepAll = rules.order === 'strict' || rules.sessionGap !== undefined;
  const { code, classOfCode, classes } = classification;
  const events = { time: times.values, timeUnit: times.unit, code, classOfCode, keepAll };

  const find = async (given: JourneyEvents): Promise<Journeys> => {
    if (worthSpreading(context, input.rows)) return spreadJourneys(context, given, classes, rules);
    const reader = readUnits(given);
    const { units } = given;
    const found = journeys(reader, classes, rules, 0, 0);
    for (let from = 0; from < units; from += CHUNK) {
      journeys(reader, classes, rules, from, Math.min(units, from + CHUNK), found);
      context.progress(Math.min(units, from + CHUNK), units);
      await context.checkpoint();
    }
    return found;
  };

  const held = holdUnits(input, base, parameters.hold);
  const heldEvents: JourneyEvents = { ...events, units: held.count, unit: held.codes };
  const found = await find(heldEvents);
  const { ownerOf } = held;
  const { entryPeriod } = options;
  const best = ownerOf === undefined ? found : ownedBest(found, ownerOf, entryPeriod, time);
  const runSplit = (codes: Uint32Array, width: number): { journeys: Journeys; valueOf(journey: number): number } => {
    const pairs = pairCodes(held.codes, codes, width);
    const unused = pairs.pairs.length;
    const unit =
      held.leftOutFrom === undefined
        ? pairs.codes
        : pairs.codes.map((pair, row) => (held.codes[row] >= held.count ? unused : pair));
    const list = journeys(readUnits({ ...events, units: unused, unit }), classes, rules);
    const valueOfUnit = (unitCode: number): number => pairs.pairs[unitCode] % width;
    if (ownerOf === undefined) return { journeys: list, valueOf: (journey) => valueOfUnit(list.unit[journey]) };
    const keyOf = (journey: number): number => {
      const pair = pairs.pairs[list.unit[journey]];
      return ownerOf[Math.floor(pair / width)] * width + (pair % width);
    };
    const chosen = bestByKey(list, keyOf, time);
    return { journeys: chosen, valueOf: (journey) => valueOfUnit(chosen.unit[journey]) };
  };

  return {
    input,
    steps,
    exclusions,
    rules,
    names,
    classes,
    journeys: best,
    unit: base,
    time,
    reader: () => readUnits(heldEvents),
    classOf: (row) => classOfCode[code[row]],
    split: runSplit,
    window,
    notes,
    leftOut:
      base.leftOut === 0
        ? []
        : [
            {
              role: 'events',
              reason: message('leftOut.noCountValue', { column: parameters.countProperty ?? '' }),
              count: base.leftOut,
            },
          ],
  };
}

function checkOrder(steps: readonly Step[], { order }: FunnelParameters): void {
  const anchored = steps.findIndex((step) => step.anchored);
  if (order !== 'unordered' && anchored >= 0)
    throw new AnalysisError(
      `At steps.${anchored}.anchored: a step can only be anchored where the order is 'unordered'; in the order '${order}' every step keeps its place.`,
      { path: `parameters.steps.${anchored}.anchored`, text: message('error.anchored', { number: anchored + 1 }) },
    );
  const windowed = steps.findIndex((step) => step.window !== Number.POSITIVE_INFINITY);
  if (order === 'unordered' && windowed >= 0)
    throw new AnalysisError(
      `At steps.${windowed}.window: a window from the step before needs the order 'ordered' or 'strict'.`,
      { path: `parameters.steps.${windowed}.window`, text: message('error.stepWindow', { number: windowed + 1 }) },
    );
}

function rulesOf(
  steps: readonly Step[],
  exclusions: readonly Exclusion[],
  parameters: FunnelParameters,
  entryPeriod: Int32Array | undefined,
): JourneyRules {
  const windowed = steps.some((step) => step.window !== Number.POSITIVE_INFINITY);
  const bySessionGap = parameters.countBy === 'session' && parameters.countProperty === null;
  return {
    steps: steps.length,
    order: parameters.order,
    window: durationOf(parameters.window, 'window'),
    entry: parameters.entry,
    exclusionRule: parameters.exclusionRule,
    exclusions: exclusions.map(({ from, to }) => ({ from, to })),
    ...(windowed ? { stepWindows: Float64Array.from(steps, (step) => step.window) } : {}),
    ...(steps.some((step) => step.anchored) ? { anchored: steps.map((step) => step.anchored) } : {}),
    ...(parameters.countBy === 'occurrence' ? { repeat: true } : {}),
    ...(bySessionGap ? { sessionGap: durationOf(parameters.sessionGap, 'sessionGap') } : {}),
    ...(entryPeriod === undefined ? {} : { entryPeriod }),
  };
}

function timesOf(column: Column): { values: NumericArray; unit: number } {
  switch (column.type) {
    case 'date':
      return { values: column.values, unit: 86_400_000 };
    case 'timestamp':
      return { values: column.values, unit: column.unit };
    case 'number':
      return { values: column.values, unit: 1 / column.scale };
    case 'integer':
      return { values: column.values, unit: 1 };
    default:
      throw new AnalysisError(`The time column holds ${column.type} values; map a column of days or times.`, {
        path: 'inputs.events.time',
        text: message('error.time'),
      });
  }
}

interface BaseUnits {
  readonly codes: Codes;
  readonly count: number;
  readonly leftOut: number;
  label(code: number): string;
}

/** Whose journeys are counted: customers, or the values of a property (sessions, accounts). Code `count` leaves a row out. */
function baseUnits(input: RoleInput, { countBy, countProperty }: FunnelParameters): BaseUnits {
  if (countBy === 'customer' || countBy === 'occurrence' || (countBy === 'session' && countProperty === null)) {
    const { codes, count, label } = denseCodes(input.fields.customer);
    return { codes, count, label, leftOut: 0 };
  }
  if (countProperty === null)
    throw new AnalysisError(`At countProperty: counting by a property needs the column that holds it. Choose one.`, {
      path: 'parameters.countProperty',
      text: message('error.countProperty'),
    });
  const { codes, count, values } = valueCodes(propertyOf(input, countProperty, 'countProperty'));
  let leftOut = 0;
  const shifted = codes.map((code) => {
    if (code === 0) leftOut++;
    return code === 0 ? count - 1 : code - 1;
  });
  return { codes: shifted, count: count - 1, label: (code) => values(code + 1)[0], leftOut };
}

/** A column that a parameter names. */
export function propertyOf(input: RoleInput, name: string, path: string): Column {
  const column = input.properties[name];
  if (column !== undefined) return column;
  throw new AnalysisError(`At ${path}: the table has no column '${name}'.`, {
    path: `parameters.${path}`,
    text: message('error.noColumn', { column: name }),
  });
}

interface HeldUnits {
  readonly codes: Codes;
  readonly count: number;
  /** The base unit of each code, where properties are held constant. */
  readonly ownerOf?: Uint32Array;
  readonly leftOutFrom?: number;
}

/** Splits units by the properties held constant; rows without a value in one of them are left out. */
function holdUnits(input: RoleInput, base: BaseUnits, hold: readonly string[]): HeldUnits {
  if (hold.length === 0) return base.leftOut === 0 ? base : { ...base, leftOutFrom: base.count };
  const held = combinedCodes(hold.map((name, index) => propertyOf(input, name, `hold.${index}`)));
  const complete = Uint8Array.from({ length: held.count }, (_, code) => (held.values(code).includes('') ? 0 : 1));
  const { codes, pairs } = pairCodes(base.codes, held.codes, held.count);
  const count = pairs.length;
  const unit = codes.map((pair, row) =>
    complete[held.codes[row]] === 0 || base.codes[row] >= base.count ? count : pair,
  );
  return {
    codes: unit,
    count,
    ownerOf: Uint32Array.from(pairs, (pair) => Math.floor(pair / held.count)),
    leftOutFrom: count,
  };
}

/** The best journey of each owner, in each period of entry where there are any. */
function ownedBest(
  found: Journeys,
  ownerOf: Uint32Array,
  entryPeriod: Int32Array | undefined,
  time: (row: number) => number,
): Journeys {
  const periods =
    entryPeriod === undefined ? undefined : new Map([...new Set(entryPeriod)].map((period, index) => [period, index]));
  const keyOf = (journey: number): number => {
    const owner = ownerOf[found.unit[journey]];
    if (periods === undefined || entryPeriod === undefined) return owner;
    return owner * periods.size + (periods.get(entryPeriod[found.rows[journey * found.steps]]) as number);
  };
  const best = bestByKey(found, keyOf, time);
  return { ...best, unit: best.unit.map((unit) => ownerOf[unit]) };
}

/** Of the journeys of one key the deepest, and of those the first to get there, in the order of their keys' first journeys. */
function bestByKey(found: Journeys, keyOf: (journey: number) => number, time: (row: number) => number): Journeys {
  const { steps } = found;
  const best = new Map<number, number>();
  const reachedAt = (journey: number): number => time(found.rows[journey * steps + found.depth[journey] - 1]);
  for (let journey = 0; journey < found.count; journey++) {
    const other = best.get(keyOf(journey));
    const deeper = other === undefined || found.depth[journey] > found.depth[other];
    const sooner =
      other !== undefined && found.depth[journey] === found.depth[other] && reachedAt(journey) < reachedAt(other);
    if (deeper || sooner) best.set(keyOf(journey), journey);
  }
  const chosen = Uint32Array.from(best.values());
  const rows = new Int32Array(chosen.length * steps);
  chosen.forEach((journey, index) => {
    rows.set(found.rows.subarray(journey * steps, (journey + 1) * steps), index * steps);
  });
  return {
    count: chosen.length,
    steps,
    unit: chosen.map((journey) => found.unit[journey]),
    depth: Uint16Array.from(chosen, (journey) => found.depth[journey]),
    rows,
  };
}
