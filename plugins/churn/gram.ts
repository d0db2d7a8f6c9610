/** Rows that are multiplied out together: few enough for a processor's cache. Columns of a block lie one after another. */
export const GRAM_ROWS = 512;

/**
 * Adds the lower triangle of left × rightᵀ to `gram`, two columns by four at a time: `left` and `right` are blocks of `order`
 * columns of `GRAM_ROWS` values, of which the first `size` count. The product must be symmetric.
 */
export function addGram(
  left: Float64Array,
  right: Float64Array,
  order: number,
  size: number,
  gram: Float64Array,
): void {
  for (let a = 0; a < order; a += 2) {
    const second = a + 1 < order ? a + 1 : a;
    const a0 = a * GRAM_ROWS;
    const a1 = second * GRAM_ROWS;
    for (let b = 0; b <= second; b += 4) {
      const b0 = b * GRAM_ROWS;
      const b1 = Math.min(b + 1, order - 1) * GRAM_ROWS;
      const b2 = Math.min(b + 2, order - 1) * GRAM_ROWS;
      const b3 = Math.min(b + 3, order - 1) * GRAM_ROWS;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0; i < size; i++) {
        const x0 = left[a0 + i];
        const x1 = left[a1 + i];
        const y0 = right[b0 + i];
        const y1 = right[b1 + i];
        const y2 = right[b2 + i];
        const y3 = right[b3 + i];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
      }
      addCell(gram, order, a, b, s00);
      addCell(gram, order, a, b + 1, s01);
      addCell(gram, order, a, b + 2, s02);
      addCell(gram, order, a, b + 3, s03);
      if (second === a) continue;
      addCell(gram, order, second, b, s10);
      addCell(gram, order, second, b + 1, s11);
      addCell(gram, order, second, b + 2, s12);
      addCell(gram, order, second, b + 3, s13);
    }
  }
}

function addCell(gram: Float64Array, order: number, a: number, b: number, value: number): void {
  if (b <= a) gram[a * order + b] += value;
}

/** Copies the lower triangle to the upper. */
export function mirror(matrix: Float64Array, order: number): void {
  for (let a = 0; a < order; a++) for (let b = 0; b < a; b++) matrix[b * order + a] = matrix[a * order + b];
}
