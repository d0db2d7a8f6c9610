import { describe, expect, it } from 'vitest';
import { normalCritical, normalCumulative, normalQuantile, normalTwoSided, normalUpperTail } from './normal.ts';

describe('the standard normal', () => {
  it('gives the quantiles of printed tables', () => {
    expect(normalCritical(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(normalCritical(0.99)).toBeCloseTo(2.575829303548901, 12);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 9);
  });

  it('keeps its digits far in the tail', () => {
    expect(normalUpperTail(10) / 7.61985302416052e-24).toBeCloseTo(1, 10);
    expect(normalTwoSided(-38) / 5.77085e-316).toBeCloseTo(1, 4);
    expect(normalCumulative(1.96)).toBeCloseTo(0.9750021048517795, 12);
  });

  it('is infinite at the ends and not a number outside', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(1.1)).toBeNaN();
  });
});
