import {
  AnalysisError,
  type Json,
  type JsonObject,
  message,
  ROW_OPERATORS,
  type RowCondition,
  type RowConditionValue,
  type RowOperator,
} from '@patron/sdk';
import { durationOf } from './duration.ts';

/** A condition on one property of an event. */
export interface Filter extends RowCondition {
  readonly property: string;
}

/** What an event must be: one of `events` (any event where null) that passes every filter. */
export interface EventPattern {
  readonly events: readonly string[] | null;
  readonly filters: readonly Filter[];
}

/** One step of a funnel. */
export interface Step extends EventPattern {
  /** Its place in the parameter, counted from 1. */
  readonly number: number;
  /** Where it stands among the parameters, for messages. */
  readonly path: string;
  readonly name: string;
  /** Need not happen: the steps without it make the funnel, and it is looked for on their way. */
  readonly optional: boolean;
  /** In a free order: keeps its place. */
  readonly anchored: boolean;
  /** Longest time from the step before, milliseconds. */
  readonly window: number;
  /** Only the customer's first such event counts: the first `event`, which must pass the filters, or the first `match`. */
  readonly firstTime: 'event' | 'match' | null;
}

/** An exclusion between two steps, counted from 0. */
export interface Exclusion extends EventPattern {
  readonly from: number;
  readonly to: number;
}

/**
 * The steps parameter: a list of event names, lists of alternative names, null for any event, or objects
 * `{ event, filters, name, optional, anchored, window, firstTime }`.
 * @throws AnalysisError with the path of what is wrong.
 */
export function stepsOf(value: Json, path = 'steps', least = 1): Step[] {
  if (!Array.isArray(value)) throw wrong(path, 'a list of steps', value);
  if (value.length < least)
    throw new AnalysisError(`At ${path}: a funnel needs at least one step. Name the events in their order.`, {
      path: `parameters.${path}`,
      text: message('error.noSteps'),
    });
  return value.map((item: Json, index: number) => stepOf(item, `${path}.${index}`, index + 1));
}

const STEP_KEYS = ['event', 'events', 'filters', 'name', 'optional', 'anchored', 'window', 'firstTime'];

function stepOf(item: Json, path: string, number: number): Step {
  const pattern = patternOf(item, path, STEP_KEYS);
  const given = isObject(item) ? item : {};
  const { name, optional, anchored, window, firstTime } = given;
  return {
    ...pattern,
    number,
    path,
    optional: flagOf(optional, `${path}.optional`),
    name: typeof name === 'string' && name !== '' ? name : patternName(pattern),
    anchored: flagOf(anchored, `${path}.anchored`),
    window: window === undefined ? Number.POSITIVE_INFINITY : durationOf(window, `${path}.window`),
    firstTime: firstTimeOf(firstTime, `${path}.firstTime`),
  };
}

function flagOf(value: Json | undefined, path: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw wrong(path, 'true or false', value);
}

function firstTimeOf(value: Json | undefined, path: string): Step['firstTime'] {
  if (value === undefined || value === null || value === false) return null;
  if (value === true || value === 'event') return 'event';
  if (value === 'match') return 'match';
  throw wrong(path, "true, 'event' or 'match'", value);
}

/** An event pattern, as steps and exclusions hold it. What is not of `keys` is refused: a misspelt rule must not be passed over. */
function patternOf(item: Json, path: string, keys: readonly string[]): EventPattern {
  if (!isObject(item)) return { events: eventsOf(item, path), filters: [] };
  const strange = Object.keys(item).find((key) => !keys.includes(key));
  if (strange !== undefined) throw wrong(`${path}.${strange}`, `one of ${keys.join(', ')}`, strange);
  if (!('event' in item) && !('events' in item))
    throw wrong(`${path}.event`, 'an event name, a list of names, or null', undefined);
  return {
    events: eventsOf((item.event ?? item.events ?? null) as Json, `${path}.event`),
    filters: filtersOf(item.filters ?? null, `${path}.filters`),
  };
}

function eventsOf(value: Json, path: string): readonly string[] | null {
  if (value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === 'string' || typeof name === 'number')
  )
    return value.map(String);
  throw wrong(path, 'an event name, a list of names, or null for any event', value);
}

function filtersOf(value: Json, path: string): Filter[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw wrong(path, 'a list of filters', value);
  return value.map((item: Json, index: number) => {
    const at = `${path}.${index}`;
    if (!isObject(item)) throw wrong(at, 'a filter such as {"property": "plan", "op": "=", "value": "pro"}', item);
    const { property, op = '=', value: compared = null } = item;
    if (typeof property !== 'string') throw wrong(`${at}.property`, 'the name of a column', property);
    if (!ROW_OPERATORS.includes(op as RowOperator)) throw wrong(`${at}.op`, `one of ${ROW_OPERATORS.join(' ')}`, op);
    return { property, op: op as RowOperator, value: compared as RowConditionValue };
  });
}

const EXCLUSION_KEYS = ['event', 'events', 'filters', 'name', 'from', 'to'];

/**
 * The exclusions parameter: a list of event names, or objects `{ event, filters, from, to }` with steps counted from 1; without
 * `from` and `to` the whole funnel.
 */
export function exclusionsOf(value: Json, stepCount: number, order: string): Exclusion[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw wrong('exclusions', 'a list of exclusions', value);
  return value.map((item: Json, index: number) => {
    const path = `exclusions.${index}`;
    const given = isObject(item) ? item : {};
    const from = given.from ?? 1;
    const to = given.to ?? stepCount;
    const valid =
      Number.isInteger(from) && Number.isInteger(to) && (from as number) >= 1 && (to as number) <= stepCount;
    if (!valid || (from as number) >= (to as number))
      throw new AnalysisError(
        `At ${path}: an exclusion lies between two steps, the first before the second and both of 1 to ${stepCount}; got from ${String(from)} to ${String(to)}.`,
        {
          path: `parameters.${path}`,
          text: message('error.exclusionRange', { steps: stepCount, from: String(from), to: String(to) }),
        },
      );
    if (order === 'unordered' && (from !== 1 || to !== stepCount))
      throw new AnalysisError(
        `At ${path}: in a funnel of any order an exclusion covers the whole funnel, from step 1 to step ${stepCount}.`,
        { path: `parameters.${path}`, text: message('error.exclusionUnordered', { steps: stepCount }) },
      );
    return { ...patternOf(item, path, EXCLUSION_KEYS), from: (from as number) - 1, to: (to as number) - 1 };
  });
}

function patternName({ events, filters }: EventPattern): string {
  const base = events === null ? '*' : events.join(' | ');
  const conditions = filters.map(({ property, op, value }) =>
    `${property} ${op} ${value === null ? '' : String(value)}`.trim(),
  );
  return conditions.length === 0 ? base : `${base} (${conditions.join(', ')})`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(path: string, expected: string, got: unknown): AnalysisError {
  const shown = JSON.stringify(got) ?? 'nothing';
  return new AnalysisError(`At ${path}: expected ${expected}, got ${shown}.`, {
    path: `parameters.${path}`,
    text: message('error.shape', { path, expected, got: shown }),
  });
}
