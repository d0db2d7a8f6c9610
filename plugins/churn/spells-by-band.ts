import {
  evenRanges,
  type NumericArray,
  type NumericColumn,
  type SpellCounts,
  type SpellsResult,
  spells,
} from '@patron/sdk';
import type { GivenSpells } from './spells-spread.ts';
import type { Crew } from './spreading.ts';

/** How durations, as they are stored, fall into bands of like length: evenly over the bulk of them. */
interface Bands {
  readonly count: number;
  readonly from: number;
  readonly factor: number;
}

/** Rows laid out cell by cell, a cell being a group's band; within a cell in their old order. */
interface Laid {
  readonly values: NumericArray;
  readonly ended: Uint8Array;
  readonly weight?: Float64Array;
}

interface CountPart {
  readonly given: GivenSpells;
  readonly bands: Bands;
  readonly rows: readonly [start: number, end: number];
}

interface LayPart extends CountPart {
  readonly into: Laid;
  /** By cell: where this part's first row goes. */
  readonly places: Float64Array;
}

interface CellsPart {
  readonly duration: NumericColumn;
  readonly laid: Laid;
  readonly starts: Float64Array;
  readonly cells: readonly [first: number, end: number];
  readonly room: SpellCounts;
}

interface CellsResult {
  /** By cell of the part: how many distinct durations it has; they follow one another in the room. */
  readonly lengths: Uint32Array;
  readonly unusable: number;
}

/** Rows of a cell: few enough to be sorted within a processor's own cache. */
const CELL_ROWS = 1 << 15;
const SAMPLE = 4096;

export const bandKernels = {
  spellsCount({ given, bands, rows: [start, end] }: CountPart): Uint32Array {
    const { group, groupCount } = given;
    const { values } = given.duration;
    const counts = new Uint32Array(groupCount * bands.count);
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (value >= 0 && value < Number.POSITIVE_INFINITY) counts[cellOf(bands, value, group ? group[i] : 0)]++;
    }
    return counts;
  },

  spellsLay({ given, bands, rows: [start, end], into, places }: LayPart): void {
    const { group, ended, weight } = given;
    const { values } = given.duration;
    const next = places.slice();
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) continue;
      const place = next[cellOf(bands, value, group ? group[i] : 0)]++;
      into.values[place] = value;
      into.ended[place] = ended[i];
      if (into.weight && weight) into.weight[place] = weight[i];
    }
  },

  spellsOfCells({ duration, laid, starts, cells: [first, end], room }: CellsPart): CellsResult {
    const lengths = new Uint32Array(end - first);
    let at = starts[first];
    let unusable = 0;
    for (let cell = first; cell < end; cell++) {
      const [from, to] = [starts[cell], starts[cell + 1]];
      if (from === to) continue;
      const own = { ...duration, length: to - from, values: laid.values.subarray(from, to) } as NumericColumn;
      const result = spells(own, laid.ended.subarray(from, to), { weight: laid.weight?.subarray(from, to) });
      const [counts] = result.groups;
      room.times.set(counts.times, at);
      room.ended.set(counts.ended, at);
      room.running.set(counts.running, at);
      lengths[cell - first] = counts.times.length;
      at += counts.times.length;
      unusable += result.unusable;
    }
    return { lengths, unusable };
  },
};

/**
 * The reduction `spells` of many distinct durations: rows are laid out by bands of durations, small enough to be sorted in a
 * processor's cache. Bands follow one another, so what each gives is a stretch of the whole.
 */
export async function spellsByBand(crew: Crew, given: GivenSpells): Promise<SpellsResult> {
  const { groupCount, duration } = given;
  const { length, values } = duration;
  const bands = bandsOf(values, length, Math.max(1, Math.round(length / groupCount / CELL_ROWS)));
  const cells = groupCount * bands.count;
  const parts = evenRanges(length, crew.threads).map((rows): CountPart => ({ given, bands, rows }));
  const counts = await crew.run(bandKernels, 'spellsCount', parts);
  const starts = new Float64Array(cells + 1);
  const places = counts.map(() => new Float64Array(cells));
  for (let cell = 0; cell < cells; cell++) {
    let at = starts[cell];
    counts.forEach((own, part) => {
      places[part][cell] = at;
      at += own[cell];
    });
    starts[cell + 1] = at;
  }
  const usable = starts[cells];
  const into: Laid = {
    values: crew.room(values, usable),
    ended: crew.room(given.ended, usable),
    weight: given.weight && crew.room(given.weight, usable),
  };
  await crew.run(
    bandKernels,
    'spellsLay',
    parts.map((part, index): LayPart => ({ ...part, into, places: places[index] })),
  );
  const double = new Float64Array(0);
  const room = {
    times: crew.room(double, usable),
    ended: crew.room(double, usable),
    running: crew.room(double, usable),
  };
  const shares = cellShares(starts, crew.threads);
  const found = await crew.run(
    bandKernels,
    'spellsOfCells',
    shares.map(
      (own): CellsPart =>
        ({
          duration: { ...duration, values: values.subarray(0, 0) },
          laid: into,
          starts,
          cells: own,
          room,
        }) as CellsPart,
    ),
  );
  const lengths = joinLengths(found, cells);
  closeUp(room, starts, shares, lengths);
  let at = 0;
  const groups = Array.from({ length: groupCount }, (_, code) => {
    const start = at;
    for (let cell = code * bands.count; cell < (code + 1) * bands.count; cell++) at += lengths[cell];
    return {
      times: room.times.subarray(start, at),
      ended: room.ended.subarray(start, at),
      running: room.running.subarray(start, at),
    };
  });
  return { groups, unusable: length - usable + found.reduce((sum, { unusable }) => sum + unusable, 0) };
}

function joinLengths(parts: readonly CellsResult[], cells: number): Uint32Array {
  const lengths = new Uint32Array(cells);
  let at = 0;
  for (const part of parts) {
    lengths.set(part.lengths, at);
    at += part.lengths.length;
  }
  return lengths;
}

/** Equal durations leave room at the end of each part; what follows moves up. */
function closeUp(
  room: SpellCounts,
  starts: Float64Array,
  shares: readonly (readonly [first: number, end: number])[],
  lengths: Uint32Array,
): void {
  let at = 0;
  for (const [first, end] of shares) {
    let length = 0;
    for (let cell = first; cell < end; cell++) length += lengths[cell];
    const from = starts[first];
    if (from > at)
      for (const array of [room.times, room.ended, room.running]) array.copyWithin(at, from, from + length);
    at += length;
  }
}

/** Even bands between the hundredth and the ninety-ninth percentile of a sample; what is beyond joins the outer ones. */
function bandsOf(values: NumericArray, length: number, count: number): Bands {
  const sorted = sampleOf(values, length)
    .filter((value) => value >= 0 && value < Number.POSITIVE_INFINITY)
    .sort();
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const from = at(0.01);
  const width = at(0.99) - from;
  return width > 0 ? { count, from, factor: count / width } : { count: 1, from, factor: 0 };
}

function cellOf({ count, from, factor }: Bands, value: number, group: number): number {
  const band = (value - from) * factor;
  return group * count + (band <= 0 ? 0 : band >= count ? count - 1 : band | 0);
}

/** Ranges of cells of about as many rows each. */
function cellShares(starts: Float64Array, parts: number): [first: number, end: number][] {
  const cells = starts.length - 1;
  const shares: [number, number][] = [];
  for (let part = 0, first = 0; part < parts; part++) {
    const wanted = (starts[cells] * (part + 1)) / parts;
    let end = first;
    while (end < cells && (part === parts - 1 || starts[end + 1] <= wanted)) end++;
    shares.push([first, end]);
    first = end;
  }
  return shares;
}

/** Values evenly from among all. */
function sampleOf(values: NumericArray, length: number): Float64Array {
  const size = Math.min(SAMPLE, length);
  return Float64Array.from({ length: size }, (_, i) => values[Math.floor((i * length) / size)]);
}

/** Whether nearly every value of a sample is another. */
export function mostlyDistinct(values: NumericArray, length: number): boolean {
  const sample = sampleOf(values, length);
  return new Set(sample).size > sample.length * 0.75;
}
