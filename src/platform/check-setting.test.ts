import { describe, expect, it } from 'vitest';
import { matchesWhole } from './check-setting.ts';

describe('a pattern of a plugin', () => {
  it('matches the whole text', () => {
    expect(matchesWhole('step:[0-9]+', 'step:12')).toBe(true);
    expect(matchesWhole('step:[0-9]+', 'a step:12')).toBe(false);
    expect(matchesWhole('holdout:0?\\.[0-9]+', 'holdout:0.2')).toBe(true);
    expect(matchesWhole('#[0-9a-f]{6}', '#00ff7f')).toBe(true);
    expect(matchesWhole('(day|week|month)s?', 'weeks')).toBe(true);
  });

  it('is refused where it could take long, whichever way', () => {
    const text = `${'a'.repeat(199)}!`;
    const slow = [
      '(a+)+',
      '(a|a)*',
      '(a*)*',
      '(.*){9}',
      'a*a*a*a*b',
      'a{0,200}a{0,200}a{0,200}a{0,200}b',
      `${'a?'.repeat(30)}${'a'.repeat(30)}`,
      `${'(a|a)'.repeat(30)}b`,
      '(?=a+)a',
      '(a)\\1',
    ];
    for (const pattern of slow) expect(matchesWhole(pattern, text), pattern).toBe(false);
    expect(matchesWhole('.+', 'a'.repeat(201))).toBe(false);
    expect(matchesWhole('(', '(')).toBe(false);
  });
});
