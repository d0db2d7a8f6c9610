import { describe, expect, it } from 'vitest';
import { chiSquareQuantile, chiSquareUpperTail } from './chi-square.ts';
import { normalTwoSided } from './normal.ts';

describe('the chi-squared distribution', () => {
  it('gives the critical values of printed tables', () => {
    expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(3.841458820694124, 9);
    expect(chiSquareQuantile(0.95, 3)).toBeCloseTo(7.814727903251179, 9);
    expect(chiSquareQuantile(0.99, 10)).toBeCloseTo(23.20925115895436, 8);
  });

  it('with one degree of freedom is the square of a normal, out to the far tail', () => {
    for (const z of [0.1, 1, 3, 8, 15]) expect(chiSquareUpperTail(z * z, 1) / normalTwoSided(z)).toBeCloseTo(1, 8);
  });

  it('with two degrees of freedom is the exponential', () => {
    for (const x of [0.5, 5, 50, 500]) expect(chiSquareUpperTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
  });

  it('gives the p-value of the proportional-hazards test on the Rossi data', () => {
    expect(chiSquareUpperTail(17.694, 7)).toBeCloseTo(0.0134, 4);
    expect(chiSquareUpperTail(0, 3)).toBe(1);
  });
});
