import { type Column, codeArray, type NumericArray } from '@patron/sdk';

/** In a list of rows: no row, so no value. */
export const NO_ROW = 0xffffffff;

/** The rows that `index` names, in its order; `NO_ROW` gives no value. A dictionary is shared, not copied. */
export function takeRows(column: Column, index: Uint32Array): Column {
  const length = index.length;
  const validity = takeValidity(column.validity, index);
  if (column.type !== 'string') {
    const values = new (column.values.constructor as new (length: number) => NumericArray)(length);
    for (let i = 0; i < length; i++) if (index[i] !== NO_ROW) values[i] = column.values[index[i]];
    return { ...column, length, values, validity } as Column;
  }
  if (column.layout === 'dictionary') {
    const codes = codeArray(column.dictionary.offsets.length - 1, length);
    for (let i = 0; i < length; i++) if (index[i] !== NO_ROW) codes[i] = column.codes[index[i]];
    return { ...column, length, codes, validity };
  }
  const { offsets, bytes } = column.text;
  const text = { offsets: new Uint32Array(length + 1), bytes: new Uint8Array(0) };
  let size = 0;
  for (let i = 0; i < length; i++) {
    if (index[i] !== NO_ROW) size += offsets[index[i] + 1] - offsets[index[i]];
    text.offsets[i + 1] = size;
  }
  text.bytes = new Uint8Array(size);
  for (let i = 0; i < length; i++) {
    if (index[i] !== NO_ROW) text.bytes.set(bytes.subarray(offsets[index[i]], offsets[index[i] + 1]), text.offsets[i]);
  }
  return { type: 'string', layout: 'plain', length, text, validity };
}

function takeValidity(validity: Uint8Array | undefined, index: Uint32Array): Uint8Array | undefined {
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
