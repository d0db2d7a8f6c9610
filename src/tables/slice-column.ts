import { type Column, codeArray, type NumericArray, type StringVector } from '@patron/sdk';

/** Rows `from` to `to` of a column, in buffers of their own and with only the dictionary entries that occur in them. */
export function sliceColumn(column: Column, from: number, to: number): Column {
  const length = to - from;
  const validity = sliceValidity(column.validity, from, to);
  if (column.type !== 'string') {
    const values: NumericArray = column.values.slice(from, to);
    return { ...column, length, values, validity } as Column;
  }
  if (column.layout === 'plain') {
    const { offsets, bytes } = column.text;
    const start = offsets[from];
    const text = {
      offsets: offsets.slice(from, to + 1).map((offset) => offset - start),
      bytes: bytes.slice(start, offsets[to]),
    };
    return { type: 'string', layout: 'plain', length, text, validity };
  }
  const { codes, dictionary } = compactCodes(column.codes.subarray(from, to), column.dictionary);
  return { type: 'string', layout: 'dictionary', length, codes, dictionary, validity };
}

/** Rows `from` to `to` of a column for use where it was read: numbers and codes are looked at in place, a dictionary is shared. */
export function cutColumn(column: Column, from: number, to: number): Column {
  if (from === 0 && to === column.length) return column;
  if (column.type === 'string' && column.layout === 'plain') return sliceColumn(column, from, to);
  const length = to - from;
  const validity = sliceValidity(column.validity, from, to);
  if (column.type === 'string') return { ...column, length, codes: column.codes.subarray(from, to), validity };
  return { ...column, length, values: column.values.subarray(from, to), validity } as Column;
}

/** Codes into a dictionary of just the entries they name. */
function compactCodes(codes: ArrayLike<number>, { offsets, bytes }: StringVector) {
  const own = new Map<number, number>();
  let size = 0;
  const numbers = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    let number = own.get(code);
    if (number === undefined) {
      number = own.size;
      own.set(code, number);
      if (code + 1 < offsets.length) size += offsets[code + 1] - offsets[code];
    }
    numbers[i] = number;
  }
  const dictionary = { offsets: new Uint32Array(own.size + 1), bytes: new Uint8Array(size) };
  let end = 0;
  for (const [code, number] of own) {
    // An empty dictionary has no entry 0, which stands in rows without a value.
    if (code + 1 < offsets.length) {
      dictionary.bytes.set(bytes.subarray(offsets[code], offsets[code + 1]), end);
      end += offsets[code + 1] - offsets[code];
    }
    dictionary.offsets[number + 1] = end;
  }
  const narrow = codeArray(own.size, codes.length);
  narrow.set(numbers);
  return { codes: narrow, dictionary };
}

function sliceValidity(validity: Uint8Array | undefined, from: number, to: number): Uint8Array | undefined {
  if (!validity) return undefined;
  if ((from & 7) === 0) return validity.slice(from >> 3, (to + 7) >> 3);
  const bitmap = new Uint8Array((to - from + 7) >> 3);
  for (let i = from; i < to; i++)
    if (validity[i >> 3] & (1 << (i & 7))) bitmap[(i - from) >> 3] |= 1 << ((i - from) & 7);
  return bitmap;
}
