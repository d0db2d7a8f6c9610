import { expect, it } from 'vitest';
import { conversionRate } from './rate-function.ts';

it('divides who went on by who was there', () => {
  expect(conversionRate(200, 50)).toBe(0.25);
  expect(conversionRate(3, 0)).toBe(0);
});

it('says where there is no rate', () => {
  expect(() => conversionRate(0, 0)).toThrow("No customer reached step 'a'");
  expect(() => conversionRate('x', 1)).toThrow("'a' is a number of customers, not 'x'.");
});
