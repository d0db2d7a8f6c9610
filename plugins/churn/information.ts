import { cholesky, choleskySolve, invertSymmetric } from '@patron/sdk';

/**
 * Which columns of a Gram or information matrix add nothing to those before them: what is left of the diagonal after the
 * earlier columns is below `tolerance` of what it was, or of the larger `magnitude` that it is a difference of.
 */
export function aliasedColumns(
  matrix: Float64Array,
  order: number,
  magnitude?: Float64Array,
  tolerance = 1e-9,
): boolean[] {
  const aliased = new Array<boolean>(order).fill(false);
  const lower = new Float64Array(order * order);
  for (let j = 0; j < order; j++) {
    let diagonal = matrix[j * order + j];
    const whole = magnitude?.[j] ?? diagonal;
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

/** The inverse of a positive definite matrix, or of one lifted as little as makes it so. */
export function sureInverse(matrix: Float64Array, order: number): Float64Array {
  const inverse = invertSymmetric(matrix, order);
  if (inverse) return inverse;
  const lower = sureCholesky(matrix, order);
  const result = new Float64Array(order * order);
  for (let column = 0; column < order; column++) {
    const unit = new Float64Array(order);
    unit[column] = 1;
    const solution = choleskySolve(lower, unit);
    for (let row = 0; row < order; row++) result[row * order + column] = solution[row];
  }
  return result;
}

/** `values` with those at `places` moved by `length` times `step`. */
export function moved(
  values: Float64Array,
  places: readonly number[],
  step: Float64Array,
  length: number,
): Float64Array {
  const next = values.slice();
  places.forEach((place, i) => {
    next[place] += length * step[i];
  });
  return next;
}
