import { AnalysisError, type PluginManifest, type Text } from '@patron/sdk';
import { type CallOptions, type Method, RefusedError, RemoteError } from './connection.ts';
import type { Disposable } from './disposable.ts';
import { PlatformError, PluginDisabledError, PluginFailedError, PluginStoppedError } from './errors.ts';
import { MisfitError } from './expect-value.ts';
import type { PermissionKey } from './install/permissions.ts';
import { PluginProcess, type ProcessOptions, silenceUntilNotResponding } from './plugin-process.ts';
import type { PluginFault, PluginState, PluginStatus } from './plugin-status.ts';
import type { PluginTexts } from './plugin-texts.ts';
import type { PluginProblem } from './problem.ts';
import type { HostEvent, HostMethods, Init, Log, PluginMethods, Provided, StopReason } from './protocol.ts';
import { SiblingThreads } from './sibling-threads.ts';
import { platformText } from './texts.ts';
import type { PluginTransport } from './transport.ts';

/** Where a plugin came from. */
export type PluginSource = 'built-in' | 'file' | 'address' | 'catalogue';

export interface InstalledPluginOptions {
  readonly manifest: PluginManifest;
  readonly texts: PluginTexts;
  readonly transport: PluginTransport;
  readonly source: PluginSource;
  /** What `init` tells the plugin about now: language, settings. */
  readonly surroundings: () => Pick<Init, 'locale' | 'settings'>;
  readonly methods: ReadonlyMap<string, Method>;
  /** How many threads its kernels may run in, its own among them. */
  readonly threads: number;
  /** What the user, or the house, has granted it. */
  readonly granted: readonly PermissionKey[];
  readonly onChange: () => void;
  /** Told of each call into it; disposed when the call has ended. */
  readonly onCall?: (call: string) => Disposable;
}

const crashesUntilOff = 3;
const crashWindow = 5 * 60_000;
const keptFaults = 20;
const keptLogs = 100;

/** A plugin that is installed, from its installation to its removal, over any number of lives of its thread. */
export class InstalledPlugin {
  readonly manifest: PluginManifest;
  readonly texts: PluginTexts;
  readonly source: PluginSource;
  readonly #options: InstalledPluginOptions;
  /** Its contributions while it is switched on. */
  registration: Disposable | undefined;
  problems: readonly PluginProblem[] = [];
  #process: PluginProcess | undefined;
  readonly #siblings: SiblingThreads;
  #analysesUnderWay = 0;
  #commandsUnderWay = 0;
  #state: PluginState = 'idle';
  #silence = 0;
  #activationTime: number | undefined;
  #calls = 0;
  #pastBytesIn = 0;
  #pastBytesOut = 0;
  #faults: PluginFault[] = [];
  #logs: Omit<Log, 't'>[] = [];
  #crashes: number[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(options: InstalledPluginOptions) {
    this.#options = options;
    this.manifest = options.manifest;
    this.texts = options.texts;
    this.source = options.source;
    this.#siblings = new SiblingThreads(() => this.#makeSibling(), options.threads - 1);
  }

  get id(): string {
    return this.manifest.id;
  }

  get transportKind(): PluginTransport['kind'] {
    return this.#options.transport.kind;
  }

  /** The permissions it has. */
  get granted(): readonly PermissionKey[] {
    return this.#options.granted;
  }

  get enabled(): boolean {
    return this.registration !== undefined;
  }

  /** Its name as a person reads it. */
  name(locale: string): string {
    return this.texts.manifestText(this.manifest.name, locale);
  }

  get status(): PluginStatus {
    const traffic = this.#process?.traffic;
    const further = this.#siblings.traffic;
    return {
      state: this.#state,
      silence: this.#silence,
      activationTime: this.#activationTime,
      calls: this.#calls,
      callsUnderWay: this.#process?.callsUnderWay ?? 0,
      bytesIn: this.#pastBytesIn + (traffic?.bytesIn ?? 0) + further.bytesIn,
      bytesOut: this.#pastBytesOut + (traffic?.bytesOut ?? 0) + further.bytesOut,
      faults: this.#faults,
      logs: this.#logs,
    };
  }

  /**
   * Calls a method of the plugin's code, which is started if need be, and checks what it returns.
   * @throws AnalysisError as the plugin threw it, its texts those of the plugin's catalogue; the signal's reason once
   * cancelled; PluginStoppedError, PluginDisabledError, PluginFailedError.
   */
  async call<Name extends keyof PluginMethods>(
    method: Name,
    subject: string,
    argument: PluginMethods[Name]['argument'],
    check: (value: unknown) => PluginMethods[Name]['answer'] | Promise<PluginMethods[Name]['answer']>,
    options: CallOptions = {},
  ): Promise<PluginMethods[Name]['answer']> {
    const { signal } = options;
    signal?.throwIfAborted();
    this.#refuseIfOff();
    this.#calls++;
    const isAnalysis = method === 'analysis.run';
    const isCommand = method === 'command.run';
    if (isAnalysis) this.#analysesUnderWay++;
    if (isCommand) this.#commandsUnderWay++;
    const note = this.#options.onCall?.(subject);
    try {
      const process = await orAborted(this.#started(), signal);
      return await check(await process.call(method, argument, options));
    } catch (error) {
      throw this.#failure(error, subject, signal);
    } finally {
      if (isAnalysis) this.#analysesUnderWay--;
      if (isCommand) this.#commandsUnderWay--;
      note?.dispose();
      this.#options.onChange();
    }
  }

  /** Whether an analysis of its is under way: only then may it ask for threads and engines. */
  get runsAnalysis(): boolean {
    return this.#analysesUnderWay > 0;
  }

  /** Whether a command of its is under way: only then may it act on the workbook. */
  get runsCommand(): boolean {
    return this.#commandsUnderWay > 0;
  }

  /** Runs a kernel of the plugin in its further threads, for an analysis of its that runs. */
  async spread(argument: HostMethods['kernel.spread']['argument'], signal: AbortSignal): Promise<unknown[]> {
    if (!this.runsAnalysis) throw new RefusedError('denied', 'Kernels run only while an analysis of the plugin does.');
    if (this.#options.threads < 2) throw new RefusedError('denied', 'There are no further threads here.');
    return this.#siblings.spread(argument, signal);
  }

  #refuseIfOff(): void {
    const name = this.name(this.#options.surroundings().locale);
    if (this.#state === 'crashed') throw new PluginDisabledError(platformText('platform.pluginCrashed', { name }));
    if (!this.enabled) throw new PluginDisabledError(platformText('platform.pluginDisabled', { name }));
  }

  async #started(): Promise<PluginProcess> {
    if (!this.#process || this.#process.ended) {
      this.#process = this.#makeProcess();
      this.#setState('starting');
      const begin = performance.now();
      const process = this.#process;
      void process.start().then(
        () => {
          this.#activationTime = performance.now() - begin;
          this.#compareProvided(process.provides);
          if (process === this.#process && !process.ended) this.#setState('running');
        },
        () => {},
      );
    }
    const process = this.#process;
    await process.start();
    return process;
  }

  #makeProcess(): PluginProcess {
    const { methods, threads } = this.#options;
    const onEnd = (reason: StopReason, crashed: boolean): void => this.#ended(process, reason, crashed);
    const process: PluginProcess = new PluginProcess({ ...this.#processOptions(threads), methods, onEnd });
    return process;
  }

  /** A further thread: it runs kernels, and may ask the host for nothing. */
  #makeSibling(): PluginProcess {
    const onEnd = (_: StopReason, crashed: boolean): void => {
      this.#countEnd(process, crashed);
      if (this.#crashes.length >= crashesUntilOff) this.stop('crash');
      else if (this.#state === 'notResponding') this.#setState('running');
    };
    const process: PluginProcess = new PluginProcess({ ...this.#processOptions(1), methods: new Map(), onEnd });
    return process;
  }

  #processOptions(threads: number): Omit<ProcessOptions, 'methods' | 'onEnd'> {
    const { transport, surroundings } = this.#options;
    const { locale, settings } = surroundings();
    return {
      pluginId: this.id,
      name: this.name(locale),
      transport,
      init: {
        plugin: { id: this.id, version: this.manifest.version },
        locale,
        settings,
        texts: { ...this.texts.catalogue(locale) },
        threads,
      },
      onLog: (log) => this.#log(log),
      onSilence: (seconds) => {
        this.#silence = seconds;
        this.#setState(seconds >= silenceUntilNotResponding ? 'notResponding' : 'running');
      },
    };
  }

  #countEnd({ traffic }: PluginProcess, crashed: boolean): void {
    this.#pastBytesIn += traffic.bytesIn;
    this.#pastBytesOut += traffic.bytesOut;
    this.#silence = 0;
    if (!crashed) return;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < crashWindow), now];
  }

  #ended(process: PluginProcess, reason: StopReason, crashed: boolean): void {
    this.#countEnd(process, crashed || reason === 'unresponsive');
    if (this.#process === process) this.#process = undefined;
    this.#siblings.stop(reason);
    if (this.#crashes.length >= crashesUntilOff) this.#setState('crashed');
    else this.#setState(this.enabled ? 'idle' : 'disabled');
  }

  /** What the manifest declares and the code registers must be the same; a difference is shown with the plugin. */
  #compareProvided(provides: readonly Provided[]): void {
    const registered = new Set(provides.map(({ point, id }) => `${point} ${id}`));
    const declared = new Set(declaredBy(this.manifest).map(({ point, id }) => `${point} ${id}`));
    const idOf = (entry: string): string => entry.slice(entry.indexOf(' ') + 1);
    for (const entry of registered)
      if (!declared.has(entry)) this.#fault(platformText('platform.undeclared', { id: idOf(entry) }));
    for (const entry of declared)
      if (!registered.has(entry)) this.#fault(platformText('platform.unregistered', { id: idOf(entry) }));
  }

  /** What the caller is thrown; faults of the plugin are also kept in its status. */
  #failure(error: unknown, subject: string, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    const name = this.name(this.#options.surroundings().locale);
    if (error instanceof RemoteError) {
      const { wire } = error;
      if (wire.code === 'analysis')
        return new AnalysisError(wire.message, { text: wire.text, path: wire.path, cause: error });
      const text = platformText('platform.failed', { name, call: subject, problem: wire.message });
      this.#fault(text, wire.stack);
      return new PluginFailedError(text, { pluginId: this.id, code: wire.code, details: wire.stack, cause: error });
    }
    if (error instanceof MisfitError) {
      const { path, problem } = error.problem;
      const text = platformText('platform.badResult', { name, path, problem });
      this.#fault(text);
      return new PluginFailedError(text, { pluginId: this.id, code: 'failed', cause: error });
    }
    if (error instanceof PluginStoppedError) return error;
    if (error instanceof PlatformError) this.#fault(error.text);
    return error;
  }

  #fault(text: Text, details?: string): void {
    this.#faults = [...this.#faults, { time: Date.now(), text, details }].slice(-keptFaults);
    this.#options.onChange();
  }

  #log(log: Omit<Log, 't'>): void {
    this.#logs = [...this.#logs, log].slice(-keptLogs);
    // A plugin may log a lot; what is shown of it need not follow each line.
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#options.onChange();
    }, 200);
  }

  /** Tells a running plugin of a change. */
  tell(event: Omit<HostEvent, 't'>): void {
    this.#process?.tell(event);
  }

  /** Ends its thread, if one runs; the next call starts a new one. */
  stop(reason: StopReason): void {
    this.#process?.stop(reason);
  }

  /** Forgets its crashes, so that it can start again. */
  forgive(): void {
    this.#crashes = [];
    if (this.#state === 'crashed') this.#setState(this.enabled ? 'idle' : 'disabled');
  }

  /** Shows whether it is switched on, where nothing runs. */
  settle(): void {
    if (this.#state === 'idle' || this.#state === 'disabled') this.#setState(this.enabled ? 'idle' : 'disabled');
  }

  #setState(state: PluginState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

/** The handlers that the code behind a manifest has to register. */
export function declaredBy({ contributes = {} }: PluginManifest): Provided[] {
  const points = ['analyses', 'commands', 'importers', 'exporters', 'charts', 'engines'] as const;
  const byId = points.flatMap((point) => (contributes[point] ?? []).map(({ id }) => ({ point, id })));
  return [...byId, ...(contributes.functions ?? []).map(({ name }) => ({ point: 'functions' as const, id: name }))];
}

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
