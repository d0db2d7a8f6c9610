import { describe, expect, it } from 'vitest';
import { expectedPurchases } from './expected-function.ts';

describe('=CLV.EXPECTED', () => {
  it('gives what Fader, Hardie & Lee publish for the CDNOW customer with x = 2, tx = 30.43, T = 38.86', () => {
    // "Implementing the BG/NBD Model … in Excel" (2005): E[Y(39)] = 1.226.
    expect(expectedPurchases(2, 30.43, 38.86, 39)).toBeCloseTo(1.226, 3);
    expect(expectedPurchases(2, 30.43, 38.86, 39, 0.243, 4.414, 0.793, 2.426)).toBeCloseTo(1.226, 3);
  });

  it('says which argument does not fit', () => {
    expect(() => expectedPurchases('two', 1, 2, 3)).toThrow("'x' is a number of at least 0, not 'two'.");
    expect(() => expectedPurchases(1, 5, 2, 3)).toThrow("'tx' (5) lies after 'T' (2).");
    expect(() => expectedPurchases(1, 1, 2, 3, -1)).toThrow("'r' is a number above 0, not '-1'.");
  });
});
