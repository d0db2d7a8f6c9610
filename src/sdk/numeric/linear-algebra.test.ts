import { describe, expect, it } from 'vitest';
import { cholesky, choleskySolve, invertSymmetric, solve, symmetricEigenvalues } from './linear-algebra.ts';

// The worked example of Wikipedia, "Cholesky decomposition": A = L Lᵀ with whole numbers.
const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);

describe('linear algebra', () => {
  it('factors a positive definite matrix', () => {
    expect([...cholesky(matrix, 3)!]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  it('solves by the factor and by elimination alike', () => {
    const right = [-20, -43, 192];
    for (const x of [choleskySolve(cholesky(matrix, 3)!, right), solve(matrix, right)!]) {
      expect(x[0]).toBeCloseTo(1, 9);
      expect(x[1]).toBeCloseTo(2, 9);
      expect(x[2]).toBeCloseTo(3, 9);
    }
  });

  it('solves a system that needs pivoting', () => {
    const x = solve(Float64Array.of(0, 1, 2, 0), [3, 8])!;
    expect([...x]).toEqual([4, 3]);
  });

  it('inverts a symmetric matrix', () => {
    const inverse = invertSymmetric(Float64Array.of(2, 1, 1, 2), 2)!;
    [2 / 3, -1 / 3, -1 / 3, 2 / 3].forEach((value, i) => {
      expect(inverse[i]).toBeCloseTo(value, 12);
    });
  });

  it('says that a matrix is not positive definite or singular rather than giving numbers', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(invertSymmetric(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
    expect(solve(Float64Array.of(1, 2, 2, 4), [1, 1])).toBeUndefined();
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeUndefined();
  });

  it('finds the eigenvalues of a symmetric matrix', () => {
    const values = symmetricEigenvalues(Float64Array.of(2, -1, 0, -1, 2, -1, 0, -1, 2), 3);
    [2 - Math.SQRT2, 2, 2 + Math.SQRT2].forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 12);
    });
  });
});
