import { columnFromValues, dateColumn, stringColumn } from '@patron/sdk';
import { expect, test } from 'vitest';
import { columnStatistics } from './column-statistics.ts';

test('sums up numbers, with type 7 quantiles', () => {
  const statistics = columnStatistics(columnFromValues('number', [4, null, 1, 2, 3, 4, 10]));
  expect(statistics).toMatchObject({ rows: 7, missing: 1, distinct: 5, minimum: 1, maximum: 10, sum: 24, mean: 4 });
  // R: quantile(c(1, 2, 3, 4, 4, 10), c(0, .05, .25, .5, .75, .95, 1))
  expect(statistics.quantiles?.map(({ value }) => value)).toEqual([1, 1.25, 2.25, 3.5, 4, 8.5, 10]);
  expect(statistics.histogram?.counts.reduce((sum, count) => sum + count)).toBe(6);
  expect(statistics.top[0]).toEqual({ value: 4, count: 2 });
  // R: sd(c(4, 1, 2, 3, 4, 10))
  expect(statistics.deviation).toBeCloseTo(3.1622776601683795, 12);
});

test('sums up texts and days', () => {
  expect(columnStatistics(stringColumn(['b', null, 'a', 'b']))).toEqual({
    rows: 4,
    missing: 1,
    distinct: 2,
    minimum: 'a',
    maximum: 'b',
    top: [
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
    ],
  });
  expect(columnStatistics(dateColumn(Int32Array.of(15_309, 15_308)))).toMatchObject({
    minimum: '2011-11-30',
    maximum: '2011-12-01',
  });
  expect(columnStatistics(columnFromValues('integer', [null]))).toMatchObject({
    missing: 1,
    distinct: 0,
    minimum: null,
  });
});

test('draws whole numbers in classes with whole edges', () => {
  const { histogram } = columnStatistics(columnFromValues('integer', [1, 1, 2, 4, 4, 4]));
  expect(histogram).toEqual({ edges: [1, 2, 3, 4, 5], counts: [2, 1, 0, 3] });
  const wide = columnStatistics(columnFromValues('integer', [0, 49])).histogram;
  expect(wide?.edges.slice(0, 3)).toEqual([0, 3, 6]);
  expect(wide?.edges.at(-1)).toBe(51);
});
