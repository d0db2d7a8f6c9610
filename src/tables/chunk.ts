import type { CodeArray, NumericArray, StringVector } from '@patron/sdk';

/**
 * How the values of a chunk are to be read: doubles; whole numbers over a power of ten; whole days; milliseconds over a
 * unit; truth values; dictionary codes; or texts.
 */
export type ChunkKind = 'double' | 'decimal' | 'days' | 'milliseconds' | 'boolean' | 'codes' | 'text';

interface ChunkBase {
  readonly rows: number;
  readonly missing: number;
  /** As `Column.validity`; absent where nothing is missing. */
  readonly validity?: Uint8Array;
}

/** One row group of a column of numbers, days, times or truth values, in the narrowest array that holds it. */
export interface NumericChunk extends ChunkBase {
  readonly kind: 'double' | 'decimal' | 'days' | 'milliseconds' | 'boolean';
  readonly values: NumericArray;
  /** `decimal`: the power of ten the values are divided by. `milliseconds`: what they are multiplied by. Else 1. */
  readonly factor: number;
  /** Of the values as they are stored; 0 where there is none. */
  readonly minimum: number;
  readonly maximum: number;
}

/** One row group of a dictionary-coded column. */
export interface CodesChunk extends ChunkBase {
  readonly kind: 'codes';
  readonly codes: CodeArray;
}

/** One row group of a column of plain text. */
export interface TextChunk extends ChunkBase {
  readonly kind: 'text';
  readonly text: StringVector;
}

export type ColumnChunk = NumericChunk | CodesChunk | TextChunk;

/** A copy of `values` in the narrowest array that holds `minimum` … `maximum`, all whole numbers. */
export function narrowed(values: Float64Array, minimum: number, maximum: number): NumericArray {
  return narrowArray(minimum, maximum).from(values) as NumericArray;
}

/** The class of the narrowest array that holds whole numbers from `minimum` to `maximum`. */
export function narrowArray(minimum: number, maximum: number) {
  if (minimum >= 0) {
    if (maximum <= 0xff) return Uint8Array;
    if (maximum <= 0xffff) return Uint16Array;
    return maximum <= 0xffffffff ? Uint32Array : Float64Array;
  }
  if (minimum >= -0x80 && maximum <= 0x7f) return Int8Array;
  if (minimum >= -0x8000 && maximum <= 0x7fff) return Int16Array;
  return minimum >= -0x80000000 && maximum <= 0x7fffffff ? Int32Array : Float64Array;
}

/** Collects which rows of a group have a value. */
export class ValidityBuilder {
  missing = 0;
  #bits = new Uint8Array(128).fill(0xff);

  /** Row `row` has no value. Rows that are not named have one. */
  miss(row: number): void {
    if (row >> 3 >= this.#bits.length) {
      const wider = new Uint8Array(Math.max(this.#bits.length * 4, (row >> 3) + 1)).fill(0xff);
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[row >> 3] &= ~(1 << (row & 7));
    this.missing++;
  }

  /** Whether row `row` has a value. */
  has(row: number): boolean {
    return row >> 3 >= this.#bits.length || (this.#bits[row >> 3] & (1 << (row & 7))) !== 0;
  }

  /** The bitmap of the first `rows` rows, and a fresh start. */
  take(rows: number): Uint8Array | undefined {
    if (this.missing === 0) return undefined;
    const bitmap = new Uint8Array((rows + 7) >> 3).fill(0xff);
    bitmap.set(this.#bits.subarray(0, bitmap.length));
    if (rows & 7) bitmap[bitmap.length - 1] &= (1 << (rows & 7)) - 1;
    this.#bits.fill(0xff);
    this.missing = 0;
    return bitmap;
  }
}

/** A working array twice as wide, at most `limit`, with the old values. */
export function widened(values: Float64Array<ArrayBuffer>, limit: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(Math.min(limit, values.length * 4));
  wider.set(values);
  return wider;
}
