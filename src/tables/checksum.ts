const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;

/** XXH32 (Y. Collet's xxHash, 32 bits) of the bytes: a fast checksum that meets single flipped bits with certainty. */
export function checksum(buffer: ArrayBuffer, seed = 0): number {
  const length = buffer.byteLength;
  const words = new Int32Array(buffer, 0, length >> 2);
  const bytes = new Uint8Array(buffer);
  let word = 0;
  let hash: number;
  if (length >= 16) {
    let a = (seed + PRIME_1 + PRIME_2) | 0;
    let b = (seed + PRIME_2) | 0;
    let c = seed | 0;
    let d = (seed - PRIME_1) | 0;
    const stripes = (length >> 4) << 2;
    while (word < stripes) {
      a = (a + Math.imul(words[word], PRIME_2)) | 0;
      a = Math.imul((a << 13) | (a >>> 19), PRIME_1);
      b = (b + Math.imul(words[word + 1], PRIME_2)) | 0;
      b = Math.imul((b << 13) | (b >>> 19), PRIME_1);
      c = (c + Math.imul(words[word + 2], PRIME_2)) | 0;
      c = Math.imul((c << 13) | (c >>> 19), PRIME_1);
      d = (d + Math.imul(words[word + 3], PRIME_2)) | 0;
      d = Math.imul((d << 13) | (d >>> 19), PRIME_1);
      word += 4;
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else hash = (seed + PRIME_5) | 0;
  hash = (hash + length) | 0;
  for (; word < length >> 2; word++) {
    hash = (hash + Math.imul(words[word], PRIME_3)) | 0;
    hash = Math.imul(rotate(hash, 17), PRIME_4);
  }
  for (let i = word << 2; i < length; i++) {
    hash = (hash + Math.imul(bytes[i], PRIME_5)) | 0;
    hash = Math.imul(rotate(hash, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
