import { describe, expect, it } from 'vitest';
import { hessianOf } from './hessian.ts';

describe('hessianOf', () => {
  it('gives the second derivatives of x³y + eʸ', () => {
    const hessian = hessianOf(
      ([x, y], gradient) => {
        gradient[0] = 3 * x * x * y;
        gradient[1] = x ** 3 + Math.exp(y);
        return x ** 3 * y + Math.exp(y);
      },
      [2, 1],
    );
    [12, 12, 12, Math.E].forEach((value, i) => {
      expect(hessian[i]).toBeCloseTo(value, 8);
    });
  });
});
