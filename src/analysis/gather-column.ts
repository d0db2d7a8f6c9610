import type { CodeArray, Column, NumericArray, StringVector } from '@patron/sdk';

/** The rows of `column` that `rows` lists, in that order. Validity is kept only where a listed row has no value. */
export function gatherColumn(column: Column, rows: Uint32Array): Column {
  const length = rows.length;
  const validity = gatherValidity(column.validity, rows);
  if (column.type !== 'string')
    return { ...column, length, validity, values: gatherValues(column.values, rows) } as Column;
  if (column.layout === 'dictionary') {
    return { ...column, length, validity, codes: gatherValues(column.codes, rows) as CodeArray };
  }
  return { ...column, length, validity, text: gatherText(column.text, rows) };
}

function gatherValues<A extends NumericArray>(values: A, rows: Uint32Array): A {
  const gathered = new (values.constructor as new (length: number) => A)(rows.length);
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]];
  return gathered;
}

function gatherValidity(validity: Uint8Array | undefined, rows: Uint32Array): Uint8Array | undefined {
  if (!validity) return undefined;
  const gathered = new Uint8Array((rows.length + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < rows.length; i++) {
    if (validity[rows[i] >> 3] & (1 << (rows[i] & 7))) gathered[i >> 3] |= 1 << (i & 7);
    else missing++;
  }
  return missing === 0 ? undefined : gathered;
}

function gatherText(text: StringVector, rows: Uint32Array): StringVector {
  const offsets = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) offsets[i + 1] = offsets[i] + text.offsets[rows[i] + 1] - text.offsets[rows[i]];
  const bytes = new Uint8Array(offsets[rows.length]);
  for (let i = 0; i < rows.length; i++) {
    bytes.set(text.bytes.subarray(text.offsets[rows[i]], text.offsets[rows[i] + 1]), offsets[i]);
  }
  return { offsets, bytes };
}
