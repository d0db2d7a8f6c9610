import type { Json } from '@patron/sdk';

/** The kinds of arrays that columns are made of. */
const arrays = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;

/** Plain data with typed arrays in it as JSON data: an array becomes `{"$array": "Float64Array", "data": "<base64>"}`. */
export function toPortable(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { $array: value.constructor.name, data: toBase64(bytes) };
  }
  if (Array.isArray(value)) return value.map(toPortable);
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [key, toPortable(inner)]),
    );
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  return typeof value === 'string' || typeof value === 'boolean' ? value : String(value);
}

/**
 * The data that `toPortable` made JSON of.
 * @throws Error where an array is malformed.
 */
export function fromPortable(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromPortable);
  const record = value as { readonly [key: string]: Json };
  if (typeof record.$number === 'string') return Number(record.$number);
  if (typeof record.$array === 'string') return arrayOf(record.$array, record.data);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, fromPortable(inner)]));
}

function arrayOf(name: string, data: Json): unknown {
  if (!Object.hasOwn(arrays, name) || typeof data !== 'string') throw new Error(`'${name}' is no kind of array.`);
  return new arrays[name as keyof typeof arrays](fromBase64(data).buffer);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const decoded = atob(text);
  const bytes = new Uint8Array(decoded.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = decoded.charCodeAt(i);
  return bytes;
}
