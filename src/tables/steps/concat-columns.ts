import { type Column, codeArray, type NumberColumn, type NumericColumn, type StringVector } from '@patron/sdk';
import { isDecimal } from '../number-builder.ts';
import { missingColumn } from './missing-column.ts';

/** Columns of one type one below the other; `like` says which type where there is none. */
export function concatColumns(pieces: readonly Column[], like: Parameters<typeof missingColumn>[0]): Column {
  const filled = pieces.filter(({ length }) => length > 0);
  if (filled.length === 0) return pieces[0] ?? missingColumn(like, 0);
  if (filled.length === 1) return filled[0];
  const length = filled.reduce((rows, piece) => rows + piece.length, 0);
  const validity = concatValidity(filled, length);
  const [first] = filled;
  if (first.type === 'string') return { ...concatTexts(filled, length), validity };
  const numeric = filled.map((piece): NumericColumn => {
    if (piece.type === 'string') throw new TypeError('Texts were put below numbers.');
    return piece;
  });
  if (first.type === 'number') return { ...concatDecimals(numeric, length), validity };
  const values = new Float64Array(length);
  const unit = Math.min(...numeric.flatMap((piece) => (piece.type === 'timestamp' ? [piece.unit] : [])), 60_000);
  let at = 0;
  for (const piece of numeric) {
    const times = piece.type === 'timestamp' ? piece.unit / unit : 1;
    for (let i = 0; i < piece.length; i++) values[at + i] = piece.values[i] * times;
    at += piece.length;
  }
  if (first.type === 'timestamp') return { ...first, length, values, unit: unit as 1 | 1000 | 60000, validity };
  if (first.type === 'boolean') return { ...first, length, values: Uint8Array.from(values), validity };
  return { ...first, length, values, validity } as Column;
}

/** Decimals over the largest of their scales; doubles where one of them is no decimal, or would no longer be exact. */
function concatDecimals(pieces: readonly NumericColumn[], length: number): NumberColumn {
  const scaleOf = (piece: NumericColumn): number => (piece.type === 'number' ? piece.scale : 1);
  const scale = Math.max(...pieces.map(scaleOf));
  const exact = pieces.every((piece) => {
    const times = scale / scaleOf(piece);
    const { values, length: rows } = piece;
    const isDouble = piece.type === 'number' && piece.scale === 1;
    for (let i = 0; i < rows; i++) {
      if (isMissing(piece, i)) continue;
      const units = values[i] * times;
      if (isDouble ? !isDecimal(values[i], scale) : !Number.isSafeInteger(units)) return false;
    }
    return true;
  });
  const values = new Float64Array(length);
  let at = 0;
  for (const piece of pieces) {
    const own = scaleOf(piece);
    for (let i = 0; i < piece.length; i++) {
      values[at + i] = exact ? Math.round(piece.values[i] * (scale / own)) : piece.values[i] / own;
    }
    at += piece.length;
  }
  return { type: 'number', length, values, scale: exact ? scale : 1 };
}

/** Dictionaries end to end while the pieces have any, with the codes moved along; else the texts themselves. */
function concatTexts(pieces: readonly Column[], length: number): Column {
  const texts = pieces.map((piece) => {
    if (piece.type !== 'string') throw new TypeError('Numbers were put below texts.');
    return piece;
  });
  const vectors = texts.map((piece) => (piece.layout === 'dictionary' ? piece.dictionary : piece.text));
  const words = concatVectors(vectors);
  if (texts.every(({ layout }) => layout === 'plain')) {
    return { type: 'string', layout: 'plain', length, text: words };
  }
  const codes = codeArray(words.offsets.length - 1, length);
  let row = 0;
  let first = 0;
  for (const [i, piece] of texts.entries()) {
    if (piece.layout === 'plain') for (let r = 0; r < piece.length; r++) codes[row + r] = first + r;
    else for (let r = 0; r < piece.length; r++) codes[row + r] = first + piece.codes[r];
    row += piece.length;
    first += vectors[i].offsets.length - 1;
  }
  return { type: 'string', layout: 'dictionary', length, codes, dictionary: words };
}

function concatVectors(vectors: readonly StringVector[]): StringVector {
  const size = vectors.reduce((bytes, { offsets }) => bytes + offsets[offsets.length - 1], 0);
  const words = {
    offsets: new Uint32Array(vectors.reduce((entries, { offsets }) => entries + offsets.length - 1, 1)),
    bytes: new Uint8Array(size),
  };
  let entry = 0;
  let end = 0;
  for (const { offsets, bytes } of vectors) {
    const own = offsets[offsets.length - 1];
    words.bytes.set(bytes.subarray(0, own), end);
    for (let i = 1; i < offsets.length; i++) words.offsets[entry + i] = end + offsets[i];
    entry += offsets.length - 1;
    end += own;
  }
  return words;
}

function concatValidity(pieces: readonly Column[], length: number): Uint8Array | undefined {
  if (pieces.every((piece) => piece.validity === undefined)) return undefined;
  const bitmap = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++, at++) if (!isMissing(piece, i)) bitmap[at >> 3] |= 1 << (at & 7);
  }
  return bitmap;
}

function isMissing({ validity }: Column, row: number): boolean {
  return validity !== undefined && (validity[row >> 3] & (1 << (row & 7))) === 0;
}
