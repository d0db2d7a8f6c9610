import { type Column, codeArray, type NumericArray } from '@patron/sdk';
import { sliceColumn } from './slice-column.ts';

/** The rows that `index` names, in its order, in buffers of their own. */
export function gatherRows(column: Column, index: Uint32Array): Column {
  const length = index.length;
  const validity = gatherValidity(column.validity, index);
  if (column.type !== 'string') {
    const values = new (column.values.constructor as new (length: number) => NumericArray)(length);
    for (let i = 0; i < length; i++) values[i] = column.values[index[i]];
    return { ...column, length, values, validity } as Column;
  }
  if (column.layout === 'dictionary') {
    const codes = codeArray(column.dictionary.offsets.length - 1, length);
    for (let i = 0; i < length; i++) codes[i] = column.codes[index[i]];
    return sliceColumn({ ...column, length, codes, validity }, 0, length);
  }
  const { offsets, bytes } = column.text;
  let size = 0;
  for (let i = 0; i < length; i++) size += offsets[index[i] + 1] - offsets[index[i]];
  const text = { offsets: new Uint32Array(length + 1), bytes: new Uint8Array(size) };
  let end = 0;
  for (let i = 0; i < length; i++) {
    text.bytes.set(bytes.subarray(offsets[index[i]], offsets[index[i] + 1]), end);
    end += offsets[index[i] + 1] - offsets[index[i]];
    text.offsets[i + 1] = end;
  }
  return { type: 'string', layout: 'plain', length, text, validity };
}

function gatherValidity(validity: Uint8Array | undefined, index: Uint32Array): Uint8Array | undefined {
  if (!validity) return undefined;
  const bitmap = new Uint8Array((index.length + 7) >> 3);
  for (let i = 0; i < index.length; i++) {
    if (validity[index[i] >> 3] & (1 << (index[i] & 7))) bitmap[i >> 3] |= 1 << (i & 7);
  }
  return bitmap;
}
