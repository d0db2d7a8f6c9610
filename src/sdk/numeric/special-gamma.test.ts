import { describe, expect, it } from 'vitest';
import { digamma, logAddExp, logBeta, logGamma, trigamma } from './special-gamma.ts';

// Abramowitz & Stegun, tables 6.1 and 6.2; ψ(1) is minus Euler's constant, ψ′(1) is π²/6.
describe('special functions of the gamma family', () => {
  it('gives values published in tables', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
    expect(logGamma(101)).toBeCloseTo(363.739375555563, 10);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
    expect(digamma(1.5)).toBeCloseTo(0.0364899739785765, 14);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 14);
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 14);
  });

  it('keeps the small beta function of a large and a small argument', () => {
    // B(a, b) tends to Γ(b) a^(−b).
    expect(logBeta(1e12, 0.5)).toBeCloseTo(0.5 * Math.log(Math.PI) - 0.5 * Math.log(1e12), 10);
  });

  it('adds exponentials that overflow by themselves', () => {
    expect(logAddExp(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logAddExp(Number.NEGATIVE_INFINITY, -5)).toBe(-5);
    expect(logAddExp(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
  });
});
