import { type CodeArray, type Column, codeArray, type NumericArray, type StringVector } from '@patron/sdk';
import { type ColumnChunk, type NumericChunk, narrowArray, type TextChunk } from './chunk.ts';
import type { BuiltType } from './column-builder.ts';
import { TableError } from './table-error.ts';

const DAY = 86_400_000;
const MOST_TEXT_BYTES = 2 ** 32 - 1;

/** Columns of fewer bytes are not worth sharing. */
const WORTH_SHARING = 1 << 20;

/**
 * One column from its row groups in order, all but the last of a multiple of eight rows. `sharing` puts large numbers and codes
 * into memory that other threads see without a copy; texts stay, for what decodes them does not take it.
 */
export function assembleColumn(
  name: string,
  built: BuiltType,
  chunks: readonly ColumnChunk[],
  sharing = false,
): Column {
  const length = chunks.reduce((rows, chunk) => rows + chunk.rows, 0);
  const validity = joinedValidity(chunks, length);
  switch (built.type) {
    case 'string':
      return assembleText(name, built.dictionary, chunks, length, validity, sharing);
    case 'number': {
      const { scale } = built;
      return {
        type: 'number',
        length,
        values: joinedNumbers(numeric(chunks), length, scale, built, sharing),
        scale,
        validity,
      };
    }
    case 'integer':
      return { type: 'integer', length, values: joinedNumbers(numeric(chunks), length, 1, built, sharing), validity };
    case 'boolean':
      return {
        type: 'boolean',
        length,
        values: joinedNumbers(numeric(chunks), length, 1, built, sharing) as Uint8Array,
        validity,
      };
    case 'date':
      return { type: 'date', length, values: joinedNumbers(numeric(chunks), length, 1, built, sharing), validity };
    case 'timestamp': {
      const unit = built.unitMilliseconds;
      const values = joinedNumbers(numeric(chunks), length, unit, built, sharing);
      return { type: 'timestamp', length, values, unit, zoned: built.zoned, validity };
    }
  }
}

function numeric(chunks: readonly ColumnChunk[]): readonly NumericChunk[] {
  return chunks as readonly NumericChunk[];
}

/** What a chunk's stored values are multiplied by, as a ratio, to become the column's. */
function ratio(chunk: NumericChunk, factor: number, built: BuiltType): [number, number] {
  if (chunk.kind === 'days' && built.type === 'timestamp') return [DAY / factor, 1];
  if (chunk.kind === 'milliseconds') return [chunk.factor / factor, 1];
  if (chunk.kind === 'decimal') return factor >= chunk.factor ? [factor / chunk.factor, 1] : [1, chunk.factor];
  return [1, 1];
}

function joinedNumbers(
  chunks: readonly NumericChunk[],
  length: number,
  factor: number,
  built: BuiltType,
  sharing: boolean,
): NumericArray {
  if (chunks.length === 0) return new Uint8Array(0);
  let minimum = 0;
  let maximum = 0;
  let whole = true;
  for (const chunk of chunks) {
    const [times, over] = ratio(chunk, factor, built);
    whole &&= chunk.kind !== 'double' && over === 1;
    if (chunk.values instanceof Float64Array) whole &&= chunk.kind !== 'milliseconds';
    minimum = Math.min(minimum, chunk.minimum * times);
    maximum = Math.max(maximum, chunk.maximum * times);
  }
  const kind = whole ? narrowArray(minimum, maximum) : Float64Array;
  if (chunks.length === 1) {
    const [times, over] = ratio(chunks[0], factor, built);
    if (times === 1 && over === 1 && chunks[0].values instanceof kind) return chunks[0].values;
  }
  const values = room(kind as ArrayKind<NumericArray>, length, sharing);
  let at = 0;
  for (const chunk of chunks) {
    const [times, over] = ratio(chunk, factor, built);
    if (times === 1 && over === 1) values.set(chunk.values, at);
    else if (over !== 1) for (let i = 0; i < chunk.rows; i++) values[at + i] = chunk.values[i] / over;
    else for (let i = 0; i < chunk.rows; i++) values[at + i] = chunk.values[i] * times;
    at += chunk.rows;
  }
  return values;
}

type ArrayKind<A> = { new (buffer: ArrayBufferLike): A; readonly BYTES_PER_ELEMENT: number };

function room<A>(Kind: ArrayKind<A>, length: number, sharing: boolean): A {
  const bytes = length * Kind.BYTES_PER_ELEMENT;
  return new Kind(sharing && bytes >= WORTH_SHARING ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

function joinedValidity(chunks: readonly ColumnChunk[], length: number): Uint8Array | undefined {
  if (chunks.every((chunk) => chunk.validity === undefined)) return undefined;
  if (chunks.length === 1) return chunks[0].validity;
  const bitmap = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const { rows, validity } of chunks) {
    if (validity) bitmap.set(validity, at >> 3);
    else {
      bitmap.fill(0xff, at >> 3, (at + rows + 7) >> 3);
      const rest = rows & 7;
      if (rest) bitmap[(at + rows) >> 3] = (1 << rest) - 1;
    }
    at += rows;
  }
  return bitmap;
}

function assembleText(
  name: string,
  dictionary: StringVector | undefined,
  chunks: readonly ColumnChunk[],
  length: number,
  validity: Uint8Array | undefined,
  sharing: boolean,
): Column {
  const words = dictionary ?? { offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
  if (!chunks.some((chunk) => chunk.kind === 'text')) {
    const kind = codeArray(words.offsets.length - 1, 0).constructor as ArrayKind<CodeArray>;
    const codes = room(kind, length, sharing);
    let at = 0;
    for (const chunk of chunks) {
      if (chunk.kind === 'codes') codes.set(chunk.codes, at);
      at += chunk.rows;
    }
    return { type: 'string', layout: 'dictionary', length, codes, dictionary: words, validity };
  }
  const vectors = chunks.map((chunk) =>
    chunk.kind === 'codes' ? spelledOut(chunk, words) : (chunk as TextChunk).text,
  );
  const size = vectors.reduce((bytes, vector) => bytes + vector.bytes.length, 0);
  if (size > MOST_TEXT_BYTES) {
    throw new TableError(
      'text-too-long',
      `The texts of column '${name}' are longer than 4 GB together. Leave the column out, or read fewer rows.`,
      { column: name },
    );
  }
  if (vectors.length === 1) return { type: 'string', layout: 'plain', length, text: vectors[0], validity };
  const text = { offsets: new Uint32Array(length + 1), bytes: new Uint8Array(size) };
  let row = 0;
  let end = 0;
  for (const vector of vectors) {
    text.bytes.set(vector.bytes, end);
    for (let i = 1; i < vector.offsets.length; i++) text.offsets[row + i] = end + vector.offsets[i];
    row += vector.offsets.length - 1;
    end += vector.bytes.length;
  }
  return { type: 'string', layout: 'plain', length, text, validity };
}

/** The texts that the codes stand for, end to end; a row without a value is an empty one. */
function spelledOut(chunk: ColumnChunk & { kind: 'codes' }, words: StringVector): StringVector {
  const offsets = new Uint32Array(chunk.rows + 1);
  const isMissing = (row: number): boolean =>
    chunk.validity !== undefined && (chunk.validity[row >> 3] & (1 << (row & 7))) === 0;
  let size = 0;
  for (let i = 0; i < chunk.rows; i++) {
    if (!isMissing(i)) size += words.offsets[chunk.codes[i] + 1] - words.offsets[chunk.codes[i]];
    offsets[i + 1] = size;
  }
  const bytes = new Uint8Array(size);
  for (let i = 0; i < chunk.rows; i++) {
    if (isMissing(i)) continue;
    bytes.set(words.bytes.subarray(words.offsets[chunk.codes[i]], words.offsets[chunk.codes[i] + 1]), offsets[i]);
  }
  return { offsets, bytes };
}
