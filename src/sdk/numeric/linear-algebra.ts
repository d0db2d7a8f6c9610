/**
 * Dense matrices of the size of a model's parameters. A matrix of order n is a Float64Array of n * n values, row by row.
 */

/**
 * The lower triangular L with L Lᵀ = `matrix` (only its lower triangle is read); undefined where the matrix is not
 * positive definite to working precision. (Golub & Van Loan, Matrix Computations, algorithm 4.2.2.)
 */
export function cholesky(matrix: Float64Array, order: number): Float64Array | undefined {
  const lower = new Float64Array(order * order);
  for (let column = 0; column < order; column++) {
    let diagonal = matrix[column * order + column];
    const scale = Math.abs(diagonal);
    for (let k = 0; k < column; k++) diagonal -= lower[column * order + k] ** 2;
    if (!(diagonal > scale * 1e-15)) return undefined;
    const root = Math.sqrt(diagonal);
    lower[column * order + column] = root;
    for (let row = column + 1; row < order; row++) {
      let sum = matrix[row * order + column];
      for (let k = 0; k < column; k++) sum -= lower[row * order + k] * lower[column * order + k];
      lower[row * order + column] = sum / root;
    }
  }
  return lower;
}

/** x with L Lᵀ x = `right`, from the factor L that `cholesky` gives. */
export function choleskySolve(lower: Float64Array, right: ArrayLike<number>): Float64Array {
  const order = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * order + k] * x[k];
    x[i] /= lower[i * order + i];
  }
  for (let i = order - 1; i >= 0; i--) {
    for (let k = i + 1; k < order; k++) x[i] -= lower[k * order + i] * x[k];
    x[i] /= lower[i * order + i];
  }
  return x;
}

/** The inverse of a symmetric positive definite matrix; undefined where it is not positive definite. */
export function invertSymmetric(matrix: Float64Array, order: number): Float64Array | undefined {
  const lower = cholesky(matrix, order);
  if (!lower) return undefined;
  const inverse = new Float64Array(order * order);
  const unit = new Float64Array(order);
  for (let column = 0; column < order; column++) {
    unit.fill(0);
    unit[column] = 1;
    const solution = choleskySolve(lower, unit);
    for (let row = 0; row < order; row++) inverse[row * order + column] = solution[row];
  }
  return inverse;
}

/**
 * x with `matrix` x = `right`, for any square matrix, by elimination with partial pivoting; undefined where the matrix is
 * singular to working precision.
 */
export function solve(matrix: Float64Array, right: ArrayLike<number>): Float64Array | undefined {
  const order = right.length;
  const work = matrix.slice();
  const x = Float64Array.from(right);
  let largest = 0;
  for (const value of work) largest = Math.max(largest, Math.abs(value));
  for (let column = 0; column < order; column++) {
    let pivot = column;
    for (let row = column + 1; row < order; row++) {
      if (Math.abs(work[row * order + column]) > Math.abs(work[pivot * order + column])) pivot = row;
    }
    if (!(Math.abs(work[pivot * order + column]) > largest * 1e-15)) return undefined;
    if (pivot !== column) {
      for (let k = column; k < order; k++) {
        const held = work[column * order + k];
        work[column * order + k] = work[pivot * order + k];
        work[pivot * order + k] = held;
      }
      const held = x[column];
      x[column] = x[pivot];
      x[pivot] = held;
    }
    for (let row = column + 1; row < order; row++) {
      const factor = work[row * order + column] / work[column * order + column];
      if (factor === 0) continue;
      for (let k = column; k < order; k++) work[row * order + k] -= factor * work[column * order + k];
      x[row] -= factor * x[column];
    }
  }
  for (let row = order - 1; row >= 0; row--) {
    for (let k = row + 1; k < order; k++) x[row] -= work[row * order + k] * x[k];
    x[row] /= work[row * order + row];
  }
  return x;
}

/** The eigenvalues of a symmetric matrix, ascending. */
export function symmetricEigenvalues(matrix: Float64Array, order: number): Float64Array {
  return symmetricEigen(matrix, order).values.sort();
}

/**
 * Eigenvalues of a symmetric matrix, in no order, and its eigenvectors as the columns of a row-major matrix: vector e has the
 * components `vectors[i * order + e]`. By cyclic Jacobi rotations.
 */
export function symmetricEigen(matrix: Float64Array, order: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(order * order);
  for (let i = 0; i < order; i++) vectors[i * order + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let on = 0;
    for (let i = 0; i < order; i++) {
      on += a[i * order + i] ** 2;
      for (let j = 0; j < i; j++) off += a[i * order + j] ** 2;
    }
    if (off <= on * 1e-30 || off === 0) break;
    for (let p = 0; p < order; p++) {
      for (let q = p + 1; q < order; q++) {
        const apq = a[p * order + q];
        if (apq === 0) continue;
        const theta = (a[q * order + q] - a[p * order + p]) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < order; k++) {
          const akp = a[k * order + p];
          const akq = a[k * order + q];
          a[k * order + p] = c * akp - s * akq;
          a[k * order + q] = s * akp + c * akq;
        }
        for (let k = 0; k < order; k++) {
          const apk = a[p * order + k];
          const aqk = a[q * order + k];
          a[p * order + k] = c * apk - s * aqk;
          a[q * order + k] = s * apk + c * aqk;
          const vkp = vectors[k * order + p];
          const vkq = vectors[k * order + q];
          vectors[k * order + p] = c * vkp - s * vkq;
          vectors[k * order + q] = s * vkp + c * vkq;
        }
      }
    }
  }
  return { values: Float64Array.from({ length: order }, (_, i) => a[i * order + i]), vectors };
}
