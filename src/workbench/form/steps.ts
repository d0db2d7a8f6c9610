import type { Json, JsonObject } from '@patron/sdk';
import type { Problem } from './form-check.ts';

/** A condition on a step: a column of the events stands in a relation to a value. */
export interface StepFilter {
  readonly property: string;
  readonly operator: string;
  readonly value: string;
}

/** One step as the editor shows it. What the editor does not know of a step is kept in `rest`. */
export interface Step {
  readonly event: string;
  readonly filters: readonly StepFilter[];
  /** Need not happen. */
  readonly optional: boolean;
  readonly rest: JsonObject;
}

/** Whether a comparison is with nothing, so that there is no value to give. */
export const isWithoutValue = (operator: string): boolean => operator === 'empty' || operator === 'not empty';

const takesList = (operator: string): boolean => operator === 'in' || operator === 'not in';

const anyEvent = '*';
const between = ' | ';

/** Reads the steps of a parameter: event names, or objects with an event and filters. Alternatives show as `a | b`, any event as `*`. */
export function readSteps(value: Json): Step[] {
  if (!Array.isArray(value)) return [];
  return value.map((item): Step => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      return { event: eventText(item), filters: [], optional: false, rest: {} };
    }
    const { event, events, filters, optional, ...rest } = item as JsonObject;
    return {
      event: eventText(event ?? events ?? null),
      filters: Array.isArray(filters) ? filters.map(readFilter) : [],
      optional: optional === true,
      rest,
    };
  });
}

function eventText(event: Json): string {
  if (event === null) return anyEvent;
  return Array.isArray(event) ? event.join(between) : String(event);
}

function eventValue(text: string): Json {
  if (text.trim() === anyEvent) return null;
  return text.includes(between) ? text.split(between).map((name) => name.trim()) : text;
}

function readFilter(item: Json): StepFilter {
  const filter = (item ?? {}) as JsonObject;
  return {
    property: String(filter.property ?? ''),
    operator: String(filter.op ?? '='),
    value: Array.isArray(filter.value) ? filter.value.join(between) : String(filter.value ?? ''),
  };
}

function filterValue({ property, operator, value }: StepFilter): JsonObject {
  if (isWithoutValue(operator)) return { property, op: operator };
  if (takesList(operator)) return { property, op: operator, value: value.split(between).map((item) => item.trim()) };
  return { property, op: operator, value };
}

/** The steps as the parameter's value. A step without filters carries none. */
export function writeSteps(steps: readonly Step[]): Json {
  return steps.map(({ event, filters, optional, rest }) => ({
    event: eventValue(event),
    ...(filters.length > 0 ? { filters: filters.map(filterValue) } : {}),
    ...(optional ? { optional } : {}),
    ...rest,
  }));
}

/** A funnel needs a step and every step an event. */
export function checkSteps(value: Json): Problem | undefined {
  const steps = readSteps(value);
  if (steps.length === 0) return (t) => t('form.error.steps');
  if (steps.some(({ event }) => event.trim() === '')) return (t) => t('form.error.stepEvent');
  if (steps.some(({ filters }) => filters.some(({ property }) => property === '')))
    return (t) => t('form.error.filterColumn');
  return undefined;
}
