import { PayloadError } from '../payload.ts';
import type { WirePort } from '../transport.ts';

/*
 * Between the guard and a sandboxed plugin lie two processes: what is transferred is copied, first into shared memory and then
 * out of it. A message of several large buffers therefore travels in parts, a buffer each and then the message itself, so that
 * one side copies out while the other still copies in; what the host has in shared memory goes in pieces of a buffer. Either
 * side may also send a message whole.
 */

/** A buffer of the message that follows. */
interface Part {
  readonly t: 'part';
  readonly buffer: ArrayBuffer;
}

/** A piece of a buffer of `of` bytes; the pieces of one buffer come in their order and together. */
interface Piece {
  readonly t: 'piece';
  readonly buffer: ArrayBuffer;
  readonly of: number;
}

/** Where a view of a part stands in its message, and what it sees. */
interface Hole {
  readonly path: readonly (string | number)[];
  readonly part: number;
  readonly kind: string;
  readonly offset: number;
  readonly length: number;
}

/** A message with null where views of the parts before it stand. */
interface Parted {
  readonly t: 'parted';
  readonly holes: readonly Hole[];
  readonly message: unknown;
}

/** Shared memory is copied out in pieces of this size, small enough that the same warm memory serves one after the other. */
const pieceBytes = 2 ** 19;
/** Smaller buffers go with their message. */
const worthAPart = 2 ** 20;
const mostParts = 10_000;
const deepest = 64;

type View = Int8Array<ArrayBuffer>;
type ViewKind = new (buffer: ArrayBuffer, offset: number, length: number) => View;

const kinds = new Map<string, ViewKind>(
  [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((kind) => [
    kind.name,
    kind as unknown as ViewKind,
  ]),
);

/** Where to send to: a port, or what stands for one. */
export type PostTo = Pick<WirePort, 'postMessage'>;

/**
 * Sends a message; large buffers among those handed over go ahead of it where there are several. With `holdsShared`, what the
 * message sees of shared memory is copied out of it, large views a part each, so that the other side need not wait for all.
 */
export function postInParts(
  port: PostTo,
  message: unknown,
  transfer: readonly Transferable[],
  holdsShared = false,
): void {
  const large = severalLarge(message, transfer);
  if (large.length === 0 && !holdsShared) {
    port.postMessage(message, [...transfer]);
    return;
  }
  const parts = large.map((buffer) => () => sendPart(port, buffer));
  const copied = new Map<View, number>();
  const holes: Hole[] = [];
  const partOf = (view: View): number => {
    if (!isShared(view.buffer)) return large.indexOf(view.buffer);
    const known = copied.get(view);
    if (known !== undefined) return known;
    copied.set(view, parts.push(() => sendPieces(port, view)) - 1);
    return parts.length - 1;
  };
  const withHoles = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (ArrayBuffer.isView(value)) {
      const view = value as View;
      const shared = isShared(view.buffer);
      const apart = shared && kinds.has(view.constructor.name) && view.byteLength >= worthAPart;
      if (shared && !apart) return view.slice();
      if (!apart && !large.includes(view.buffer)) return view;
      const offset = shared ? 0 : view.byteOffset;
      holes.push({ path, part: partOf(view), kind: view.constructor.name, offset, length: view.length });
      return null;
    }
    if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return value;
    if (Array.isArray(value)) return value.map((item, i) => withHoles(item, [...path, i]));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withHoles(item, [...path, key])]));
  };
  const rest = withHoles(message, []);
  for (const send of parts) send();
  const smaller = transfer.filter((one) => !large.includes(one as ArrayBuffer));
  if (parts.length === 0) port.postMessage(rest, smaller);
  else port.postMessage({ t: 'parted', holes, message: rest } satisfies Parted, smaller);
}

function sendPart(port: PostTo, buffer: ArrayBuffer): void {
  port.postMessage({ t: 'part', buffer } satisfies Part, [buffer]);
}

function sendPieces(port: PostTo, { buffer, byteOffset, byteLength }: View): void {
  for (let at = 0; at < byteLength; at += pieceBytes) {
    const piece = new Uint8Array(buffer, byteOffset + at, Math.min(pieceBytes, byteLength - at)).slice().buffer;
    port.postMessage({ t: 'piece', buffer: piece, of: byteLength } satisfies Piece, [piece]);
  }
}

/** The large buffers that can go ahead; none where there are not several. */
function severalLarge(message: unknown, transfer: readonly Transferable[]): ArrayBuffer[] {
  const large = new Set(
    transfer.filter((one): one is ArrayBuffer => one instanceof ArrayBuffer && one.byteLength >= worthAPart),
  );
  const leaveWhole = (value: unknown): void => {
    if (value instanceof ArrayBuffer) large.delete(value);
    else if (ArrayBuffer.isView(value)) {
      if (!kinds.has(value.constructor.name)) large.delete(value.buffer as ArrayBuffer);
    } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) leaveWhole(item);
  };
  if (large.size > 1) leaveWhole(message);
  return large.size > 1 ? [...large] : [];
}

const isShared = (buffer: ArrayBufferLike): buffer is SharedArrayBuffer =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/**
 * Puts messages together that came in parts. What comes may be a stranger's: the parts are counted, and a view is put only where
 * the message itself has null.
 */
export class PartCollector {
  readonly #mostBytes: number;
  #parts: ArrayBuffer[] = [];
  #bytes = 0;
  #whole: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  readonly #takesPieces: boolean;

  /** `mostBytes`: what all parts of one message may hold. Pieces are taken from the host only: they say how much to set aside. */
  constructor(mostBytes: number, takesPieces = false) {
    this.#mostBytes = mostBytes;
    this.#takesPieces = takesPieces;
  }

  /** The whole message, or undefined after a part of one. @throws PayloadError where parts and message do not fit. */
  collect(data: unknown): unknown {
    const { t } = (typeof data === 'object' && data !== null ? data : {}) as { t?: unknown };
    if (t === 'part') {
      this.#keep((data as Part).buffer);
      return undefined;
    }
    if (t === 'piece') {
      if (!this.#takesPieces) throw new PayloadError('A plugin sends its buffers whole.');
      this.#join(data as Piece);
      return undefined;
    }
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    if (t === 'parted') return filled(data as Parted, parts);
    if (parts.length > 0) throw new PayloadError('Parts came without their message.');
    return data;
  }

  #join({ buffer, of }: Piece): void {
    this.#whole ??= new Uint8Array(of);
    this.#whole.set(new Uint8Array(buffer), this.#filled);
    this.#filled += buffer.byteLength;
    if (this.#filled < this.#whole.byteLength) return;
    this.#keep(this.#whole.buffer);
    this.#whole = undefined;
    this.#filled = 0;
  }

  #keep(buffer: unknown): void {
    if (!(buffer instanceof ArrayBuffer)) throw new PayloadError('A part is a buffer.');
    this.#parts.push(buffer);
    this.#bytes += buffer.byteLength;
    if (this.#parts.length > mostParts || this.#bytes > this.#mostBytes)
      throw new PayloadError('A message has more parts than may be sent.');
  }
}

function filled({ holes, message }: Parted, parts: readonly ArrayBuffer[]): unknown {
  if (!Array.isArray(holes) || holes.length > mostParts) throw unfit();
  for (const hole of holes as readonly (Partial<Hole> | null)[]) fill(message, hole ?? {}, parts);
  return message;
}

function fill(message: unknown, { path, part, kind, offset, length }: Partial<Hole>, parts: readonly unknown[]): void {
  const buffer = parts[part as number];
  const View = kinds.get(kind as string);
  if (!(buffer instanceof ArrayBuffer) || !View || !Array.isArray(path)) throw unfit();
  if (path.length === 0 || path.length > deepest) throw unfit();
  let holder = message;
  for (const key of path.slice(0, -1)) holder = ownValue(holder, key);
  const last: unknown = path.at(-1);
  if (ownValue(holder, last) !== null) throw unfit();
  let view: View;
  try {
    view = new View(buffer, offset as number, length as number);
  } catch (cause) {
    throw new PayloadError('A part is shorter than what the message sees of it.', { cause });
  }
  (holder as Record<string, unknown>)[last as string] = view;
}

function ownValue(holder: unknown, key: unknown): unknown {
  const fits = (typeof key === 'string' && key !== '__proto__') || Number.isSafeInteger(key);
  if (!fits || typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key as string)) throw unfit();
  return (holder as Record<string, unknown>)[key as string];
}

const unfit = (): PayloadError => new PayloadError('The parts of a message do not fit into it.');

/** A port over which messages go out in parts, and come in put together again. For the plugin's end. */
export function partedPort(port: MessagePort): WirePort {
  const listening = new Map<(event: MessageEvent) => void, (event: MessageEvent) => void>();
  const collector = new PartCollector(Number.POSITIVE_INFINITY, true);
  return {
    postMessage: (message, transfer) => postInParts(port, message, transfer),
    addEventListener(type, listener) {
      const own =
        type === 'messageerror'
          ? listener
          : (event: MessageEvent<unknown>): void => {
              const data = collector.collect(event.data);
              if (data !== undefined) listener(new MessageEvent('message', { data, ports: [...event.ports] }));
            };
      listening.set(listener, own);
      port.addEventListener(type, own);
    },
    removeEventListener(type, listener) {
      port.removeEventListener(type, listening.get(listener) ?? listener);
      listening.delete(listener);
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}
