import { protocolVersions } from './api-version.ts';
import { type CallOptions, Connection, type Method, type Traffic } from './connection.ts';
import { DisposableStore } from './disposable.ts';
import { PlatformError, PluginStoppedError } from './errors.ts';
import type { HostEvent, Init, Log, Provided, StopReason, WireMessage } from './protocol.ts';
import { readFromPlugin } from './read-message.ts';
import { platformText } from './texts.ts';
import type { PluginThread, PluginTransport } from './transport.ts';

/** Milliseconds between a cancel and the end of a worker that does not obey it. */
const cancelGrace = 2000;
/** Milliseconds between `stop` and the end of the worker. */
const stopGrace = 250;
/** Seconds of silence, while calls are under way, until the plugin counts as not responding. */
export const silenceUntilNotResponding = 3;

export interface ProcessOptions {
  readonly pluginId: string;
  readonly name: string;
  readonly transport: PluginTransport;
  readonly init: Omit<Init, 't' | 'api'>;
  readonly methods: ReadonlyMap<string, Method>;
  readonly onLog: (log: Omit<Log, 't'>) => void;
  /** Seconds of silence changed from or to zero, or by one: what the status shows. */
  readonly onSilence: (seconds: number) => void;
  /** The process ended; `crashed` where nobody asked for it. */
  readonly onEnd: (reason: StopReason, crashed: boolean) => void;
}

/**
 * One life of a plugin's thread. It is made, started once, answers calls, and ends: by `stop`, by a crash, by breaking the
 * protocol, or by not obeying a cancel. After its end every call under way has rejected with a PluginStoppedError, and the
 * next call needs a new process.
 */
export class PluginProcess {
  readonly #options: ProcessOptions;
  readonly #store = new DisposableStore();
  #thread: PluginThread | undefined;
  #connection: Connection | undefined;
  #provides: readonly Provided[] = [];
  #ended = false;
  #started: Promise<void> | undefined;
  #failStart: (error: Error) => void = () => {};
  #silence = 0;
  #pings = 0;
  #pongs = 0;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** The handlers that the code registered; known once it has started. */
  get provides(): readonly Provided[] {
    return this.#provides;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get traffic(): Traffic {
    return this.#connection?.traffic ?? { bytesIn: 0, bytesOut: 0, messagesIn: 0 };
  }

  get callsUnderWay(): number {
    return this.#connection?.callsUnderWay ?? 0;
  }

  /** Starts it; later calls give the same promise. @throws PlatformError saying at which stage it failed. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    const { transport, name } = this.#options;
    let stage = 'hello';
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#failStart = reject;
        timer = setTimeout(() => {
          const seconds = String(transport.startTimeout / 1000);
          reject(new PlatformError(platformText('platform.startTimeout', { name, seconds, stage })));
        }, transport.startTimeout);
        const onMessage = (message: WireMessage): void => {
          if (message.t === 'hello') stage = 'ready';
          this.#receive(message, resolve);
        };
        this.#open(onMessage).catch(reject);
      });
    } catch (error) {
      const problem = error instanceof PlatformError ? error : this.#startError((error as Error).message);
      this.#end('crash', true, problem);
      throw problem;
    } finally {
      clearTimeout(timer);
      this.#failStart = () => {};
    }
  }

  async #open(onMessage: (message: WireMessage) => void): Promise<void> {
    const { transport, methods } = this.#options;
    const thread = await transport.start();
    if (this.#ended) {
      thread.kill();
      return;
    }
    this.#thread = thread;
    this.#store.add(
      thread.onError(({ text, broke }) => {
        if (broke) {
          this.#misbehave(text);
          return;
        }
        this.#options.onLog({ level: 'error', text });
        this.#failStart(this.#startError(text));
      }),
    );
    this.#connection = new Connection({
      port: thread.port,
      read: readFromPlugin,
      methods,
      sharesMemory: transport.sharesMemory,
      onMessage,
      onViolation: (why) => this.#misbehave(why),
    });
  }

  #startError(problem: string): PlatformError {
    return new PlatformError(platformText('platform.startFailed', { name: this.#options.name, problem }));
  }

  #receive(message: WireMessage, ready: () => void): void {
    switch (message.t) {
      case 'hello':
        this.#greet(message.api);
        break;
      case 'ready':
        this.#provides = message.provides;
        ready();
        break;
      case 'err':
        this.#failStart(this.#startError(message.e.message));
        break;
      case 'log':
        this.#options.onLog({ level: message.level, text: message.text });
        break;
      case 'pong':
        this.#pongs = Math.max(this.#pongs, Math.min(message.n, this.#pings));
        break;
      default:
        this.#misbehave(`A plugin does not send '${message.t}'.`);
    }
  }

  #greet(theirs: readonly number[]): void {
    const api = protocolVersions.find((version) => theirs.includes(version));
    if (api !== undefined) {
      this.#connection?.send({ t: 'init', api, ...this.#options.init });
      return;
    }
    const problem = platformText('platform.apiVersion', {
      theirs: theirs.join(', '),
      ours: protocolVersions.join(', '),
    });
    this.#failStart(new PlatformError(platformText('platform.startFailed', { name: this.#options.name, problem })));
  }

  /** Calls a method. A cancel rejects at once; a plugin that goes on for longer than its grace is ended. */
  async call(method: string, argument: unknown, options: CallOptions = {}): Promise<unknown> {
    await this.start();
    const connection = this.#connection;
    if (this.#ended || !connection) throw this.#stoppedError('crash');
    const { id, answer } = connection.call(method, argument, options);
    if (this.#options.transport.ownThread) this.#keepWatch();
    const { signal } = options;
    if (signal && this.#options.transport.ownThread) {
      const onAbort = (): void => {
        setTimeout(() => {
          if (connection.isWaitingFor(id)) this.#end('cancel', false);
        }, cancelGrace);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      void answer
        .catch(() => {})
        .finally(() => {
          if (!signal.aborted) signal.removeEventListener('abort', onAbort);
        });
    }
    return answer;
  }

  /** Tells the plugin of a change of language or settings. */
  tell(event: Omit<HostEvent, 't'>): void {
    this.#connection?.send({ t: 'event', ...event });
  }

  /** Ends it: calls under way reject now, the code has a quarter of a second to let go. */
  stop(reason: StopReason): void {
    if (this.#ended) return;
    const thread = this.#thread;
    if (reason === 'unresponsive' || !this.#options.transport.ownThread || !thread) {
      this.#end(reason, false);
      return;
    }
    this.#connection?.send({ t: 'stop', reason });
    this.#thread = undefined;
    this.#end(reason, false, this.#stoppedError(reason), stopGrace);
    setTimeout(() => thread.kill(), stopGrace);
  }

  #misbehave(why: string): void {
    const { name } = this.#options;
    this.#options.onLog({ level: 'error', text: why });
    const error = new PlatformError(platformText('platform.misbehaved', { name, problem: why }));
    this.#failStart(error);
    this.#end('misbehaved', true);
  }

  #end(reason: StopReason, crashed: boolean, error: Error = this.#stoppedError(reason), lingers = 0): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watch);
    if (lingers === 0) this.#connection?.send({ t: 'stop', reason });
    this.#failStart(error);
    this.#connection?.close(error);
    this.#store.dispose();
    this.#thread?.kill();
    this.#options.onEnd(reason, crashed);
  }

  #stoppedError(reason: StopReason): PluginStoppedError {
    const { name, pluginId } = this.#options;
    return new PluginStoppedError(platformText('platform.stopped', { name, reason }), pluginId, reason);
  }

  /**
   * Pings once a second while calls are under way. Silence is counted in pings without a pong rather than by the clock, so
   * that a machine that slept does not make its plugins look dead.
   */
  #keepWatch(): void {
    if (this.#watch !== undefined) return;
    this.#pongs = this.#pings;
    this.#watch = setInterval(() => {
      if (this.callsUnderWay === 0) {
        clearInterval(this.#watch);
        this.#watch = undefined;
        this.#setSilence(0);
        return;
      }
      this.#setSilence(this.#pings - this.#pongs);
      this.#connection?.send({ t: 'ping', n: ++this.#pings });
    }, 1000);
  }

  #setSilence(seconds: number): void {
    if (seconds === this.#silence) return;
    this.#silence = seconds;
    this.#options.onSilence(seconds);
  }
}
