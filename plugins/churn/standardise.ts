import { evenRanges } from '@patron/sdk';
import type { Crew } from './spreading.ts';

/** Columns with mean 0 and standard deviation 1; a constant column has scale 0 and becomes all zeros. */
export interface Standardised {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** Row by row: `values[row * width + column]`. */
  readonly values: Float64Array;
  readonly width: number;
}

interface Moments {
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** The kernel that `spreadMoments` runs. */
export const momentKernels = {
  moments: ({ columns }: { readonly columns: readonly Float64Array[] }): Moments => moments(columns),
};

/** Means and standard deviations of columns, two passes for exactness. */
function moments(columns: readonly Float64Array[]): Moments {
  const means = new Float64Array(columns.length);
  const scales = new Float64Array(columns.length);
  columns.forEach((values, c) => {
    const n = values.length;
    let magnitude = 0;
    for (let i = 0; i < n; i++) {
      const size = Math.abs(values[i]);
      if (size > magnitude) magnitude = size;
    }
    if (n === 0 || magnitude === 0) return;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i] / magnitude;
    const mean = sum / n;
    let square = 0;
    for (let i = 0; i < n; i++) square += (values[i] / magnitude - mean) ** 2;
    const deviation = Math.sqrt(square / n);
    means[c] = mean * magnitude;
    // What is left of a constant column is rounding.
    scales[c] = deviation > 1e-13 ? deviation * magnitude : 0;
  });
  return { means, scales };
}

/** The moments of columns, some of them on each thread. */
export async function spreadMoments(crew: Crew, columns: readonly Float64Array[]): Promise<Moments> {
  const ranges = evenRanges(columns.length, Math.max(1, Math.min(columns.length, crew.threads)));
  const parts = await crew.run(
    momentKernels,
    'moments',
    ranges.map(([first, end]) => ({ columns: columns.slice(first, end) })),
  );
  return {
    means: Float64Array.from(parts.flatMap(({ means }) => [...means])),
    scales: Float64Array.from(parts.flatMap(({ scales }) => [...scales])),
  };
}

/** The columns standardised and laid out row by row, in the order of `order` (all rows in their order where absent). */
export function standardise(columns: readonly Float64Array[], order?: Uint32Array): Standardised {
  const { means, scales } = moments(columns);
  const width = columns.length;
  const length = order?.length ?? columns[0]?.length ?? 0;
  const values = new Float64Array(length * width);
  for (let c = 0; c < width; c++) {
    if (scales[c] === 0) continue;
    const column = columns[c];
    for (let i = 0; i < length; i++) values[i * width + c] = (column[order ? order[i] : i] - means[c]) / scales[c];
  }
  return { means, scales, values, width };
}
