import {
  AnalysisError,
  type Column,
  denseCodes,
  type EventClasses,
  message,
  type RoleInput,
  rowTest,
} from '@patron/sdk';
import { similarNames } from './similar-names.ts';
import type { EventPattern, Exclusion, Filter, Step } from './steps.ts';

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** What each event is to the funnel: the steps and exclusions of its class. */
export interface Classification {
  readonly code: Codes;
  readonly classOfCode: Uint16Array;
  readonly classes: EventClasses;
}

/** The events role as the funnel needs it. */
export interface EventNames {
  readonly codes: Codes;
  readonly names: readonly string[];
  /** By code, how many rows. */
  readonly counts: Uint32Array;
}

/** The event names of a column with how often each occurs. */
export function eventNames(column: Column): EventNames {
  const { codes, count, label } = denseCodes(column);
  const counts = new Uint32Array(count);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  return { codes, names: Array.from({ length: count }, (_, code) => label(code)), counts };
}

/**
 * @throws AnalysisError naming a step (or exclusion) whose event does not occur, with the names that look like it; not where
 * `allow` lets such a step count nobody.
 */
export function checkNames(
  names: EventNames,
  patterns: readonly EventPattern[],
  path: string,
  allow: boolean,
): string[] {
  const present = names.names.filter((_, code) => names.counts[code] > 0);
  const known = new Set(present);
  const missing: string[] = [];
  patterns.forEach((pattern, index) => {
    const absent = pattern.events?.filter((name) => !known.has(name)) ?? [];
    missing.push(...absent);
    if (allow || absent.length === 0 || absent.length < (pattern.events?.length ?? 0)) return;
    const alike = similarNames(absent[0], present);
    const hint =
      alike.length > 0
        ? `Did you mean '${alike.join("', '")}'?`
        : `The table has '${present.slice(0, 8).join("', '")}'.`;
    throw new AnalysisError(`At ${path}.${index}.event: no event '${absent[0]}' occurs in the table. ${hint}`, {
      path: `parameters.${path}.${index}.event`,
      text: message('error.unknownEvent', {
        event: absent[0],
        number: index + 1,
        names: (alike.length > 0 ? alike : present.slice(0, 8)).join(', '),
      }),
    });
  });
  return missing;
}

/**
 * Classes of events. A step without filters is settled once for each event name; one with filters by one pass over the rows
 * of its events. Classes come in the order of their first step, so that events at one time lie in their favourable order.
 */
export function classify(
  input: RoleInput,
  names: EventNames,
  steps: readonly Step[],
  exclusions: readonly Exclusion[],
  owner: Codes,
  time: (row: number) => number,
): Classification {
  const marks: Mark[] = [
    ...steps.map((pattern) => ({ pattern, path: pattern.path, firstTime: pattern.firstTime })),
    ...exclusions.map((pattern, index) => ({ pattern, path: `exclusions.${index}`, firstTime: null })),
  ];
  const sets = new MarkSets(marks.length, steps.length);
  const byName = new Uint16Array(names.names.length);
  marks.forEach(({ pattern, firstTime }, mark) => {
    if (pattern.filters.length > 0 || firstTime !== null) return;
    for (let code = 0; code < byName.length; code++)
      if (matchesName(pattern, names.names[code])) byName[code] = sets.with(byName[code], mark);
  });
  if (marks.every(({ pattern, firstTime }) => pattern.filters.length === 0 && firstTime === null))
    return sets.settle(names.codes, byName);
  const byRow = new Uint16Array(input.rows);
  for (let row = 0; row < byRow.length; row++) byRow[row] = byName[names.codes[row]];
  marks.forEach((mark, index) => {
    if (mark.pattern.filters.length > 0 || mark.firstTime !== null)
      markRows(input, names, mark, owner, time, (row) => {
        byRow[row] = sets.with(byRow[row], index);
      });
  });
  return sets.settle(
    byRow,
    Uint16Array.from({ length: sets.count }, (_, set) => set),
  );
}

interface Mark {
  readonly pattern: EventPattern;
  readonly path: string;
  readonly firstTime: Step['firstTime'];
}

function markRows(
  input: RoleInput,
  names: EventNames,
  { pattern, path, firstTime }: Mark,
  owner: Codes,
  time: (row: number) => number,
  mark: (row: number) => void,
): void {
  const tests = pattern.filters.map((filter, index) => {
    const column = input.properties[filter.property];
    if (column === undefined)
      throw new AnalysisError(`At ${path}.filters.${index}.property: the table has no column '${filter.property}'.`, {
        path: `parameters.${path}.filters.${index}.property`,
        text: message('error.noColumn', { column: filter.property }),
      });
    return rowTest(column, filter, (value) => incomparable(column, filter, value, `${path}.filters.${index}`));
  });
  const wanted = Uint8Array.from(names.names, (name) => (matchesName(pattern, name) ? 1 : 0));
  const passes = (row: number): boolean => tests.every((test) => test(row));
  const first = new Map<number, number>();
  for (let row = 0; row < input.rows; row++) {
    if (wanted[names.codes[row]] === 0) continue;
    if (firstTime === null) {
      if (passes(row)) mark(row);
      continue;
    }
    if (firstTime === 'match' && !passes(row)) continue;
    const known = first.get(owner[row]);
    if (known === undefined || time(row) < time(known)) first.set(owner[row], row);
  }
  for (const row of first.values()) if (passes(row)) mark(row);
}

function incomparable(column: Column, { property }: Filter, value: unknown, path: string): AnalysisError {
  return new AnalysisError(
    `At ${path}: column '${property}' holds ${column.type} values, so it cannot be compared with '${String(value)}'.`,
    { path: `parameters.${path}`, text: message('error.filterValue', { property, value: String(value) }) },
  );
}

function matchesName({ events }: EventPattern, name: string): boolean {
  return events === null || events.includes(name);
}

/** Sets of marks as they come up, set 0 the empty one. */
class MarkSets {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly next = new Map<number, number>();
  private readonly marks: number;
  private readonly stepCount: number;

  constructor(marks: number, stepCount: number) {
    this.marks = marks;
    this.stepCount = stepCount;
  }

  get count(): number {
    return this.sets.length;
  }

  /** The set that has `mark` besides those of `set`. Marks are added in ascending order. */
  with(set: number, mark: number): number {
    const key = set * this.marks + mark;
    let found = this.next.get(key);
    if (found === undefined) {
      found = this.sets.push([...this.sets[set], mark]) - 1;
      this.next.set(key, found);
    }
    return found;
  }

  /** Classes in the order of their first step, with what each code of `code` belongs to. */
  settle(code: Codes, setOfCode: Uint16Array): Classification {
    const byFirst = this.sets
      .map((_, set) => set)
      .sort((a, b) => (a === 0 ? -1 : b === 0 ? 1 : firstMark(this.sets[a]) - firstMark(this.sets[b]) || a - b));
    const classOfSet = new Uint16Array(this.sets.length);
    byFirst.forEach((set, index) => {
      classOfSet[set] = index;
    });
    const own = byFirst.map((set) => this.sets[set].toSorted((a, b) => a - b));
    return {
      code,
      classOfCode: setOfCode.map((set) => classOfSet[set]),
      classes: {
        steps: own.map((set) => set.filter((mark) => mark < this.stepCount)),
        exclusions: own.map((set) => set.filter((mark) => mark >= this.stepCount).map((mark) => mark - this.stepCount)),
      },
    };
  }
}

function firstMark(set: readonly number[]): number {
  return Math.min(...set);
}
