import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  daysOf,
  isNumeric,
  isPresent,
  isTime,
  type JsonObject,
  message,
  type Note,
  type NumericColumn,
  numbersOf,
  type RoleInput,
} from '@patron/sdk';
import { readOutcome } from './outcome.ts';

/** Days in a unit of time; months and years are mean lengths. */
const DAYS_IN: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30.4375, year: 365.25 };

export interface SpellParameters {
  readonly event: string | null;
  readonly asOf: string | null;
  readonly unit: string;
}

/** One spell a row, from whichever of the two roles was given. */
export interface SpellInput {
  readonly role: 'spells' | 'contracts';
  readonly input: RoleInput;
  readonly duration: NumericColumn;
  readonly ended: Uint8Array;
  readonly events: number;
  readonly group?: Column;
  readonly weight?: Float64Array;
  readonly notes: readonly Note[];
  readonly settled: JsonObject;
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

/**
 * Spells from durations as they are given, or from the first and last days of contracts: one without a last day, or with
 * one after `asOf`, is still running and counts up to `asOf` (by default the last day in the data).
 */
export function readSpells(context: AnalysisContext, parameters: SpellParameters): SpellInput {
  const { spells, contracts } = context.inputs;
  if (spells) return fromDurations(spells, parameters);
  return fromContracts(contracts, parameters, context.timeZone);
}

function fromDurations(input: RoleInput, parameters: SpellParameters): SpellInput {
  const { duration, ended, group, weight } = input.fields;
  if (!isNumeric(duration))
    throw new AnalysisError("'duration' is text. Map a column of numbers to it.", {
      text: message('error.durationText'),
      path: 'inputs.spells.duration',
    });
  const outcome = readOutcome(ended, parameters.event, 'ended', 'event');
  return {
    role: 'spells',
    input,
    duration,
    ended: outcome.values,
    events: outcome.events,
    group,
    weight: weight ? numbersOf(weight) : undefined,
    notes: outcome.notes,
    settled: {},
    leftOut: [],
  };
}

function fromContracts(input: RoleInput, parameters: SpellParameters, timeZone: string): SpellInput {
  const { start, end, group } = input.fields;
  if (!isTime(start) || (end && !isTime(end))) throw new TypeError("'start' and 'end' must be times.");
  const first = daysOf(start, timeZone);
  const last = end && isTime(end) ? daysOf(end, timeZone) : undefined;
  const hasEnd = (row: number): boolean => end !== undefined && last !== undefined && isPresent(end, row);
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < first.length; i++) {
    if (first[i] > latest) latest = first[i];
    if (hasEnd(i) && last && last[i] > latest) latest = last[i];
  }
  const asOf = parameters.asOf === null ? latest : Date.parse(parameters.asOf) / 86_400_000;
  const unit = DAYS_IN[parameters.unit] ?? 1;
  const values = new Float64Array(first.length);
  const ended = new Uint8Array(first.length);
  let events = 0;
  for (let i = 0; i < first.length; i++) {
    const finished = hasEnd(i) && last !== undefined && last[i] <= asOf;
    values[i] = ((finished && last ? last[i] : asOf) - first[i]) / unit;
    ended[i] = finished ? 1 : 0;
    events += ended[i];
  }
  return {
    role: 'contracts',
    input,
    duration: { type: 'number', length: values.length, values, scale: 1 },
    ended,
    events,
    group,
    notes: [],
    settled: { asOf: Number.isFinite(asOf) ? new Date(asOf * 86_400_000).toISOString().slice(0, 10) : null },
    leftOut: [],
  };
}

/** The note of rows whose duration is negative or not finite. */
export function unusableSpells(spell: SpellInput, count: number): NonNullable<AnalysisResult['leftOut']> {
  return count === 0 ? [] : [{ role: spell.role, reason: message('leftOut.duration'), count }];
}

/** Said where there is no row to work on. */
export function requireRows(rows: number, role: string): void {
  if (rows > 0) return;
  throw new AnalysisError(`There are no rows in '${role}' to work on. Check the mapping and the filters.`, {
    text: message('error.noRows'),
    path: `inputs.${role}`,
  });
}
