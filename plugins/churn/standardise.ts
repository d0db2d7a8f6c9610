import { cholesky } from '@patron/sdk';

/** Columns with mean 0 and standard deviation 1; a constant column has scale 0 and becomes all zeros. */
export interface Standardised {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** Row by row: `values[row * width + column]`. */
  readonly values: Float64Array;
  readonly width: number;
}

/** Means and standard deviations of columns, two passes for exactness. */
export function moments(columns: readonly Float64Array[]): { means: Float64Array; scales: Float64Array } {
  const means = new Float64Array(columns.length);
  const scales = new Float64Array(columns.length);
  columns.forEach((values, c) => {
    const n = values.length;
    let magnitude = 0;
    for (let i = 0; i < n; i++) magnitude = Math.max(magnitude, Math.abs(values[i]));
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

/**
 * Which columns of a Gram or information matrix add nothing to those before them: what is left of the diagonal after the
 * earlier columns is below `tolerance` of what it was.
 */
export function aliasedColumns(matrix: Float64Array, order: number, tolerance = 1e-9): boolean[] {
  const aliased = new Array<boolean>(order).fill(false);
  const lower = new Float64Array(order * order);
  for (let j = 0; j < order; j++) {
    let diagonal = matrix[j * order + j];
    const whole = diagonal;
    for (let k = 0; k < j; k++) diagonal -= lower[j * order + k] ** 2;
    if (!(diagonal > tolerance * whole) || !(whole > 0)) {
      aliased[j] = true;
      continue;
    }
    const root = Math.sqrt(diagonal);
    lower[j * order + j] = root;
    for (let i = j + 1; i < order; i++) {
      let sum = matrix[i * order + j];
      for (let k = 0; k < j; k++) sum -= lower[i * order + k] * lower[j * order + k];
      lower[i * order + j] = sum / root;
    }
  }
  return aliased;
}

/** The rows and columns `kept` of a square matrix. */
export function submatrix(matrix: Float64Array, order: number, kept: readonly number[]): Float64Array {
  const size = kept.length;
  const part = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) part[i * size + j] = matrix[kept[i] * order + kept[j]];
  return part;
}

/** The Cholesky factor, with a little added to the diagonal where rounding has made the matrix indefinite. */
export function sureCholesky(matrix: Float64Array, order: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < order; i++) trace += Math.abs(matrix[i * order + i]);
  for (let ridge = 0; ; ridge = Math.max(ridge * 10, (trace / order) * 1e-14 + 1e-300)) {
    const lifted = matrix.slice();
    for (let i = 0; i < order; i++) lifted[i * order + i] += ridge;
    const lower = cholesky(lifted, order);
    if (lower) return lower;
    if (!(ridge < Number.MAX_VALUE)) throw new RangeError('The matrix has values that are not numbers.');
  }
}
