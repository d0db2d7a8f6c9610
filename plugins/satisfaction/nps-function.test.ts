import { expect, it } from 'vitest';
import { netPromoterScore } from './nps-function.ts';

it('takes detractors from promoters', () => {
  expect(
    netPromoterScore([
      [10, 9, 8],
      [7, 6, 0],
    ]),
  ).toBe(0);
  expect(netPromoterScore([[10], [9], [9], [3]])).toBe(50);
});

it('leaves out what is no score, and says so where nothing is left', () => {
  expect(netPromoterScore([[10, null, 'x', 11, -1]])).toBe(100);
  expect(() => netPromoterScore([[null, 'x']])).toThrow('No cell of the range holds a score');
});
