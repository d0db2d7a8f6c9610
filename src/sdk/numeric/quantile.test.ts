import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binByEdges, median, orderStatistics, quantile, quantileEdges, quantiles } from './quantile.ts';
import { jenksEdges } from './quantile-jenks.ts';

const numbers = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 })), {
  minLength: 1,
  maxLength: 200,
});

describe('quantiles', () => {
  test('are linear between neighbours, as R type 7', () => {
    // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1))
    const values = Float64Array.of(16, 1, 8, 2, 4);
    expect([...quantiles(values, [0, 0.1, 0.25, 0.5, 0.9, 1])]).toEqual([1, 1.4, 2, 4, 12.8, 16]);
    expect(median(Int32Array.of(4, 1, 3, 2))).toBe(2.5);
    expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  });

  test('order statistics equal those of a sort', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const sorted = Float64Array.from(list).sort();
        const places = [...sorted.keys()];
        expect([...orderStatistics(Float64Array.from(list), places)].map((value) => value + 0)).toEqual(
          [...sorted].map((value) => value + 0),
        );
      }),
    );
  });

  test('order statistics hold for many values, most of them crowded beside one far outlier', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => (i === 7 ? 1e12 : ((i * 7919) % 5000) / 100));
    const sorted = values.slice().sort();
    const places = [0, 1, 9999, 10_000, 19_998, 19_999];
    expect([...orderStatistics(values, places)]).toEqual(places.map((place) => sorted[place]));
  });

  test('bins are closed on the right, as qcut', () => {
    // pandas: pd.qcut([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4, labels=False) + 1
    const values = Float64Array.from({ length: 10 }, (_, i) => i + 1);
    expect([...binByEdges(values, quantileEdges(values, 4))]).toEqual([1, 1, 1, 2, 2, 3, 3, 4, 4, 4]);
    expect([...binByEdges(Float64Array.of(13, 13.8, 14, 33, 72, 181), [13.8, 33, 72, 180])]).toEqual([
      1, 1, 2, 2, 3, 5,
    ]);
  });
});

test('whole numbers fall into the same classes however they are stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 400 }),
      fc.uniqueArray(fc.double({ noNaN: true, min: -300, max: 300 }), { maxLength: 5 }),
      (values, cuts) => {
        const edges = Float64Array.from(cuts).sort();
        const expected = values.map((value) => 1 + edges.filter((edge) => value > edge).length);
        expect([...binByEdges(Int16Array.from(values), edges)]).toEqual(expected);
        expect([...binByEdges(Float64Array.from(values), edges)]).toEqual(expected);
      },
    ),
  );
});

describe('natural breaks', () => {
  test('find the classes that are there', () => {
    expect([...jenksEdges(Float64Array.of(1, 2, 3, 50, 51, 52, 100, 101), 3)]).toEqual([3, 52]);
    expect([...jenksEdges(Float64Array.of(5, 5, 5), 3)]).toEqual([5, 5]);
  });

  test('have the least variance within classes of all ways to cut', () => {
    const within = (values: number[], edges: number[]): number => {
      const bins = binByEdges(Float64Array.from(values), edges);
      let total = 0;
      for (let bin = 1; bin <= edges.length + 1; bin++) {
        const members = values.filter((_, i) => bins[i] === bin);
        const mean = members.reduce((sum, value) => sum + value, 0) / members.length;
        for (const value of members) total += (value - mean) ** 2;
      }
      return total;
    };
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 12 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        let least = Number.POSITIVE_INFINITY;
        for (let i = 0; i < sorted.length - 2; i++) {
          for (let j = i + 1; j < sorted.length - 1; j++) {
            least = Math.min(least, within(values, [sorted[i], sorted[j]]));
          }
        }
        expect(within(values, [...jenksEdges(Float64Array.from(values), 3)])).toBeCloseTo(least, 6);
      }),
    );
  });
});
