import { type Column, codeArray, type NumericArray, type StringVector } from '@patron/sdk';

/** In a list of rows: no row, so no value. */
export const NO_ROW = 0xffffffff;

/** Texts of so few bytes are copied byte by byte. */
const SHORT_TEXT = 24;

/** The rows that `index` names, in its order; `NO_ROW` gives no value. A dictionary is shared, not copied. */
export function takeRows(column: Column, index: Uint32Array): Column {
  const length = index.length;
  const validity = takeValidity(column.validity, index);
  if (column.type !== 'string') {
    const values = new (column.values.constructor as new (length: number) => NumericArray)(length);
    takeValues(column.values, index, values);
    return { ...column, length, values, validity } as Column;
  }
  if (column.layout === 'dictionary') {
    const codes = codeArray(column.dictionary.offsets.length - 1, length);
    if (codes.BYTES_PER_ELEMENT === column.codes.BYTES_PER_ELEMENT) takeValues(column.codes, index, codes);
    else for (let i = 0; i < length; i++) if (index[i] !== NO_ROW) codes[i] = column.codes[index[i]];
    return { ...column, length, codes, validity };
  }
  return { type: 'string', layout: 'plain', length, text: takeTexts(column.text, index), validity };
}

/** Values of one width are moved by a loop of their own, which then knows only one kind of array. */
function takeValues(from: NumericArray, index: Uint32Array, to: NumericArray): void {
  switch (from.BYTES_PER_ELEMENT) {
    case 1:
      takeBytes(asArray(Uint8Array, from), index, asArray(Uint8Array, to));
      break;
    case 2:
      takeHalves(asArray(Uint16Array, from), index, asArray(Uint16Array, to));
      break;
    case 4:
      takeWords(asArray(Uint32Array, from), index, asArray(Uint32Array, to));
      break;
    default:
      takeDoubles(asArray(Float64Array, from), index, asArray(Float64Array, to));
  }
}

function asArray<A>(Kind: new (buffer: ArrayBufferLike, offset: number, length: number) => A, array: NumericArray): A {
  return new Kind(array.buffer, array.byteOffset, array.length);
}

function takeBytes(from: Uint8Array, index: Uint32Array, to: Uint8Array): void {
  for (let i = 0; i < index.length; i++) if (index[i] !== NO_ROW) to[i] = from[index[i]];
}

function takeHalves(from: Uint16Array, index: Uint32Array, to: Uint16Array): void {
  for (let i = 0; i < index.length; i++) if (index[i] !== NO_ROW) to[i] = from[index[i]];
}

function takeWords(from: Uint32Array, index: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < index.length; i++) if (index[i] !== NO_ROW) to[i] = from[index[i]];
}

function takeDoubles(from: Float64Array, index: Uint32Array, to: Float64Array): void {
  for (let i = 0; i < index.length; i++) if (index[i] !== NO_ROW) to[i] = from[index[i]];
}

function takeTexts({ offsets, bytes }: StringVector, index: Uint32Array): StringVector {
  const ends = new Uint32Array(index.length + 1);
  let size = 0;
  for (let i = 0; i < index.length; i++) {
    const row = index[i];
    if (row !== NO_ROW) size += offsets[row + 1] - offsets[row];
    ends[i + 1] = size;
  }
  const taken = new Uint8Array(size);
  for (let i = 0; i < index.length; i++) {
    const row = index[i];
    if (row === NO_ROW) continue;
    const start = offsets[row];
    const length = offsets[row + 1] - start;
    const at = ends[i];
    if (length > SHORT_TEXT) taken.set(bytes.subarray(start, start + length), at);
    else for (let k = 0; k < length; k++) taken[at + k] = bytes[start + k];
  }
  return { offsets: ends, bytes: taken };
}

function takeValidity(validity: Uint8Array | undefined, index: Uint32Array): Uint8Array | undefined {
  if (validity === undefined && !index.includes(NO_ROW)) return undefined;
  const bitmap = new Uint8Array((index.length + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < index.length; i++) {
    const row = index[i];
    if (row !== NO_ROW && (validity === undefined || validity[row >> 3] & (1 << (row & 7))))
      bitmap[i >> 3] |= 1 << (i & 7);
    else missing++;
  }
  return missing === 0 ? undefined : bitmap;
}
