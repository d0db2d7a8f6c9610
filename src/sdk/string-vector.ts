/**
 * Strings laid end to end as UTF-8, as Arrow lays them: string i is `bytes[offsets[i] .. offsets[i + 1]]`.
 * `offsets` has one entry more than there are strings. Both buffers can be transferred between threads.
 */
export interface StringVector {
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Lays `strings` out as a vector. */
export function stringVector(strings: readonly string[]): StringVector {
  const offsets = new Uint32Array(strings.length + 1);
  let bytes = new Uint8Array(Math.max(64, strings.length * 8));
  let end = 0;
  for (let i = 0; i < strings.length; i++) {
    const text = strings[i];
    if (end + text.length * 3 > bytes.length) {
      const wider = new Uint8Array(Math.max(bytes.length * 2, end + text.length * 3));
      wider.set(bytes.subarray(0, end));
      bytes = wider;
    }
    end += encoder.encodeInto(text, bytes.subarray(end)).written;
    offsets[i + 1] = end;
  }
  return { offsets, bytes: bytes.slice(0, end) };
}

/** How many strings the vector holds. */
export function stringCount(vector: StringVector): number {
  return vector.offsets.length - 1;
}

/** String `index` of the vector. */
export function stringAt(vector: StringVector, index: number): string {
  const start = vector.offsets[index];
  const end = vector.offsets[index + 1];
  if (end - start < 24) {
    let text = '';
    for (let i = start; i < end; i++) {
      const byte = vector.bytes[i];
      if (byte > 127) return decodeSlice(vector.bytes, start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decodeSlice(vector.bytes, start, end);
}

/** Every string of the vector, in order. */
export function stringsOf(vector: StringVector): string[] {
  const strings = new Array<string>(stringCount(vector));
  for (let i = 0; i < strings.length; i++) strings[i] = stringAt(vector, i);
  return strings;
}

function decodeSlice(bytes: Uint8Array, start: number, end: number): string {
  // TextDecoder refuses views of shared memory, so a shared slice is copied first.
  const slice = bytes.subarray(start, end);
  const shared = typeof SharedArrayBuffer !== 'undefined' && bytes.buffer instanceof SharedArrayBuffer;
  return decoder.decode(shared ? slice.slice() : slice);
}
