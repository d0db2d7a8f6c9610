import {
  evenRanges,
  type NumericArray,
  type NumericColumn,
  type SpellsOptions,
  type SpellsResult,
  spells,
  type Threads,
} from '@patron/sdk';
import { pooled } from './kaplan-meier.ts';
import { bandKernels, mostlyDistinct, spellsByBand } from './spells-by-band.ts';
import { spreading } from './spreading.ts';

/** Spells as the kernels get them. */
export interface GivenSpells {
  readonly duration: NumericColumn;
  readonly ended: Uint8Array;
  readonly group?: SpellsOptions['group'];
  readonly groupCount: number;
  readonly weight?: Float64Array;
}

interface RowsPart extends GivenSpells {
  readonly rows: readonly [start: number, end: number];
}

/** Parts that weights are added up in, however many threads there are, so that the digits are the same. */
const WEIGHT_PARTS = 8;

/** Fewer rows are reduced in one go. */
const MANY_ROWS = 200_000;

/** The kernels that `spreadSpells` runs. */
export const spellKernels = {
  ...bandKernels,

  spellsOfRows: ({ duration, ended, group, groupCount, weight, rows: [start, end] }: RowsPart): SpellsResult =>
    spells(
      { ...duration, length: end - start, values: duration.values.subarray(start, end) } as NumericColumn,
      ended.subarray(start, end),
      { group: group?.subarray(start, end), groupCount, weight: weight?.subarray(start, end) },
    ),
};

/**
 * The reduction `spells` on all threads: few distinct durations are counted by ranges of rows, many are sorted by bands of
 * durations. The same result, however many threads there are.
 */
export async function spreadSpells(threads: Threads, given: GivenSpells): Promise<SpellsResult> {
  const { duration, ended, group, groupCount, weight } = given;
  const { length } = duration;
  if (length < MANY_ROWS) return spells(duration, ended, given);
  const crew = spreading(threads, length);
  const own = <A extends NumericArray>(array: A): A => crew.shared(array);
  const within: GivenSpells = {
    duration: { ...duration, validity: undefined, values: own(duration.values) } as NumericColumn,
    ended: own(ended),
    group: group && own(group),
    groupCount,
    weight: weight && own(weight),
  };
  if (mostlyDistinct(duration.values, length)) return spellsByBand(crew, within);
  const ranges = evenRanges(length, weight ? WEIGHT_PARTS : crew.threads);
  const parts = await crew.run(
    spellKernels,
    'spellsOfRows',
    ranges.map((rows): RowsPart => ({ ...within, rows })),
  );
  return {
    groups: Array.from({ length: groupCount }, (_, code) => pooled(parts.map(({ groups }) => groups[code]))),
    unusable: parts.reduce((sum, { unusable }) => sum + unusable, 0),
  };
}
