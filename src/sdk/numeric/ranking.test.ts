import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ranksAverage, ranksFirst, sortedIndices } from './ranking.ts';

describe('ranking', () => {
  test('ranks equal values as they stand, or in the order given', () => {
    const values = Int32Array.of(3, 1, 3, 2, 1);
    expect([...ranksFirst(values)]).toEqual([4, 1, 5, 3, 2]);
    expect([...ranksFirst(values, Uint32Array.of(4, 3, 2, 1, 0))]).toEqual([5, 2, 4, 3, 1]);
    expect([...ranksAverage(values)]).toEqual([4.5, 1.5, 4.5, 3, 1.5]);
  });

  test('orders as a stable comparison sort does, whole numbers and fractions, negative and zero', () => {
    const value = fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.double({ noNaN: true }),
      fc.constantFrom(0, -0, 1e300, -1e-300),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), (list) => {
        expect([...sortedIndices(Float64Array.from(list))]).toEqual(
          [...list.keys()].sort((a, b) => (list[a] < list[b] ? -1 : list[a] > list[b] ? 1 : a - b)),
        );
      }),
    );
  });

  test('a missing number comes last', () => {
    expect([...sortedIndices(Float64Array.of(Number.NaN, 2.5, -1))]).toEqual([2, 1, 0]);
  });
});
