const encoder = new TextEncoder();

/** What an unquoted field holds where there is no value, in any case, when the user says nothing else. */
export const DEFAULT_NULL_TOKENS: readonly string[] = ['NA', 'N/A', '#N/A', 'NULL', 'NaN', 'None'];

/** Recognises, by bytes, the texts that stand for no value. */
export class NullTokens {
  readonly #tokens: readonly Uint8Array[];
  /** 1 for each byte that some token begins with. */
  readonly #firsts = new Uint8Array(256);

  constructor(tokens: readonly string[] = DEFAULT_NULL_TOKENS) {
    this.#tokens = tokens.filter((token) => token !== '').map((token) => encoder.encode(token.toLowerCase()));
    for (const token of this.#tokens) {
      this.#firsts[token[0]] = 1;
      if (token[0] >= 97 && token[0] <= 122) this.#firsts[token[0] - 32] = 1;
    }
  }

  /** Whether some token begins with this byte. */
  mayBegin(byte: number): boolean {
    return this.#firsts[byte] === 1;
  }

  /** Whether `bytes[start .. end]` is one of the tokens, in whatever case. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#firsts[bytes[start]] === 1 && this.#tokens.some((token) => equalsLower(bytes, start, end, token));
  }
}

function equalsLower(bytes: Uint8Array, start: number, end: number, token: Uint8Array): boolean {
  if (end - start !== token.length) return false;
  for (let i = 0; i < token.length; i++) {
    const byte = bytes[start + i];
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== token[i]) return false;
  }
  return true;
}

/** Whether there are blanks only. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== 9) return false;
  return true;
}

/** Whether it is a lone dash, which stands for no value where a number or a date is expected. */
export function isDash(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start === 1) return bytes[start] === 45;
  // – and — are E2 80 93 and E2 80 94.
  return end - start === 3 && bytes[start] === 0xe2 && bytes[start + 1] === 0x80 && (bytes[start + 2] | 7) === 0x97;
}
