import type { CodeArray, NumericArray } from '@patron/sdk';
import { checksum } from './checksum.ts';
import type { ChunkKind, ColumnChunk } from './chunk.ts';

const ARRAYS = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};

/** What is kept beside the bytes of a stored chunk. */
export interface StoredChunk {
  readonly kind: ChunkKind;
  readonly rows: number;
  readonly missing: number;
  readonly array: keyof typeof ARRAYS;
  readonly factor: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly bytes: number;
  readonly checksum: number;
  /** Where the bytes are, if not with those of the column: rows above an append stay where they were. */
  readonly from?: { readonly batch: string; readonly slot: number };
}

/** A chunk as one buffer: its values, or offsets and texts, then its validity; each part starts at a multiple of eight. */
export function encodeChunk(chunk: ColumnChunk): { stored: StoredChunk; buffer: ArrayBuffer } {
  const parts: ArrayBufferView[] =
    chunk.kind === 'codes'
      ? [chunk.codes]
      : chunk.kind === 'text'
        ? [chunk.text.offsets, chunk.text.bytes]
        : [chunk.values];
  if (chunk.validity) parts.push(chunk.validity);
  const buffer = joined(parts);
  const { kind, rows, missing } = chunk;
  const numbers = 'values' in chunk ? chunk : { factor: 1, minimum: 0, maximum: 0 };
  const stored: StoredChunk = {
    kind,
    rows,
    missing,
    array: parts[0].constructor.name as keyof typeof ARRAYS,
    factor: numbers.factor,
    minimum: numbers.minimum,
    maximum: numbers.maximum,
    bytes: buffer.byteLength,
    checksum: checksum(buffer),
  };
  return { stored, buffer };
}

/** The chunk over its buffer, without copying; undefined where the bytes are not those that were stored. */
export function decodeChunk(stored: StoredChunk, buffer: ArrayBuffer | undefined): ColumnChunk | undefined {
  if (buffer?.byteLength !== stored.bytes || checksum(buffer) !== stored.checksum) return undefined;
  const { rows, missing, kind } = stored;
  const base = { rows, missing };
  const validityAt = (offset: number): { validity?: Uint8Array } =>
    missing === 0 ? {} : { validity: new Uint8Array(buffer, offset, (rows + 7) >> 3) };
  if (kind === 'text') {
    const offsets = new Uint32Array(buffer, 0, rows + 1);
    const start = aligned(offsets.byteLength);
    const bytes = new Uint8Array(buffer, start, offsets[rows]);
    return { kind, ...base, text: { offsets, bytes }, ...validityAt(start + aligned(bytes.byteLength)) };
  }
  const values: NumericArray = new ARRAYS[stored.array](buffer, 0, rows);
  const validity = validityAt(aligned(values.byteLength));
  if (kind === 'codes') return { kind, ...base, codes: values as CodeArray, ...validity };
  return {
    kind,
    ...base,
    values,
    factor: stored.factor,
    minimum: stored.minimum,
    maximum: stored.maximum,
    ...validity,
  };
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

function joined(parts: readonly ArrayBufferView[]): ArrayBuffer {
  const [first] = parts;
  if (parts.length === 1 && first.buffer instanceof ArrayBuffer && first.byteLength === first.buffer.byteLength) {
    return first.buffer;
  }
  const last = parts.length - 1;
  const size = parts.reduce((sum, part, i) => sum + (i === last ? part.byteLength : aligned(part.byteLength)), 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += aligned(part.byteLength);
  }
  return bytes.buffer;
}
