import { describe, expect, it } from 'vitest';
import { minimise, minimiseFromStarts, type Objective } from './optimise.ts';

const rosenbrock: Objective = ([x, y], gradient) => {
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

describe('minimise', () => {
  it('finds the minimum of the Rosenbrock valley from the customary start', () => {
    const minimum = minimise(rosenbrock, [-1.2, 1]);
    expect(minimum.converged).toBe(true);
    expect(minimum.point[0]).toBeCloseTo(1, 7);
    expect(minimum.point[1]).toBeCloseTo(1, 7);
    expect(minimum.evaluations).toBeLessThan(60);
  });

  it('solves a badly scaled quadratic in many unknowns', () => {
    const size = 30;
    const minimum = minimise((x, gradient) => {
      let value = 0;
      for (let i = 0; i < size; i++) {
        const weight = 10 ** (i / 6);
        gradient[i] = weight * (x[i] - i);
        value += (weight * (x[i] - i) ** 2) / 2;
      }
      return value;
    }, new Float64Array(size));
    for (let i = 0; i < size; i++) expect(minimum.point[i]).toBeCloseTo(i, 5);
  });

  it('steps back from points outside of the domain', () => {
    const minimum = minimise(
      (point, gradient) => {
        gradient[0] = 1 - 1 / point[0];
        return point[0] - Math.log(point[0]);
      },
      [1e-3],
    );
    expect(minimum.point[0]).toBeCloseTo(1, 7);
  });

  it('says so when the start is outside of the domain or the iterations run out', () => {
    const nowhere = minimise(() => Number.NaN, [1]);
    expect([nowhere.converged, nowhere.reason]).toEqual([false, 'domain']);
    const short = minimise(rosenbrock, [-1.2, 1], { maximumIterations: 3 });
    expect([short.converged, short.reason]).toEqual([false, 'iterations']);
  });

  it('keeps the best of several starts and tells where each led', () => {
    // x⁴ − 3x² + x has its lower minimum at x ≈ −1.3008 and the other at x ≈ 1.1309.
    const doubleWell: Objective = ([x], gradient) => {
      gradient[0] = 4 * x ** 3 - 6 * x + 1;
      return x ** 4 - 3 * x * x + x;
    };
    const minimum = minimiseFromStarts(doubleWell, [[1], [-1]], { maximumStep: 0.3 });
    expect(minimum.point[0]).toBeCloseTo(-1.3008, 4);
    expect(minimum.ends).toHaveLength(2);
    expect(minimum.ends[0]).toBeGreaterThan(minimum.ends[1] + 1);
  });
});
