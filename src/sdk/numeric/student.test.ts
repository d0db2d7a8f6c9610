import { describe, expect, it } from 'vitest';
import { normalTwoSided } from './normal.ts';
import { studentQuantile, studentTwoSided, studentUpperTail } from './student.ts';

describe("Student's t", () => {
  it('gives the critical values of printed tables', () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.706204736174694, 8);
    expect(studentQuantile(0.975, 5)).toBeCloseTo(2.570581835636314, 10);
    expect(studentQuantile(0.995, 30)).toBeCloseTo(2.749995653567225, 9);
    expect(studentQuantile(0.05, 10)).toBeCloseTo(-1.812461122811676, 10);
  });

  it('with one degree of freedom is the Cauchy distribution', () => {
    for (const t of [0.01, 1, 40, 1e6]) expect(studentUpperTail(t, 1) / (Math.atan(1 / t) / Math.PI)).toBeCloseTo(1, 8);
  });

  it('approaches the normal', () => {
    expect(studentTwoSided(2.5, 1e7)).toBeCloseTo(normalTwoSided(2.5), 7);
    expect(studentTwoSided(2.5, Number.POSITIVE_INFINITY)).toBe(normalTwoSided(2.5));
    expect(studentTwoSided(0, 4)).toBe(1);
  });
});
