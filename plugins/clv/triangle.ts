/** How many numbers the upper triangle of a symmetric matrix holds. */
export function triangleSize(order: number): number {
  return (order * (order + 1)) / 2;
}

/** The symmetric matrix, row by row, whose upper triangle stands row by row in `values` from `at` on. */
export function fromTriangle(values: Float64Array, at: number, order: number): Float64Array {
  const matrix = new Float64Array(order * order);
  let next = at;
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) {
      matrix[i * order + j] = values[next];
      matrix[j * order + i] = values[next++];
    }
  }
  return matrix;
}
