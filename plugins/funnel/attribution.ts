import { AnalysisError, type Journeys, message } from '@patron/sdk';
import type { FunnelRun } from './funnel-run.ts';
import type { SplitJourneys } from './split-journeys.ts';
import { propertyOf } from './units.ts';
import { combinedCodes, type ValueCodes } from './value-codes.ts';

/** Journeys by the value of a property: one list of journeys, and the group of each (−1: in none). */
export interface GroupedJourneys {
  readonly journeys: Journeys;
  readonly groupOf: Int32Array;
  /** Values of the groups, largest group first; '' stands for no value. */
  readonly labels: readonly string[];
}

/**
 * Which value of the properties each journey counts under.
 *
 * `first-touch` and `last-touch`: the first or last event of the funnel's steps that has any value (several properties are
 * taken together, from one event). `step:k`: each value of the customer's events of step k with which step k was reached; who
 * did not reach it counts nowhere. `all-events`: each value's own events alone. With both, one customer may count under several.
 */
export function groupJourneys(run: FunnelRun, properties: readonly string[], attribution: string): GroupedJourneys {
  const columns = properties.map((name, index) => propertyOf(run.input, name, `breakdown.${index}`));
  const values = combinedCodes(columns);
  const { journeys, codeOf } = splitBy(run, values, attribution);
  const size = new Map<number, number>();
  const codes = new Int32Array(journeys.count);
  for (let journey = 0; journey < journeys.count; journey++) {
    codes[journey] = codeOf(journey);
    if (codes[journey] >= 0) size.set(codes[journey], (size.get(codes[journey]) ?? 0) + 1);
  }
  const label = (code: number): string => (code === 0 && columns.length === 1 ? '' : values.values(code).join(' | '));
  const order = [...size.keys()].sort(
    (a, b) => (size.get(b) as number) - (size.get(a) as number) || (label(a) < label(b) ? -1 : 1),
  );
  const group = new Map(order.map((code, index) => [code, index]));
  return { journeys, groupOf: codes.map((code) => group.get(code) ?? -1), labels: order.map(label) };
}

function splitBy(run: FunnelRun, { codes, count }: ValueCodes, attribution: string): SplitJourneys {
  if (attribution === 'all-events') return run.splitByValue(codes, count);
  if (attribution.startsWith('step:')) return run.splitAtStep(stepNamed(run, attribution), codes);
  return { journeys: run.journeys, codeOf: byTouch(run, codes, attribution === 'last-touch') };
}

/** The step that `step:k` names, counted from 0 among those that make the funnel. */
function stepNamed({ steps, optional }: FunnelRun, attribution: string): number {
  const number = Number(attribution.slice('step:'.length));
  const place = steps.findIndex((step) => step.number === number);
  if (place >= 0) return place;
  const last = Math.max(...[...steps, ...(optional?.steps ?? [])].map((step) => step.number));
  throw new AnalysisError(
    `At attribution: 'step:k' names one of the steps 1 to ${last} that must happen, got '${attribution}'.`,
    {
      path: 'parameters.attribution',
      text: message('error.attributionStep', { steps: last, got: attribution }),
    },
  );
}

function byTouch(run: FunnelRun, codes: Uint32Array, last: boolean): (journey: number) => number {
  const { input, unit, classes } = run;
  const touched = new Int32Array(unit.count).fill(-1);
  for (let row = 0; row < input.rows; row++) {
    const owner = unit.codes[row];
    if (owner >= unit.count || codes[row] === 0 || classes.steps[run.classOf(row)].length === 0) continue;
    const other = touched[owner];
    if (other < 0) touched[owner] = row;
    else {
      const later = run.time(row) - run.time(other);
      if (last ? later >= 0 : later < 0) touched[owner] = row;
    }
  }
  return (journey) => {
    const row = touched[run.journeys.unit[journey]];
    return row < 0 ? 0 : codes[row];
  };
}
