/** The limits of what one message may hold. */
export interface PayloadLimits {
  /** Values, counting every list item and object key. */
  readonly values: number;
  /** Characters of all texts together. */
  readonly characters: number;
  /** Bytes of all buffers together. */
  readonly bytes: number;
  readonly depth: number;
}

export const payloadLimits: PayloadLimits = {
  values: 2_000_000,
  characters: 20_000_000,
  bytes: 4 * 2 ** 30,
  depth: 64,
};

/** What a payload weighs, and the buffers in it: those that can be transferred, and how many bytes are shared memory. */
export interface PayloadWeight {
  readonly values: number;
  readonly characters: number;
  readonly bytes: number;
  readonly buffers: ReadonlySet<ArrayBuffer>;
  readonly sharedBytes: number;
}

/** Says why a payload may not cross, at which path. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

const isShared = (buffer: unknown): buffer is SharedArrayBuffer =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/**
 * Walks a payload once, without looking into typed arrays, and weighs it. A cycle is deeper than the limit, and what is
 * referred to twice weighs twice, so neither can make the walk long.
 * @throws PayloadError where it holds anything but plain data, or more than the limits.
 */
export function weighPayload(payload: unknown, limits: PayloadLimits = payloadLimits): PayloadWeight {
  const scale = new Scale(limits);
  scale.put(payload);
  return scale;
}

class Scale implements PayloadWeight {
  readonly buffers = new Set<ArrayBuffer>();
  values = 0;
  characters = 0;
  bytes = 0;
  sharedBytes = 0;
  readonly #shared = new Set<SharedArrayBuffer>();
  readonly #limits: PayloadLimits;
  readonly #path: (string | number)[] = [];

  constructor(limits: PayloadLimits) {
    this.#limits = limits;
  }

  put(value: unknown): void {
    this.#count();
    if (typeof value === 'string') this.#read(value);
    else if (typeof value === 'object' && value !== null) this.#putObject(value);
    else if (value !== null && typeof value !== 'number' && typeof value !== 'boolean' && value !== undefined)
      this.#fail(`a ${typeof value} cannot cross`);
  }

  #putObject(value: object): void {
    if (ArrayBuffer.isView(value)) this.#hold(value.buffer);
    else if (value instanceof ArrayBuffer || isShared(value)) this.#hold(value);
    else if (this.#path.length >= this.#limits.depth) this.#fail('nested too deeply');
    else if (Array.isArray(value)) this.#putList(value);
    else this.#putRecord(value);
  }

  #putList(list: readonly unknown[]): void {
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (typeof item === 'number') this.#count();
      else this.#putAt(i, item);
    }
  }

  #putRecord(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) this.#fail('only plain objects can cross');
    for (const key of Object.keys(value)) {
      if (key === '__proto__') this.#fail("the key '__proto__' cannot cross");
      this.#read(key);
      this.#putAt(key, (value as Record<string, unknown>)[key]);
    }
  }

  #putAt(key: string | number, value: unknown): void {
    this.#path.push(key);
    this.put(value);
    this.#path.pop();
  }

  #count(): void {
    if (++this.values > this.#limits.values) this.#fail('more values than one message may hold');
  }

  #read(text: string): void {
    this.characters += text.length;
    if (this.characters > this.#limits.characters) this.#fail('more text than one message may hold');
  }

  #hold(buffer: ArrayBufferLike): void {
    if (isShared(buffer)) {
      if (!this.#shared.has(buffer)) this.sharedBytes += buffer.byteLength;
      this.#shared.add(buffer);
      return;
    }
    if (this.buffers.has(buffer)) return;
    if ((buffer as { readonly resizable?: boolean }).resizable)
      this.#fail('a buffer that changes its size cannot cross');
    this.buffers.add(buffer);
    this.bytes += buffer.byteLength;
    if (this.bytes > this.#limits.bytes) this.#fail('more bytes than one message may hold');
  }

  #fail(why: string): never {
    const place = this.#path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key.slice(0, 40)}`)).join('');
    throw new PayloadError(`At '${place.slice(0, 200) || '.'}': ${why}.`);
  }
}
