import { BLOCK, codeReader } from './customer-summary-blocks.ts';
import type { KeyCodes } from './customer-summary-keys.ts';

/** Rows `start` … `end − 1` as slots 0 … slots − 1, written to `out[0 …]`; −1 where a row does not count. */
export type SlotReader = (start: number, end: number, out: Int32Array) => void;

/**
 * Which slots (periods, offsets) each customer was active in: bit `slot & 31` of word `slot >> 5` of the customer's words,
 * which start at `(code - firstCode) * words`.
 */
export interface ActivityBits {
  readonly firstCode: number;
  readonly codes: number;
  readonly words: number;
  readonly bits: Uint32Array;
}

/** Words kept at a time (256 MB): more customers or slots than that are looked at in several passes over the rows. */
export const MOST_WORDS = 1 << 26;

/**
 * Goes through the customers with the slots that each was active in, in one pass over rows in any order (several where the
 * bits of all customers would not fit into memory). `readers` may be several sets of rows, each with bits of its own.
 */
export function forEachActivity(
  keys: KeyCodes,
  slots: number,
  readers: readonly SlotReader[],
  visit: (sets: readonly ActivityBits[]) => void,
): void {
  const words = Math.max(1, Math.ceil(slots / 32));
  const codes = Math.max(1, Math.min(keys.count, Math.floor(MOST_WORDS / words / readers.length)));
  for (let firstCode = 0; firstCode < keys.count; firstCode += codes) {
    const taken = Math.min(codes, keys.count - firstCode);
    visit(readers.map((read) => activityBits(keys, read, words, firstCode, taken)));
  }
}

/** The bits of the customers `firstCode` … `firstCode + codes − 1`, set in `bits`. */
export function activityBits(
  keys: KeyCodes,
  read: SlotReader,
  words: number,
  firstCode: number,
  codes: number,
  bits: Uint32Array = new Uint32Array(codes * words),
): ActivityBits {
  const readCodes = codeReader(keys);
  const slots = new Int32Array(BLOCK);
  const all = codes === keys.count;
  for (let start = 0; start < keys.values.length; start += BLOCK) {
    const end = Math.min(keys.values.length, start + BLOCK);
    read(start, end, slots);
    const block = readCodes(start, end);
    if (all && words === 1) addOneWord(block, slots, bits, end - start);
    else if (all && words === 2) addTwoWords(block, slots, bits, end - start);
    else addWords(block, slots, bits, words, firstCode, codes, end - start);
  }
  return { firstCode, codes, words, bits };
}

function addOneWord(codes: Uint32Array, slots: Int32Array, bits: Uint32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const slot = slots[i];
    if (slot >= 0) bits[codes[i]] |= 1 << slot;
  }
}

function addTwoWords(codes: Uint32Array, slots: Int32Array, bits: Uint32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const slot = slots[i];
    if (slot >= 0) bits[(codes[i] << 1) | (slot >> 5)] |= 1 << (slot & 31);
  }
}

function addWords(
  codes: Uint32Array,
  slots: Int32Array,
  bits: Uint32Array,
  words: number,
  firstCode: number,
  count: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const slot = slots[i];
    const code = codes[i] - firstCode;
    if (slot >= 0 && code >= 0 && code < count) bits[code * words + (slot >> 5)] |= 1 << (slot & 31);
  }
}

/** Lists the slots of the customer whose words start at `at`, ascending, in `out`; returns how many. */
export function slotsOf({ bits, words }: ActivityBits, at: number, out: Int32Array): number {
  let count = 0;
  for (let word = 0; word < words; word++) {
    let rest = bits[at + word];
    while (rest !== 0) {
      const lowest = rest & -rest;
      out[count++] = (word << 5) + 31 - Math.clz32(lowest);
      rest ^= lowest;
    }
  }
  return count;
}
