import { AnalysisError, type JourneyRules, message } from '@patron/sdk';
import { durationOf } from './duration.ts';
import type { FunnelParameters } from './funnel-run.ts';
import type { Exclusion, Step } from './steps.ts';

/** @throws AnalysisError where a step asks for what the order does not know. */
export function checkOrder(steps: readonly Step[], { order }: FunnelParameters): void {
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

/** Steps that need not happen are known where what came of them is told, and where "on the way" is one stretch of time. */
export function checkOptional(given: readonly Step[], parameters: FunnelParameters, allowed: boolean): void {
  const index = given.findIndex(({ optional }) => optional);
  if (index < 0) return;
  const refused = (english: string, key: string): AnalysisError =>
    new AnalysisError(`At steps.${index}.optional: ${english}`, {
      path: `parameters.steps.${index}.optional`,
      text: message(key, { number: index + 1 }),
    });
  if (!allowed)
    throw refused(
      "steps that need not happen are for 'funnel.conversion'; take the step out, or let it be one that must happen.",
      'error.optionalHere',
    );
  if (index === 0) throw refused('the first step must happen; it is where customers enter.', 'error.optionalFirst');
  const { order, countBy, hold } = parameters;
  if (order === 'ordered' && (countBy === 'customer' || countBy === 'property') && hold.length === 0) return;
  throw refused(
    "steps that need not happen go with the order 'ordered', without properties held constant, and with counting customers or the values of a column.",
    'error.optionalWith',
  );
}

/** The place of a given step among those that must happen. */
export function requiredStep(given: readonly Step[], steps: readonly Step[], index: number, path: string): number {
  const place = steps.indexOf(given[index]);
  if (place >= 0) return place;
  throw new AnalysisError(`At ${path}: step ${index + 1} need not happen; name one that must.`, {
    path: `parameters.${path}`,
    text: message('error.optionalNamed', { number: index + 1 }),
  });
}

/** The rules of journeys that the parameters ask for. */
export function rulesOf(
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
