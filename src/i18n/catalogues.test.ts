import { describe, expect, it } from 'vitest';
import { catalogues } from './catalogues.ts';

const english = catalogues['en-US'];
const chinese = catalogues['zh-CN'];

describe('the catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  it('leave no text empty', () => {
    for (const [language, catalogue] of Object.entries(catalogues)) {
      for (const [key, text] of Object.entries(catalogue)) {
        if (typeof text === 'string') expect(text.trim(), `${language} ${key}`).not.toBe('');
      }
    }
  });

  it('translate every plain Chinese text', () => {
    const untranslated = Object.entries(chinese)
      .filter(([, text]) => typeof text === 'string' && /\p{L}/u.test(text) && !/\p{Script=Han}/u.test(text))
      .map(([key]) => key);
    expect(untranslated).toEqual([]);
  });

  it('count one row and many rows in good English', () => {
    expect(english['status.rows'](1)).toBe('1 row');
    expect(english['status.rows'](541_909)).toBe('541,909 rows');
  });

  it('use full-width punctuation in Chinese sentences', () => {
    const halfWidth = Object.entries(chinese)
      .filter(([, text]) => typeof text === 'string' && /\p{Script=Han}[,;:!?]/u.test(text))
      .map(([key]) => key);
    expect(halfWidth).toEqual([]);
  });
});
