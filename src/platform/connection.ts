import type { Text } from '@patron/sdk';
import { PayloadError, type PayloadWeight, weighPayload } from './payload.ts';
import type { ErrorCode, RequestId, WireError, WireMessage } from './protocol.ts';
import type { ReadMessage } from './read-message.ts';
import type { WirePort } from './transport.ts';

/** One call that the other side made: what its handler is given beside the argument. */
export interface IncomingCall {
  readonly signal: AbortSignal;
  progress(done: number, total: number, text?: Text): void;
}

/** Answers a call. Large buffers of what it returns are handed over. */
export type Method = (argument: unknown, call: IncomingCall) => unknown;

/** Why a call failed on the other side, as it came over the wire. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** Thrown by a method to answer with this code. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** How many bytes (buffers, and two a character of text) went each way. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
}

export interface ConnectionOptions {
  readonly port: WirePort;
  /** Reads and checks an incoming message, or throws a PayloadError. */
  readonly read: (value: unknown) => ReadMessage<WireMessage>;
  /** The calls this side answers, by exact name. */
  readonly methods: ReadonlyMap<string, Method>;
  /** Whether shared memory of an argument may be handed over as it is; otherwise it is copied, as that of an answer is. */
  readonly sharesMemory: boolean;
  /** Messages that are not about calls. */
  readonly onMessage: (message: WireMessage) => void;
  /** The other side sent what it may not. */
  readonly onViolation: (why: string) => void;
  /** Messages that the other side may send within a second. */
  readonly messagesPerSecond?: number;
  /** Calls of the other side that may be under way at once. */
  readonly callsAtOnce?: number;
}

interface Outgoing {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress?: (done: number, total: number, text?: Text) => void;
  readonly stopListening: () => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, text?: Text) => void;
  /** True leaves the buffers of the argument with the caller and sends copies. */
  readonly keep?: boolean;
}

/** Below this, a buffer is copied rather than transferred: it costs nothing and the sender's constants stay whole. */
const worthTransferring = 65_536;

/**
 * One end of a port between host and plugin; both ends are alike. It lives until `close`, which rejects every call under
 * way with the given reason; what arrives later is not looked at. A call that is cancelled rejects at once, and its late
 * answer is ignored.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #outgoing = new Map<RequestId, Outgoing>();
  readonly #incoming = new Map<RequestId, AbortController>();
  readonly #unanswered = new Set<RequestId>();
  #lastSent = 0;
  #lastReceived = 0;
  #closed = false;
  #bytesIn = 0;
  #bytesOut = 0;
  #messagesIn = 0;
  #windowStart = 0;
  #windowCount = 0;
  /** When the other side was last heard, in milliseconds of `performance.now()`. */
  lastHeard = performance.now();

  readonly #onData = (event: MessageEvent): void => this.#receive(event);
  readonly #onUnreadable = (): void => this.#options.onViolation('A message could not be read.');

  constructor(options: ConnectionOptions) {
    this.#options = options;
    options.port.addEventListener('message', this.#onData);
    options.port.addEventListener('messageerror', this.#onUnreadable);
    options.port.start();
  }

  get traffic(): Traffic {
    return { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, messagesIn: this.#messagesIn };
  }

  get callsUnderWay(): number {
    return this.#outgoing.size;
  }

  /** Whether a call was answered; a cancelled call counts as unanswered until the other side has let go of it. */
  isWaitingFor(id: RequestId): boolean {
    return this.#unanswered.has(id);
  }

  /** Calls the other side. Gives the id at once and the answer later. */
  call(method: string, argument: unknown, options: CallOptions = {}): { id: RequestId; answer: Promise<unknown> } {
    const id = ++this.#lastSent;
    const { signal, onProgress } = options;
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#closed) throw new Error('The connection is closed.');
      signal?.throwIfAborted();
      const onAbort = (): void => {
        this.#settle(id)?.reject(signal?.reason);
        this.send({ t: 'cancel', id });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const stopListening = (): void => signal?.removeEventListener('abort', onAbort);
      this.#outgoing.set(id, { resolve, reject, onProgress, stopListening });
      this.#unanswered.add(id);
      try {
        this.#post({ t: 'req', id, m: method, a: argument }, options.keep ?? false);
      } catch (error) {
        this.#unanswered.delete(id);
        this.#settle(id)?.reject(error);
      }
    });
    return { id, answer };
  }

  /** Sends a message that is not a call. After `close` it is a no-op. */
  send(message: WireMessage): void {
    if (!this.#closed) this.#post(message, true);
  }

  /** Ends the connection. Calls after the first are a no-op. */
  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    const { port } = this.#options;
    port.removeEventListener('message', this.#onData);
    port.removeEventListener('messageerror', this.#onUnreadable);
    port.close();
    for (const id of [...this.#outgoing.keys()]) this.#settle(id)?.reject(reason);
    for (const controller of this.#incoming.values()) controller.abort(reason);
    this.#incoming.clear();
    this.#unanswered.clear();
  }

  #post(message: WireMessage, keep: boolean): void {
    let sent = message;
    let weight = weighPayload(message);
    // What is answered is kept, and neither IndexedDB nor a file takes shared memory: only arguments may be in it.
    if (weight.sharedBytes > 0 && (message.t === 'res' || !this.#options.sharesMemory)) {
      sent = copyOutOfSharedMemory(message);
      weight = weighPayload(sent);
    }
    this.#bytesOut += weightOf(weight);
    const transfer = keep ? [] : [...weight.buffers].filter((buffer) => buffer.byteLength >= worthTransferring);
    this.#options.port.postMessage(sent, transfer);
  }

  #receive(event: MessageEvent): void {
    if (this.#closed) return;
    this.lastHeard = performance.now();
    const problem = this.#read(event);
    if (problem !== undefined) this.#options.onViolation(problem);
  }

  /** Reads and handles a message; gives what is wrong with it. */
  #read(event: MessageEvent): string | undefined {
    if (this.#floods()) return 'It sends messages faster than they can be read.';
    if (event.ports.length > 0) return 'A message carried a port.';
    let read: ReadMessage<WireMessage>;
    try {
      read = this.#options.read(event.data);
    } catch (error) {
      return (error as Error).message;
    }
    const { message, weight } = read;
    this.#bytesIn += weightOf(weight);
    if (message.t === 'req' && message.id <= this.#lastReceived) return `The call id ${message.id} was used before.`;
    this.#handle(message);
    return undefined;
  }

  #floods(): boolean {
    this.#messagesIn++;
    if (this.lastHeard - this.#windowStart > 1000) {
      this.#windowStart = this.lastHeard;
      this.#windowCount = 0;
    }
    return ++this.#windowCount > (this.#options.messagesPerSecond ?? 5000);
  }

  #handle(message: WireMessage): void {
    switch (message.t) {
      case 'req':
        this.#answer(message.id, message.m, message.a);
        break;
      case 'ack':
        break;
      case 'res':
        this.#unanswered.delete(message.id);
        this.#settle(message.id)?.resolve(message.v);
        break;
      case 'cancel':
        this.#incoming.get(message.id)?.abort(new DOMException('The call was cancelled.', 'AbortError'));
        break;
      case 'progress':
        this.#outgoing.get(message.id)?.onProgress?.(message.done, message.total, message.text);
        break;
      case 'err':
        if (message.id > 0) {
          this.#unanswered.delete(message.id);
          this.#settle(message.id)?.reject(new RemoteError(message.e));
          break;
        }
        this.#options.onMessage(message);
        break;
      default:
        this.#options.onMessage(message);
    }
  }

  #settle(id: RequestId): Outgoing | undefined {
    const call = this.#outgoing.get(id);
    this.#outgoing.delete(id);
    call?.stopListening();
    return call;
  }

  #answer(id: RequestId, name: string, argument: unknown): void {
    this.#lastReceived = id;
    this.send({ t: 'ack', id });
    const method = this.#options.methods.get(name);
    if (!method) {
      this.#fail(id, new RefusedError('unknown-method', `There is no method '${name}'.`));
      return;
    }
    if (this.#incoming.size >= (this.#options.callsAtOnce ?? 256)) {
      this.#fail(id, new RefusedError('busy', 'Too many calls are waiting. Await some of them first.'));
      return;
    }
    const controller = new AbortController();
    this.#incoming.set(id, controller);
    const progress = (done: number, total: number, text?: Text): void => {
      if (this.#incoming.get(id) === controller) this.send({ t: 'progress', id, done, total, text });
    };
    Promise.resolve()
      .then(() => method(argument, { signal: controller.signal, progress }))
      .then((value) => {
        if (!this.#closed) this.#post({ t: 'res', id, v: value }, false);
      })
      .catch((error: unknown) => this.#fail(id, error))
      .finally(() => this.#incoming.delete(id));
  }

  #fail(id: RequestId, error: unknown): void {
    this.send({ t: 'err', id, e: toWireError(error) });
  }
}

/** An error as it crosses: its code, texts cut to what a message may hold. */
export function toWireError(error: unknown): WireError {
  const wire = errorFields(error);
  return {
    ...wire,
    message: wire.message.slice(0, 10_000),
    path: wire.path?.slice(0, 1000),
    stack: wire.stack?.slice(0, 10_000),
  };
}

function errorFields(error: unknown): WireError {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  const { message, stack } = error;
  if (error instanceof RefusedError) return { code: error.code, message };
  if (error instanceof RemoteError) return error.wire;
  if (error instanceof PayloadError) return { code: 'failed', message };
  if (error.name === 'AbortError') return { code: 'cancelled', message };
  // By name, as a plugin's bundle holds its own copy of the class.
  if (error.name === 'AnalysisError') {
    const { text, path } = error as Error & { text?: Text; path?: string };
    return { code: 'analysis', message, text, path };
  }
  return { code: 'failed', message: `${error.name}: ${message}`, stack };
}

const weightOf = (weight: PayloadWeight): number => weight.bytes + weight.sharedBytes + weight.characters * 2;

/** The value with every view of shared memory copied into memory of its own. */
function copyOutOfSharedMemory<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) return value;
    return (value as unknown as Uint8Array).slice() as unknown as T;
  }
  if (Array.isArray(value)) return value.map(copyOutOfSharedMemory) as T;
  if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOutOfSharedMemory(item)])) as T;
}
