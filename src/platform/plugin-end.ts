import {
  type Analysis,
  type AnalysisContext,
  type CallContext,
  type CellValue,
  type CommandContext,
  type FunctionArgument,
  type FunctionValue,
  type JsonObject,
  type PluginCode,
  seededRandom,
  type Text,
} from '@patron/sdk';
import { patronVersion, protocolVersions } from './api-version.ts';
import { Connection, type IncomingCall, type Method, RefusedError, toWireError } from './connection.ts';
import { nextTask } from './next-task.ts';
import type {
  FunctionBatch,
  FunctionOutcome,
  HostMethods,
  Init,
  Log,
  PluginMethods,
  Provided,
  WireMessage,
} from './protocol.ts';
import { readFromHost } from './read-message.ts';
import type { WirePort } from './transport.ts';

/** How long a handler may work between two looks at its messages, in milliseconds. */
const timeSlice = 12;

/** How often progress crosses, in milliseconds. */
const progressInterval = 50;

/**
 * The plugin's end of the port, in a worker, in the sandbox or in the host's own thread. It says hello, loads the code when
 * the host has said who it is, answers calls until it is told to stop.
 */
export function servePlugin(
  port: WirePort,
  load: (init: Init) => PluginCode | Promise<PluginCode>,
): { log(level: Log['level'], text: string): void } {
  const methods = new Map<string, Method>();
  let locale = 'en-US';
  let settings: JsonObject = {};
  let code: PluginCode = {};
  let threads = 1;

  const start = async (init: Init): Promise<void> => {
    ({ locale, settings, threads } = init);
    try {
      code = await load(init);
      const current = { locale: () => locale, settings: () => settings, threads, connection };
      for (const [name, method] of methodsOf(code, current)) methods.set(name, method);
      connection.send({ t: 'ready', provides: providedBy(code) });
    } catch (error) {
      connection.send({ t: 'err', id: 0, e: toWireError(error) });
    }
  };
  const onMessage = (message: WireMessage): void => {
    if (message.t === 'init') void start(message);
    else if (message.t === 'ping') connection.send({ t: 'pong', n: message.n });
    else if (message.t === 'event' && message.e === 'locale') locale = String(message.v);
    else if (message.t === 'event') settings = message.v as JsonObject;
    else if (message.t === 'stop') {
      try {
        code.deactivate?.(message.reason);
      } finally {
        connection.close(new Error('The plugin was stopped.'));
      }
    }
  };
  const connection = new Connection({
    port,
    read: readFromHost,
    methods,
    sharesMemory: true,
    onMessage,
    onViolation: (why) => connection.send({ t: 'log', level: 'error', text: why }),
    messagesPerSecond: Number.POSITIVE_INFINITY,
    callsAtOnce: Number.POSITIVE_INFINITY,
  });
  connection.send({ t: 'hello', api: protocolVersions, sdk: patronVersion });
  return { log: (level, text) => connection.send({ t: 'log', level, text: text.slice(0, 10_000) }) };
}

/** The handlers that the code registers. */
export function providedBy(code: PluginCode): Provided[] {
  const points = ['analyses', 'commands', 'functions', 'importers', 'exporters', 'charts', 'engines'] as const;
  return points.flatMap((point) => Object.keys(code[point] ?? {}).map((id) => ({ point, id })));
}

interface Current {
  locale(): string;
  settings(): JsonObject;
  readonly threads: number;
  readonly connection: Connection;
}

type Handlers = {
  [Name in keyof PluginMethods]: (argument: PluginMethods[Name]['argument'], call: IncomingCall) => unknown;
};

function methodsOf(code: PluginCode, current: Current): Map<string, Method> {
  const contextFor = (call: IncomingCall): CallContext => ({
    locale: current.locale(),
    settings: current.settings(),
    ...pacing(call),
  });
  const handlers: Handlers = {
    'analysis.run': ({ id, seed, reductions, ...request }, call) => {
      const analysis: Analysis = handlerOf(code.analyses, id);
      const pace = pacing(call);
      const reduce = reducing(reductions, current, call);
      return analysis({ ...request, random: seededRandom(seed), ...pace, ...spreading(code, current, pace), reduce });
    },
    'command.run': async ({ id, argument }, call) =>
      (await handlerOf(code.commands, id)(argument, {
        ...contextFor(call),
        ...askingHost(current.connection, call),
      })) ?? null,
    'function.call': (batch) => callFunction(handlerOf(code.functions, batch.name), batch),
    'importer.read': ({ id, file }, call) => handlerOf(code.importers, id)(file, contextFor(call)),
    'exporter.write': ({ id, table }, call) => handlerOf(code.exporters, id)(table, contextFor(call)),
    'chart.build': ({ id, fields }, call) => handlerOf(code.charts, id)(fields, contextFor(call)),
    'engine.reduce': ({ id, request }, call) => handlerOf(code.engines, id)(request, contextFor(call)),
    'kernel.run': ({ kernel, input }) => handlerOf(code.kernels, kernel)(input),
  };
  return new Map(Object.entries(handlers) as [string, Method][]);
}

/** Runs kernels: the first inputs in this thread, the others meanwhile in the further threads of the plugin. */
function spreading(
  code: PluginCode,
  { threads, connection }: Current,
  { signal, checkpoint }: Pacing,
): Pick<AnalysisContext, 'threads' | 'spread'> {
  return {
    threads,
    async spread<Output>(kernel: string, inputs: readonly unknown[]): Promise<Output[]> {
      const run = handlerOf(code.kernels, kernel);
      const own = Math.ceil(inputs.length / threads);
      const failure = new AbortController();
      const either = AbortSignal.any([signal, failure.signal]);
      const request: HostMethods['kernel.spread']['argument'] = { kernel, inputs: inputs.slice(own) };
      const others =
        own < inputs.length ? connection.call('kernel.spread', request, { signal: either, keep: true }) : undefined;
      const answer = Promise.resolve(others?.answer ?? []);
      answer.catch(() => {});
      try {
        const results: unknown[] = [];
        for (const input of inputs.slice(0, own)) {
          await checkpoint();
          results.push(run(input));
        }
        return [...results, ...((await answer) as unknown[])] as Output[];
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    },
  };
}

/** Has the engine that the user chose answer what it knows. The analysis keeps its columns. */
function reducing(
  reductions: readonly string[],
  { connection }: Current,
  { signal }: IncomingCall,
): AnalysisContext['reduce'] {
  return async (reduction, columns, options = {}) => {
    if (!reductions.includes(reduction)) return undefined;
    const request: HostMethods['engine.ask']['argument'] = { reduction, columns, options };
    const { answer } = connection.call('engine.ask', request, { signal, keep: true });
    return (await answer) as HostMethods['engine.ask']['answer'];
  };
}

/** What a command may ask the host to do. */
function askingHost(connection: Connection, { signal }: IncomingCall): Omit<CommandContext, keyof CallContext> {
  const ask = async <Name extends keyof HostMethods>(
    method: Name,
    argument: HostMethods[Name]['argument'],
  ): Promise<HostMethods[Name]['answer']> =>
    (await connection.call(method, argument, { signal }).answer) as HostMethods[Name]['answer'];
  return {
    execute: (id, argument = null) => ask('command.execute', { id, argument }),
    tables: () => ask('table.list', {}),
    readTable: (name) => ask('table.read', { name }),
    addSheet: async (name, rows) => void (await ask('sheet.add', { name, rows })),
    saveFile: async (name, bytes) => void (await ask('file.save', { name, bytes })),
    copyText: async (text) => void (await ask('clipboard.write', { text })),
  };
}

function handlerOf<Handler>(handlers: Readonly<Record<string, Handler>> | undefined, id: string): Handler {
  if (!handlers || !Object.hasOwn(handlers, id)) throw new RefusedError('bad-argument', `The code has no '${id}'.`);
  return handlers[id];
}

/** A batch of calls of one function; a call that throws has its message and the others their values. */
function callFunction(
  code: (...values: FunctionArgument[]) => FunctionValue,
  { calls }: FunctionBatch,
): FunctionOutcome[] {
  return calls.map((values) => {
    try {
      return { value: code(...(values as (CellValue | CellValue[][])[])) };
    } catch (error) {
      return { error: error instanceof Error ? error.message.slice(0, 500) : String(error).slice(0, 500) };
    }
  });
}

type Pacing = Pick<CallContext, 'signal' | 'progress' | 'checkpoint'>;

/** The signal, the thinned progress and the checkpoint of one call. */
function pacing({ signal, progress }: IncomingCall): Pacing {
  let sliceStart = performance.now();
  let lastProgress = Number.NEGATIVE_INFINITY;
  return {
    signal,
    progress(done: number, total: number, text?: Text): void {
      const now = performance.now();
      if (now - lastProgress < progressInterval && done < total) return;
      lastProgress = now;
      progress(done, total, text);
    },
    async checkpoint(): Promise<void> {
      if (performance.now() - sliceStart >= timeSlice) {
        await nextTask();
        sliceStart = performance.now();
      }
      signal.throwIfAborted();
    },
  };
}
