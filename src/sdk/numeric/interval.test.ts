import { describe, expect, test } from 'vitest';
import { meanInterval, normalInterval, wilsonInterval } from './interval.ts';

describe('intervals', () => {
  test('Wilson intervals are those of Newcombe 1998, table I', () => {
    const published: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [successes, trials, low, high] of published) {
      const interval = wilsonInterval(successes, trials);
      expect(interval[0]).toBeCloseTo(low, 4);
      expect(interval[1]).toBeCloseTo(high, 4);
    }
    expect(wilsonInterval(5, 5)[1]).toBe(1);
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  test('a mean of five values has the interval of Student with four degrees of freedom', () => {
    // 1 … 5: mean 3, variance 2.5, t(0.975, 4) = 2.776445
    const interval = meanInterval(3, 2.5, 5);
    expect(interval?.[0]).toBeCloseTo(3 - 2.776445 * Math.sqrt(0.5), 5);
    expect(interval?.[1]).toBeCloseTo(3 + 2.776445 * Math.sqrt(0.5), 5);
    expect(meanInterval(3, 0, 1)).toBeUndefined();
    expect(normalInterval(10, 2)[0]).toBeCloseTo(10 - 1.959964 * 2, 5);
  });
});
