import { describe, expect, it } from 'vitest';
import { customerFeatures } from './features.ts';

describe('customer features', () => {
  const codes = [0, 1, 0, 0, 2, 1, 0];
  const days = Int32Array.of(10, 20, 40, 40, 120, 101, 300);
  const amounts = [5, 7, 1, 2, 9, 100, 1000];
  const features = customerFeatures(codes, 3, days, { cutOff: 100, windowDays: 30, recentDays: 61, amounts });

  it('knows only what happened up to the cut-off', () => {
    expect([...features.customers]).toEqual([0, 1]);
    expect([...features.recency]).toEqual([60, 80]);
    expect([...features.frequency]).toEqual([2, 1]);
    expect([...features.tenure]).toEqual([90, 80]);
    expect([...(features.amount ?? [])]).toEqual([8, 7]);
    expect([...features.recent]).toEqual([1, 0]);
    expect(features.meanGap[0]).toBe(30);
    expect(features.meanGap[1]).toBeNaN();
  });

  it('takes the outcome from the window after the cut-off alone', () => {
    expect([...features.churned]).toEqual([1, 0]);
    expect(features.later).toBe(1);
  });
});
