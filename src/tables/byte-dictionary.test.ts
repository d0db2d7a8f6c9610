import { stringsOf } from '@patron/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteDictionary } from './byte-dictionary.ts';

test('codes texts in the order of first sight, as a Map does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '客'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 600 }), (texts) => {
      const dictionary = new ByteDictionary();
      const expected = new Map<string, number>();
      for (const each of texts) {
        const bytes = new Uint8Array(64);
        const { written } = new TextEncoder().encodeInto(each, bytes);
        if (!expected.has(each)) expected.set(each, expected.size);
        expect(dictionary.code(bytes, new DataView(bytes.buffer), 0, written)).toBe(expected.get(each));
      }
      expect(stringsOf(dictionary.vector())).toEqual([...expected.keys()]);
    }),
  );
});
