import { type CodeArray, type Column, codeArray, type StringVector, stringCount } from '@patron/sdk';
import { ByteDictionary, HIGH_MASK, home, LOW_MASK, longHash, SHORT_KEY, SLOT_WORDS } from './byte-dictionary.ts';
import { type ColumnChunk, ValidityBuilder } from './chunk.ts';
import type { BuildContext, BuiltType, ColumnBuilder } from './column-builder.ts';
import { isUtf8 } from './encoding.ts';
import type { FieldBlock } from './fields.ts';
import { isBlank } from './null-tokens.ts';

/** Rows whose hash slots are computed, and touched, before any of them is looked at: the cache misses then overlap. */
const BATCH = 256;
/** Mark of a hash slot whose text stands for no value. */
const NOTHING = -1;
/** In a key: the bits that no ASCII byte has. */
const HIGH_BITS = 0x80808080;
const MOST_DICTIONARY_BYTES = 1 << 29;

const lows = new Int32Array(BATCH);
const highs = new Int32Array(BATCH);
const homes = new Int32Array(BATCH);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The row groups above those that are built: their dictionary, and whether they have come to be plain text. */
export interface BegunText {
  readonly dictionary: StringVector;
  readonly plain: boolean;
  readonly groups: number;
  /** Rows with a value. */
  readonly present: number;
}

/** Builds a text column: dictionary codes, or plain text from the row group on where texts turn out not to repeat. */
export class TextBuilder implements ColumnBuilder {
  rows = 0;
  readonly contradiction = undefined;
  /** Keeps the compiler from leaving out the reads that only warm the cache. */
  touched = 0;
  readonly #context: BuildContext;
  readonly #dictionary = new ByteDictionary();
  readonly #validity = new ValidityBuilder();
  /** Texts that read as no value but were quoted, so they are meant. */
  readonly #literal = new Map<string, number>();
  #codes: Uint32Array<ArrayBuffer>;
  #present = 0;
  #groups = 0;
  #plain = false;
  #textBytes = new Uint8Array(0);
  #textEnd = 0;
  #textOffsets = new Uint32Array(0);
  #appendedFrom: StringVector | undefined;
  #appendedView = new DataView(new ArrayBuffer(8));
  #appendedCodes = new Int32Array(0);

  constructor(context: BuildContext, begun?: BegunText) {
    this.#context = context;
    if (begun) {
      this.#dictionary.begin(begun.dictionary);
      this.#plain = begun.plain;
      this.#groups = begun.groups;
      this.#present = begun.present;
    }
    this.#codes = new Uint32Array(Math.min(1024, context.groupRows));
  }

  /** The distinct texts so far, where they are kept. */
  get dictionary(): ByteDictionary {
    return this.#dictionary;
  }

  read(block: FieldBlock, column: number, from: number, to: number): void {
    if (this.#plain) {
      this.#readPlain(block, column, from, to);
      return;
    }
    for (let batch = from; batch < to; batch += BATCH)
      this.#readBatch(block, column, batch, Math.min(to, batch + BATCH));
  }

  #readBatch(block: FieldBlock, column: number, from: number, to: number): void {
    const { bytes, view, starts, ends, columns } = block;
    const dictionary = this.#dictionary;
    dictionary.reserve(BATCH);
    const { slots, mask } = dictionary;
    const count = to - from;
    this.#growCodes(this.rows + count);
    const codes = this.#codes;
    let touched = 0;
    for (let j = 0, k = from * columns + column; j < count; j++, k += columns) {
      const start = starts[k];
      const end = ends[k] >>> 1;
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
      lows[j] = low;
      highs[j] = high;
      const at = home(low, high) & mask;
      homes[j] = at;
      touched ^= slots[at];
    }
    this.touched ^= touched;
    let row = this.rows;
    for (let j = 0, k = from * columns + column; j < count; j++, k += columns, row++) {
      const start = starts[k];
      const end = ends[k] >>> 1;
      const length = end - start;
      if (length === 0) {
        this.#validity.miss(row);
        codes[row] = 0;
        continue;
      }
      const low = lows[j];
      const high = highs[j];
      for (let at = homes[j]; ; at = (at + SLOT_WORDS) & mask) {
        const mark = slots[at + 3];
        if (mark === 0) {
          codes[row] = this.#add(block, column, from + j, row, at, low, high);
          break;
        }
        if (slots[at] === low && slots[at + 1] === high && slots[at + 2] === length) {
          if (mark === NOTHING) {
            codes[row] = this.#nothing(bytes, start, end, (ends[k] & 1) === 1, row);
            break;
          }
          if (length <= SHORT_KEY || dictionary.equals(mark - 1, bytes, start, end)) {
            codes[row] = mark - 1;
            break;
          }
        }
      }
    }
    this.rows = row;
  }

  /** A text that is not in the dictionary yet: an entry of its own, no value, or bytes that are no text. */
  #add(
    block: FieldBlock,
    column: number,
    blockRow: number,
    row: number,
    at: number,
    low: number,
    high: number,
  ): number {
    const { bytes, starts, ends, columns, lines } = block;
    const field = blockRow * columns + column;
    const start = starts[field];
    const end = ends[field] >>> 1;
    const dictionary = this.#dictionary;
    const { nullTokens } = this.#context;
    if (
      end - start <= SHORT_KEY &&
      ((low | high) & HIGH_BITS) === 0 &&
      bytes[start] > 32 &&
      !nullTokens.mayBegin(bytes[start])
    ) {
      // Nearly every new key is short and plain.
      const code = dictionary.appendShort(low, high, end - start);
      dictionary.occupy(at, low, high, end - start, code + 1);
      return code;
    }
    if (isBlank(bytes, start, end)) {
      this.#validity.miss(row);
      return 0;
    }
    if (nullTokens.has(bytes, start, end)) {
      dictionary.occupy(at, low, high, end - start, NOTHING);
      return this.#nothing(bytes, start, end, (ends[field] & 1) === 1, row);
    }
    if (hasHighByte(bytes, start, end)) {
      const readable = isUtf8(bytes, start, end);
      if (!readable || (this.#context.decoded && hasReplacement(bytes, start, end))) {
        this.#context.undecodable(lines[blockRow], column, bytes, start, end);
        return this.#literalCode(decoder.decode(bytes.subarray(start, end)));
      }
      this.#context.readable();
    }
    const code = dictionary.append(bytes, start, end);
    dictionary.occupy(at, low, high, end - start, code + 1);
    return code;
  }

  #nothing(bytes: Uint8Array, start: number, end: number, quoted: boolean, row: number): number {
    if (quoted) return this.#literalCode(decoder.decode(bytes.subarray(start, end)));
    this.#validity.miss(row);
    return 0;
  }

  /** The code of a text that the hash slots do not lead to. */
  #literalCode(text: string): number {
    let code = this.#literal.get(text);
    if (code === undefined) {
      const bytes = encoder.encode(text);
      code = this.#dictionary.append(bytes, 0, bytes.length);
      this.#literal.set(text, code);
    }
    return code;
  }

  #readPlain(block: FieldBlock, column: number, from: number, to: number): void {
    const { bytes, starts, ends, columns, lines } = block;
    for (let r = from, k = from * columns + column; r < to; r++, k += columns) {
      const start = starts[k];
      const end = ends[k] >>> 1;
      const quoted = (ends[k] & 1) === 1;
      if (isBlank(bytes, start, end) || (!quoted && this.#context.nullTokens.has(bytes, start, end))) {
        this.#validity.miss(this.rows);
        this.#appendText(bytes, start, start);
      } else if (
        hasHighByte(bytes, start, end) &&
        (!isUtf8(bytes, start, end) || (this.#context.decoded && hasReplacement(bytes, start, end)))
      ) {
        this.#context.undecodable(lines[r], column, bytes, start, end);
        const text = encoder.encode(decoder.decode(bytes.subarray(start, end)));
        this.#appendText(text, 0, text.length);
      } else this.#appendText(bytes, start, end);
      this.rows++;
    }
  }

  append(column: Column, from: number, to: number): void {
    if (column.type !== 'string') throw new TypeError(`A ${column.type} column was appended to a text column.`);
    const source = column.layout === 'dictionary' ? column.dictionary : column.text;
    const isDictionary = column.layout === 'dictionary';
    // Slices of one column share their dictionary: what is known of it goes on.
    if (this.#appendedFrom !== source) {
      this.#appendedFrom = source;
      this.#appendedView = paddedView(source.bytes);
      this.#appendedCodes = new Int32Array(isDictionary ? stringCount(source) : 0).fill(-1);
    }
    const view = this.#appendedView;
    const own = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.#growCodes(this.rows + to - from);
    for (let r = from; r < to; r++) {
      const index = isDictionary ? column.codes[r] : r;
      const present = column.validity === undefined || (column.validity[r >> 3] & (1 << (r & 7))) !== 0;
      if (!present) {
        this.#validity.miss(this.rows);
        if (this.#plain) this.#appendText(own, 0, 0);
        else this.#codes[this.rows] = 0;
      } else if (this.#plain) this.#appendText(own, source.offsets[index], source.offsets[index + 1]);
      else {
        let code = isDictionary ? this.#appendedCodes[index] : -1;
        if (code < 0) {
          code = this.#dictionary.code(own, view, source.offsets[index], source.offsets[index + 1]);
          if (isDictionary) this.#appendedCodes[index] = code;
        }
        this.#codes[this.rows] = code;
      }
      this.rows++;
    }
  }

  #appendText(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#textEnd + length > this.#textBytes.length) {
      const wider = new Uint8Array(Math.max(this.#textBytes.length * 2, this.#textEnd + length, 1 << 16));
      wider.set(this.#textBytes);
      this.#textBytes = wider;
    }
    if (length < 32) for (let i = 0; i < length; i++) this.#textBytes[this.#textEnd + i] = bytes[start + i];
    else this.#textBytes.set(bytes.subarray(start, end), this.#textEnd);
    this.#textEnd += length;
    if (this.rows + 1 >= this.#textOffsets.length) {
      const wider = new Uint32Array(Math.max(1024, this.#textOffsets.length * 2));
      wider.set(this.#textOffsets);
      this.#textOffsets = wider;
    }
    this.#textOffsets[this.rows + 1] = this.#textEnd;
  }

  #growCodes(rows: number): void {
    if (rows <= this.#codes.length) return;
    const wider = new Uint32Array(Math.max(rows, Math.min(this.#context.groupRows, this.#codes.length * 4)));
    wider.set(this.#codes);
    this.#codes = wider;
  }

  take(): ColumnChunk {
    const rows = this.rows;
    const missing = this.#validity.missing;
    const base = { rows, missing, validity: this.#validity.take(rows) };
    this.rows = 0;
    this.#present += rows - missing;
    if (this.#plain) {
      if (this.#textOffsets.length === 0) this.#textOffsets = new Uint32Array(1);
      const text = { offsets: this.#textOffsets.slice(0, rows + 1), bytes: this.#textBytes.slice(0, this.#textEnd) };
      this.#textEnd = 0;
      return { kind: 'text', ...base, text };
    }
    const codes: CodeArray = codeArray(this.#dictionary.count, rows);
    codes.set(this.#codes.subarray(0, rows));
    this.#groups++;
    if (this.#isUnrepeated()) {
      this.#plain = true;
    }
    return { kind: 'codes', ...base, codes };
  }

  /** Looked at after 1, 4, 16 … row groups, with less and less patience: a few rows say little of how texts repeat. */
  #isUnrepeated(): boolean {
    const { count, end } = this.#dictionary;
    if (end > MOST_DICTIONARY_BYTES) return true;
    if (this.#present < 16_384 || (this.#groups & (this.#groups - 1)) !== 0) return false;
    const share = count / this.#present;
    const limit = this.#present < 200_000 ? 0.995 : this.#present < 800_000 ? 0.97 : 0.9;
    return share > limit;
  }

  finish(): BuiltType {
    return { type: 'string', dictionary: this.#dictionary.vector() };
  }
}

function hasHighByte(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > 0x7f) return true;
  return false;
}

/** Whether U+FFFD occurs. */
function hasReplacement(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i + 2 < end; i++) {
    if (bytes[i] === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) return true;
  }
  return false;
}

/** A view of the bytes with at least eight more behind them. */
function paddedView(bytes: Uint8Array): DataView<ArrayBuffer> {
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes);
  return new DataView(padded.buffer);
}
