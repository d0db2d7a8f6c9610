import { describe, expect, it } from 'vitest';
import { hypergeometric2F1 } from './special-hypergeometric.ts';

describe('hypergeometric2F1', () => {
  it('agrees with its elementary cases', () => {
    // Abramowitz & Stegun 15.1.3, 15.1.4, 15.1.8.
    for (const z of [-20, -0.7, 0.1, 0.5, 0.97]) {
      expect(hypergeometric2F1(1, 1, 2, z)).toBeCloseTo(-Math.log(1 - z) / z, 11);
      expect(hypergeometric2F1(0.6, 3, 3, z) / (1 - z) ** -0.6).toBeCloseTo(1, 11);
    }
    expect(hypergeometric2F1(0.5, 1, 1.5, 0.25)).toBeCloseTo(Math.log(3), 12);
  });

  it('gives the values of SciPy 1.17 where the plain series grows large', () => {
    expect(hypergeometric2F1(200.25, 202.5, 203.3, 0.5) / 1.1042169755130608e60).toBeCloseTo(1, 10);
    expect(hypergeometric2F1(0.24, 2.4, 2.2, 0.9)).toBeCloseTo(1.9257930821383171, 12);
    expect(hypergeometric2F1(2.25, 4.4, 4.2, 39 / 82.27)).toBeCloseTo(4.586295805051005, 12);
  });

  it('refuses z = 1', () => {
    expect(() => hypergeometric2F1(1, 1, 2, 1)).toThrow("'z'");
  });
});
