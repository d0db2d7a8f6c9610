import type { StringVector } from '@patron/sdk';

/** Words of a slot: key, key, length, code. */
const WORDS = 4;
const LOAD = 0.8;
export const SHORT_KEY = 8;

/** By length 0 … 8: which bits of the two words of a short key belong to it. */
const LOW_MASK = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1, -1, -1, -1, -1);
const HIGH_MASK = Int32Array.of(0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, -1);

/**
 * Gives each distinct byte string a code, 0, 1, 2 … in the order of first sight. Keys of up to eight bytes lie packed in
 * their hash slot, so that a look-up touches one cache line; longer ones are told apart by 64 bits of hash and then by
 * their bytes. Nothing is decoded.
 */
export class ByteDictionary {
  /** [key low, key high, length, code + 1] for each slot; code + 1 is 0 where the slot is free. */
  slots = new Int32Array(256 * WORDS);
  /** Index mask of `slots`, whole slots. */
  mask = 255 * WORDS;
  count = 0;
  bytes = new Uint8Array(1024);
  #view = new DataView(this.bytes.buffer);
  end = 0;
  offsets = new Uint32Array(256);
  #room = Math.floor(256 * LOAD);

  /** Makes room for so many more entries, so that `slots` does not move while they are added. */
  reserve(more: number): void {
    if (this.#used + more <= this.#room) return;
    let capacity = (this.slots.length / WORDS) * 2;
    while (this.#used + more > capacity * LOAD) capacity *= 2;
    // Growing by four while the dictionary is small saves most of the moves.
    if (capacity < 1 << 20) capacity *= 2;
    const old = this.slots;
    const slots = new Int32Array(capacity * WORDS);
    const mask = (capacity - 1) * WORDS;
    for (let i = 0; i < old.length; i += WORDS) {
      if (old[i + 3] === 0) continue;
      let at = home(old[i], old[i + 1]) & mask;
      while (slots[at + 3] !== 0) at = (at + WORDS) & mask;
      slots[at] = old[i];
      slots[at + 1] = old[i + 1];
      slots[at + 2] = old[i + 2];
      slots[at + 3] = old[i + 3];
    }
    this.slots = slots;
    this.mask = mask;
    this.#room = Math.floor(capacity * LOAD);
  }
  #used = 0;

  /** Fills the free slot at `at`, whose key is not in the dictionary, with a code of its own or with `mark`. */
  occupy(at: number, low: number, high: number, length: number, mark: number): void {
    this.slots[at] = low;
    this.slots[at + 1] = high;
    this.slots[at + 2] = length;
    this.slots[at + 3] = mark;
    this.#used++;
  }

  /** Adds a text of up to eight bytes, given as the two words of its key, as the next entry. */
  appendShort(low: number, high: number, length: number): number {
    if (this.end + SHORT_KEY > this.bytes.length) this.#growBytes(SHORT_KEY);
    // What is written behind the text is overwritten by the next one.
    this.#view.setInt32(this.end, low, true);
    this.#view.setInt32(this.end + 4, high, true);
    this.end += length;
    return this.#nextCode();
  }

  /** Adds the text as the next entry, without a look-up, and returns its code. */
  append(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (this.end + length > this.bytes.length) this.#growBytes(length);
    if (length <= 16) for (let i = 0; i < length; i++) this.bytes[this.end + i] = bytes[start + i];
    else this.bytes.set(bytes.subarray(start, end), this.end);
    this.end += length;
    return this.#nextCode();
  }

  #nextCode(): number {
    const code = this.count++;
    if (code + 1 >= this.offsets.length) {
      const wider = new Uint32Array(this.offsets.length * 2);
      wider.set(this.offsets);
      this.offsets = wider;
    }
    this.offsets[code + 1] = this.end;
    return code;
  }

  /** Whether entry `code` is just `bytes[start .. end]`. */
  equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[code];
    if (this.offsets[code + 1] - from !== end - start) return false;
    const own = this.bytes;
    for (let i = start, k = from; i < end; i++, k++) if (own[k] !== bytes[i]) return false;
    return true;
  }

  /** The code of the text, added where it is new. `view` is over the same bytes, with eight to spare behind the text. */
  code(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.reserve(1);
    const length = end - start;
    let low: number;
    let high: number;
    if (length <= SHORT_KEY) {
      low = view.getInt32(start, true) & LOW_MASK[length];
      high = view.getInt32(start + 4, true) & HIGH_MASK[length];
    } else {
      low = longHash(view, start, end, 0x9e3779b1);
      high = longHash(view, start, end, 0x85ebca77);
    }
    const { slots, mask } = this;
    for (let at = home(low, high) & mask; ; at = (at + WORDS) & mask) {
      const mark = slots[at + 3];
      if (mark === 0) {
        const code = this.append(bytes, start, end);
        this.occupy(at, low, high, length, code + 1);
        return code;
      }
      if (slots[at] === low && slots[at + 1] === high && slots[at + 2] === length) {
        if (mark > 0 && (length <= SHORT_KEY || this.equals(mark - 1, bytes, start, end))) return mark - 1;
      }
    }
  }

  /** The code of the text; −1 where it is not in the dictionary. `view` as for `code`. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    const isShort = length <= SHORT_KEY;
    const low = isShort ? view.getInt32(start, true) & LOW_MASK[length] : longHash(view, start, end, 0x9e3779b1);
    const high = isShort ? view.getInt32(start + 4, true) & HIGH_MASK[length] : longHash(view, start, end, 0x85ebca77);
    const { slots, mask } = this;
    for (let at = home(low, high) & mask; slots[at + 3] !== 0; at = (at + WORDS) & mask) {
      const mark = slots[at + 3];
      if (mark < 0 || slots[at] !== low || slots[at + 1] !== high || slots[at + 2] !== length) continue;
      if (isShort || this.equals(mark - 1, bytes, start, end)) return mark - 1;
    }
    return -1;
  }

  /** Takes the entries of a vector over into an empty dictionary, each under the code it has there. */
  begin({ offsets, bytes }: StringVector): void {
    const padded = new Uint8Array(bytes.length + SHORT_KEY);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    for (let entry = 0; entry + 1 < offsets.length; entry++) {
      // A text that is there twice keeps both of its codes.
      if (this.code(padded, view, offsets[entry], offsets[entry + 1]) !== entry) {
        this.append(padded, offsets[entry], offsets[entry + 1]);
      }
    }
  }

  /** The entries as a vector with buffers of its own. */
  vector(): StringVector {
    return { offsets: this.offsets.slice(0, this.count + 1), bytes: this.bytes.slice(0, this.end) };
  }

  #growBytes(more: number): void {
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.end + more));
    wider.set(this.bytes);
    this.bytes = wider;
    this.#view = new DataView(wider.buffer);
  }
}

/** Where a key's search begins, before masking; a multiple of a slot. */
export function home(low: number, high: number): number {
  let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae3d);
  return (hash ^ (hash >>> 13)) << 2;
}

/** 32 bits of hash of a text longer than eight bytes: whole words, the last one overlapping. */
export function longHash(view: DataView, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start);
  const last = end - 4;
  for (let i = start; i < last; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0xcc9e2d51);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash = Math.imul(hash ^ view.getInt32(last, true), 0x1b873593);
  return hash ^ (hash >>> 16);
}

export { HIGH_MASK, LOW_MASK, WORDS as SLOT_WORDS };
