import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContextKeys } from './context-keys.ts';
import { parseWhen } from './when-clause.ts';

function holds(clause: string, values: Record<string, string | number | boolean>): boolean {
  const keys = new ContextKeys();
  for (const [key, value] of Object.entries(values)) keys.set(key, value);
  return keys.holds(clause);
}

describe('a when-clause', () => {
  it('binds && tighter than ||, and ! tightest', () => {
    expect(holds('a || b && c', { a: true })).toBe(true);
    expect(holds('(a || b) && c', { a: true })).toBe(false);
    expect(holds('!a && b', { b: true })).toBe(true);
    expect(holds('!(a && b)', { a: true, b: true })).toBe(false);
  });

  it('compares with words, numbers and quoted texts', () => {
    expect(holds("kind == 'table sheet' && rows != 0", { kind: 'table sheet', rows: 3 })).toBe(true);
    expect(holds('kind == table', { kind: 'sheet' })).toBe(false);
    expect(holds('open == true', { open: true })).toBe(true);
  });

  it('holds always where there is none, and never where it does not read', () => {
    const keys = new ContextKeys();
    expect(keys.holds(undefined)).toBe(true);
    for (const clause of ['', 'a &&', '&& a', '(a', 'a b', 'a == ', '"a"', 'a & b'])
      expect(keys.holds(clause), clause).toBe(false);
  });

  it('reads or throws a SyntaxError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ab!&|()=' ]*$/)), (clause) => {
        try {
          parseWhen(clause);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});
