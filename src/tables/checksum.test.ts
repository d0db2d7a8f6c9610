import { expect, test } from 'vitest';
import { checksum } from './checksum.ts';

const of = (text: string): number => checksum(new TextEncoder().encode(text).slice().buffer);

test('is XXH32: the published values of the reference implementation', () => {
  expect(of('')).toBe(0x02cc5d05);
  expect(of('a')).toBe(0x550d7456);
  expect(of('abc')).toBe(0x32d153ff);
  expect(of('Nobody inspects the spammish repetition')).toBe(0xe2293b2f);
});

test('notices every single flipped bit of a buffer', () => {
  const bytes = new Uint8Array(61).map((_, i) => i * 37);
  const expected = checksum(bytes.slice().buffer);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    expect(checksum(flipped.buffer)).not.toBe(expected);
  }
});
