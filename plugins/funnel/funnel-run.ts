import {
  type AnalysisContext,
  type EventClasses,
  type JourneyEvents,
  type JourneyRules,
  type Journeys,
  type Json,
  journeys,
  message,
  type Note,
  type RoleInput,
  readUnits,
  spreadJourneys,
  type UnitEvents,
  worthSpreading,
} from '@patron/sdk';
import { bestByKey, ownedBest } from './best-journeys.ts';
import { checkNames, classify, type EventNames, eventNames } from './classify.ts';
import { settledWindow, windowLength } from './duration.ts';
import { checkOptional, checkOrder, requiredStep, rulesOf } from './rules.ts';
import { type Funnel, type SplitJourneys, splitAtStep, splitByValue } from './split-journeys.ts';
import { type Exclusion, exclusionsOf, type Step, stepsOf } from './steps.ts';
import { baseUnits, type Codes, type CountParameters, holdUnits, timesOf } from './units.ts';

/** The parameters that every analysis of events shares. */
export interface FunnelParameters extends CountParameters {
  readonly steps: Json;
  readonly order: 'ordered' | 'strict' | 'unordered';
  readonly window: string;
  readonly exclusions: Json;
  readonly exclusionRule: 'leave' | 'stop';
  readonly entry: 'best' | 'first';
  readonly hold: readonly string[];
  readonly sessionGap: string;
  readonly unknownEvents: 'stop' | 'zero';
}

/** A funnel that has been run: who got how far, when, by which rows. */
export interface FunnelRun {
  readonly input: RoleInput;
  /** The steps that make the funnel. */
  readonly steps: readonly Step[];
  /** Steps that need not happen, with the events that fill them. */
  readonly optional:
    | { readonly steps: readonly Step[]; readonly classes: EventClasses; reader(): UnitEvents }
    | undefined;
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
  /** The same funnel for each value of `codes`, all below `width`. */
  splitByValue(codes: Uint32Array, width: number): SplitJourneys;
  /** The same funnel for each value of `codes` at step `step`, counted from 0 among the steps that make the funnel. */
  splitAtStep(step: number, codes: Uint32Array): SplitJourneys;
  /** The window as it was settled. */
  readonly window: string;
  readonly notes: Note[];
  readonly leftOut: readonly {
    readonly role: string;
    readonly reason: ReturnType<typeof message>;
    readonly count: number;
  }[];
}

/** Units between two looks at the clock. */
const CHUNK = 50_000;

/** Runs the funnel that the parameters describe. */
export async function runFunnel(
  context: AnalysisContext<FunnelParameters>,
  options: { readonly entryPeriod?: Int32Array; readonly allowsOptional?: boolean } = {},
): Promise<FunnelRun> {
  const window = settledWindow(context.parameters.window);
  const parameters = { ...context.parameters, window };
  const input = context.inputs.events;
  const given = stepsOf(parameters.steps);
  checkOrder(given, parameters);
  checkOptional(given, parameters, options.allowsOptional === true);
  const steps = given.filter(({ optional }) => !optional);
  const optionalSteps = given.filter(({ optional }) => optional);
  const exclusions = exclusionsOf(parameters.exclusions, given.length, parameters.order).map((exclusion, index) => ({
    ...exclusion,
    from: requiredStep(given, steps, exclusion.from, `exclusions.${index}.from`),
    to: requiredStep(given, steps, exclusion.to, `exclusions.${index}.to`),
  }));
  const names = eventNames(input.fields.event);
  const lenient = parameters.unknownEvents === 'zero';
  const missing = checkNames(names, given, 'steps', lenient || input.rows === 0);
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
  const funnel: Funnel = { events: heldEvents, classes, rules };
  /** Where properties are held constant, the best journey of each owner and value. */
  const owned = (split: SplitJourneys): SplitJourneys => {
    if (ownerOf === undefined) return split;
    const { journeys: list, codeOf } = split;
    const key = new Map<string, number>();
    const keyOf = (journey: number): number => {
      const name = `${ownerOf[list.unit[journey]]}:${codeOf(journey)}`;
      if (!key.has(name)) key.set(name, key.size);
      return key.get(name) as number;
    };
    const chosen = bestByKey(list, keyOf, time);
    return {
      journeys: { ...chosen.journeys, unit: chosen.journeys.unit.map((unit) => ownerOf[unit]) },
      codeOf: (journey) => codeOf(chosen.chosen[journey]),
    };
  };

  const optionalEvents =
    optionalSteps.length === 0 ? undefined : classify(input, names, optionalSteps, [], base.codes, time);
  const optional = optionalEvents && {
    steps: optionalSteps,
    classes: optionalEvents.classes,
    reader: () =>
      readUnits({
        ...heldEvents,
        code: optionalEvents.code,
        classOfCode: optionalEvents.classOfCode,
        keepAll: false,
      }),
  };

  return {
    input,
    steps,
    optional,
    exclusions,
    rules,
    names,
    classes,
    journeys: best,
    unit: base,
    time,
    reader: () => readUnits(heldEvents),
    classOf: (row) => classOfCode[code[row]],
    splitByValue: (codes, width) => owned(splitByValue(funnel, codes, width)),
    splitAtStep: (step, codes) => owned(splitAtStep(funnel, found, step, codes)),
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
