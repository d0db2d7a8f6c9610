import { evenRanges } from '@patron/sdk';
import type { Crew } from './spreading.ts';

/** Feature values cut into classes, at most 255 a feature; class 0 is a missing value. */
export interface BinnedFeatures {
  readonly width: number;
  /** Row by row: `bins[row * width + feature]`. */
  readonly bins: Uint8Array;
  /** How many classes each feature has. */
  readonly counts: Uint16Array;
}

/** Classes of a feature that are cut at quantiles. */
const MOST_CUTS = 64;
const SAMPLE = 50_000;

interface BinPart {
  readonly columns: readonly Float64Array[];
  readonly cuts: readonly Float64Array[];
  /** Shared: where the classes go. */
  readonly bins: Uint8Array;
  readonly rows: readonly [start: number, end: number];
}

export const binKernels = {
  binRows({ columns, cuts, bins, rows: [start, end] }: BinPart): void {
    const width = columns.length;
    columns.forEach((values, feature) => {
      const own = cuts[feature];
      for (let i = start; i < end; i++) {
        const value = values[i];
        if (!Number.isNaN(value)) bins[i * width + feature] = classOf(own, value) + 1;
      }
    });
  },
};

/** How many of the ascending cuts lie below a value. */
function classOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cuts columns at quantiles of a sample; a column of few distinct values keeps them all. Missing values are NaN. */
export async function binFeatures(crew: Crew, given: readonly Float64Array[], length: number): Promise<BinnedFeatures> {
  const width = given.length;
  const cuts = given.map((values) => cutPoints(values, MOST_CUTS));
  const bins = crew.room(new Uint8Array(0), length * width);
  const columns = given.map(crew.shared);
  await crew.run(
    binKernels,
    'binRows',
    evenRanges(length, crew.threads).map((rows): BinPart => ({ columns, cuts, bins, rows })),
  );
  return { width, bins, counts: Uint16Array.from(cuts, (own) => own.length + 2) };
}

function cutPoints(values: Float64Array, most: number): Float64Array {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += stride) if (!Number.isNaN(values[i])) sample.push(values[i]);
  const sorted = Float64Array.from(sample).sort();
  const edges: number[] = [];
  const distinct = new Set(sorted);
  if (distinct.size <= most) {
    const ordered = [...distinct];
    for (let i = 0; i + 1 < ordered.length; i++) edges.push(ordered[i] + (ordered[i + 1] - ordered[i]) / 2);
  } else
    for (let i = 1; i < most; i++) {
      const edge = sorted[Math.floor((sorted.length * i) / most)];
      if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
    }
  return Float64Array.from(edges);
}

/** The classes of some rows only, one after another. */
export function takeBins(crew: Crew, { width, bins, counts }: BinnedFeatures, rows: Uint32Array): BinnedFeatures {
  const own = crew.room(bins, rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * width;
    for (let feature = 0; feature < width; feature++) own[i * width + feature] = bins[from + feature];
  }
  return { width, bins: own, counts };
}
