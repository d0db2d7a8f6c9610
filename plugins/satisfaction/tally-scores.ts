import {
  type Column,
  type DenseCodes,
  denseCodes,
  evenRanges,
  isPresent,
  type NumericColumn,
  numberAt,
  type Period,
  periodIndex,
  shared,
  type Threads,
  type TimeColumn,
  validityOf,
  worthSpreading,
} from '@patron/sdk';
import { addWeighed, emptyTally, type Tally } from './estimate.ts';
import type { Scale } from './scale.ts';
import type { PeriodTally } from './score-run.ts';

/** The columns that responses are tallied by; a row counts where `counted`, if given, is 1. */
interface ScoreColumns {
  readonly score: Column;
  readonly weight?: Column;
  readonly time?: Column;
  readonly segment?: Column;
  readonly counted?: Uint8Array;
}

interface TallyPart {
  readonly columns: Omit<ScoreColumns, 'segment'>;
  /** By row: its segment's code; `validity` where some have none. */
  readonly segments?: { readonly column: Column; readonly codes: DenseCodes['codes']; readonly count: number };
  readonly minimum: number;
  readonly maximum: number;
  readonly period: Period;
  readonly timeZone: string;
  readonly rows: readonly [start: number, end: number];
}

/** How many responses gave each score of each group, and their weights: `responses[group * scores + score − minimum]`. */
interface Cells {
  readonly responses: Float64Array;
  readonly weights?: Float64Array;
  readonly squares?: Float64Array;
}

interface PartTallies {
  readonly offScale: number;
  readonly unweighted: number;
  readonly whole: Cells;
  readonly firstPeriod: number;
  readonly periods?: Cells;
  readonly segments?: Cells;
  readonly noTime: number;
  readonly noSegment: number;
}

/** Responses that count, tallied. */
export interface ScoreTallies {
  /** How many responses gave each score; entry i is for score i. */
  readonly counts: Float64Array;
  readonly responses: number;
  readonly offScale: number;
  readonly unweighted: number;
  readonly whole: Tally;
  /** Periods in which someone answered, in order. */
  readonly periods: PeriodTally[];
  /** By code of the segment. */
  readonly segments: Tally[];
  readonly segmentCodes?: DenseCodes;
  readonly noTime: number;
  readonly noSegment: number;
}

const MANY_ROWS = 200_000;
/** Parts that weights are added up in, however many threads there are, so that the digits are the same. */
const WEIGHT_PARTS = 8;

/** The kernel that `tallyScores` runs. */
export const tallyKernels = { tallyScores: tallyPart };

/** Tallies responses as a whole, by period and by segment, on all threads where that is worth it. */
export async function tallyScores(
  threads: Threads,
  columns: ScoreColumns,
  scale: Scale,
  period: Period,
  timeZone: string,
): Promise<ScoreTallies> {
  const { segment, ...others } = columns;
  const rows = columns.score.length;
  const spread = worthSpreading(threads, rows);
  const codes = segment && denseCodes(segment);
  const given: Omit<TallyPart, 'rows'> = {
    columns: spread ? sharedColumns(others) : others,
    segments:
      segment && codes
        ? {
            column: { type: 'boolean', length: rows, values: new Uint8Array(0), validity: segment.validity },
            codes: spread ? shared(codes.codes) : codes.codes,
            count: codes.count,
          }
        : undefined,
    minimum: scale.minimum,
    maximum: scale.maximum,
    period,
    timeZone,
  };
  const ranges = evenRanges(rows, rows < MANY_ROWS ? 1 : columns.weight ? WEIGHT_PARTS : spread ? threads.threads : 1);
  const inputs = ranges.map((range): TallyPart => ({ ...given, rows: range }));
  const parts = spread ? await threads.spread<PartTallies>('tallyScores', inputs) : inputs.map(tallyPart);
  const total = (of: (part: PartTallies) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const counts = new Float64Array(scale.maximum + 1);
  for (const { whole } of parts)
    whole.responses.forEach((count, i) => {
      counts[scale.minimum + i] += count;
    });
  const tallied = (group: number, of: (part: PartTallies) => Cells | undefined): Tally => {
    const tally = emptyTally();
    for (const part of parts) addCells(tally, of(part), group, scale);
    return tally;
  };
  return {
    counts,
    responses: counts.reduce((sum, count) => sum + count, 0),
    offScale: total(({ offScale }) => offScale),
    unweighted: total(({ unweighted }) => unweighted),
    whole: tallied(0, ({ whole }) => whole),
    periods: tallyPeriods(parts, scale),
    segments: Array.from({ length: codes?.count ?? 0 }, (_, code) => tallied(code, ({ segments }) => segments)),
    segmentCodes: codes,
    noTime: total(({ noTime }) => noTime),
    noSegment: total(({ noSegment }) => noSegment),
  };
}

function sharedColumns({ score, weight, time, counted }: Omit<ScoreColumns, 'segment'>): Omit<ScoreColumns, 'segment'> {
  const own = (column: Column | undefined): Column | undefined =>
    column && column.type !== 'string' ? ({ ...column, values: shared(column.values) } as Column) : column;
  return { score: own(score) ?? score, weight: own(weight), time: own(time), counted: counted && shared(counted) };
}

function tallyPeriods(parts: readonly PartTallies[], scale: Scale): PeriodTally[] {
  const tallies = new Map<number, Tally>();
  const scores = scale.maximum - scale.minimum + 1;
  for (const { periods, firstPeriod } of parts) {
    for (let group = 0; periods && group * scores < periods.responses.length; group++) {
      const tally = tallies.get(firstPeriod + group) ?? emptyTally();
      addCells(tally, periods, group, scale);
      if (tally.n > 0) tallies.set(firstPeriod + group, tally);
    }
  }
  return [...tallies].sort(([a], [b]) => a - b).map(([period, tally]) => ({ period, tally }));
}

function addCells(tally: Tally, cells: Cells | undefined, group: number, { minimum, maximum, worth }: Scale): void {
  if (!cells) return;
  const { responses, weights, squares } = cells;
  for (let score = minimum, cell = group * (maximum - minimum + 1); score <= maximum; score++, cell++) {
    const n = responses[cell];
    if (n > 0) addWeighed(tally, worth(score), n, weights ? weights[cell] : n, squares ? squares[cell] : n);
  }
}

/** No score of the scale. */
const NONE = 255;

function tallyPart({ columns, segments, minimum, maximum, period, timeZone, rows }: TallyPart): PartTallies {
  const [start, end] = rows;
  const { score, weight, time, counted } = columns;
  const scores = maximum - minimum + 1;
  const cells = (groups: number): Cells => ({
    responses: new Float64Array(groups * scores),
    ...(weight ? { weights: new Float64Array(groups * scores), squares: new Float64Array(groups * scores) } : {}),
  });
  const direct = score.type === 'integer' && score.validity === undefined ? score.values : undefined;
  const place = new Uint8Array(end - start);
  // Neighbouring rows often have the same score; alternating between copies keeps one increment from waiting for the last.
  const responses = new Uint32Array(4 * scores);
  let offScale = 0;
  for (let row = start; row < end; row++) {
    const value = direct ? direct[row] : numberAt(score, row);
    const at = value - minimum;
    if (at >= 0 && at < scores && at === Math.floor(at)) {
      place[row - start] = at;
      responses[(row & 3) * scores + at]++;
    } else {
      place[row - start] = NONE;
      offScale++;
    }
  }
  const whole = cells(1);
  let unweighted = 0;
  if (counted || weight) {
    for (let row = start; row < end; row++) {
      const at = place[row - start];
      if (at === NONE) continue;
      const mass = weight ? numberAt(weight, row) : 1;
      if (!(mass > 0)) unweighted++;
      if (!(mass > 0) || counted?.[row] === 0) place[row - start] = NONE;
      else addRow(whole, at, mass);
    }
  } else for (let i = 0; i < responses.length; i++) whole.responses[i % scores] += responses[i];
  const addGroups = (into: Cells, codes: ArrayLike<number>, offset: number, column: Column): number => {
    let missing = 0;
    for (let row = start; row < end; row++) {
      const at = place[row - start];
      if (at === NONE) continue;
      if (column.validity && !isPresent(column, row)) missing++;
      else if (weight) addRow(into, codes[row - offset] * scores + at, numberAt(weight, row));
      else into.responses[codes[row - offset] * scores + at]++;
    }
    return missing;
  };
  let periods: Cells | undefined;
  let firstPeriod = 0;
  let noTime = 0;
  if (time) {
    const own = periodIndex(partOf(time, start, end), period, timeZone);
    firstPeriod = own.first;
    periods = cells(Math.max(0, own.last - own.first + 1));
    const { indexes } = own;
    for (let i = 0; i < indexes.length; i++) indexes[i] -= firstPeriod;
    noTime = addGroups(periods, indexes, start, time);
  }
  const bySegment = segments && cells(segments.count);
  const noSegment = segments && bySegment ? addGroups(bySegment, segments.codes, 0, segments.column) : 0;
  return { offScale, unweighted, whole, firstPeriod, periods, segments: bySegment, noTime, noSegment };
}

function addRow({ responses, weights, squares }: Cells, cell: number, mass: number): void {
  responses[cell]++;
  if (!weights || !squares) return;
  weights[cell] += mass;
  squares[cell] += mass * mass;
}

function partOf(column: Column, start: number, end: number): TimeColumn {
  const { values } = column as NumericColumn;
  const validity = column.validity && validityOf(end - start, (row) => isPresent(column, start + row));
  return { ...column, length: end - start, values: values.subarray(start, end), validity } as TimeColumn;
}
