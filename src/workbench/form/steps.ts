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
  readonly rest: JsonObject;
}

/** Reads the steps of a parameter: a list of event names, or of objects with an event and filters. */
export function readSteps(value: Json): Step[] {
  if (!Array.isArray(value)) return [];
  return value.map((item): Step => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      return { event: item === null ? '' : String(item), filters: [], rest: {} };
    }
    const { event, filters, ...rest } = item as JsonObject;
    return {
      event: typeof event === 'string' ? event : '',
      filters: Array.isArray(filters) ? filters.map(readFilter) : [],
      rest,
    };
  });
}

function readFilter(item: Json): StepFilter {
  const filter = (item ?? {}) as JsonObject;
  return {
    property: String(filter.property ?? ''),
    operator: String(filter.operator ?? '='),
    value: String(filter.value ?? ''),
  };
}

/** The steps as the parameter's value. A step without filters carries none. */
export function writeSteps(steps: readonly Step[]): Json {
  return steps.map(({ event, filters, rest }) => ({
    event,
    ...(filters.length > 0 ? { filters: filters.map((filter) => ({ ...filter })) } : {}),
    ...rest,
  }));
}

/** A funnel needs two steps and every step an event. */
export function checkSteps(value: Json): Problem | undefined {
  const steps = readSteps(value);
  if (steps.length < 2) return (t) => t('form.error.steps');
  if (steps.some(({ event, rest }) => event === '' && Object.keys(rest).length === 0))
    return (t) => t('form.error.stepEvent');
  return undefined;
}
