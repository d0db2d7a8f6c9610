import type { PluginCode } from '@patron/sdk';
import { servePlugin } from '../plugin-end.ts';
import { partedPort } from './parted-port.ts';

/*
 * Runs first in a sandboxed worker, before the plugin's bundle. It takes away what the policy blocks anyway, so that a mistake
 * gets a helpful message rather than silence; it takes away workers and the console, of which a flood would reach the page;
 * and it serves the plugin over the first port it is given. What the plugin may know and reach is not decided here but by the
 * frame's policy, the guard and the host.
 */

interface SandboxScope {
  patronPlugin?: { readonly plugin?: PluginCode };
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const scope = globalThis as unknown as SandboxScope;

const unavailable: Readonly<Record<string, string>> = {
  fetch: 'A plugin cannot reach the network.',
  XMLHttpRequest: 'A plugin cannot reach the network.',
  WebSocket: 'A plugin cannot reach the network.',
  EventSource: 'A plugin cannot reach the network.',
  importScripts: 'A plugin is one file; bundle what it needs with `npm run plugin:pack`.',
  indexedDB: 'A plugin has no storage of its own; give back what is to be kept as a result.',
  caches: 'A plugin has no storage of its own; give back what is to be kept as a result.',
  Worker: 'A plugin already runs in a worker of its own and cannot start another.',
  postMessage: 'A plugin talks to Patron through its handlers only.',
  close: 'A plugin is stopped by Patron.',
};

for (const [name, why] of Object.entries(unavailable)) {
  const refuse = (): never => {
    throw new Error(why);
  };
  const property = name === 'indexedDB' || name === 'caches' ? { get: refuse } : { value: refuse, writable: false };
  Object.defineProperty(globalThis, name, { ...property, configurable: false });
}

const start = (event: MessageEvent): void => {
  const [port] = event.ports;
  if (!port) return;
  event.stopImmediatePropagation();
  scope.removeEventListener('message', start);
  const { log } = servePlugin(partedPort(port), () => {
    const plugin = scope.patronPlugin?.plugin;
    if (!plugin) throw new Error("The bundle does not export 'plugin'. Build it with `npm run plugin:pack`.");
    return plugin;
  });
  tell = (level, words) => log(level, words.map(describe).join(' '));
};
scope.addEventListener('message', start);

let tell: (level: 'debug' | 'info' | 'warning' | 'error', words: unknown[]) => void = () => {};
const quiet = (): void => {};
Object.defineProperty(globalThis, 'console', {
  value: Object.freeze({
    log: (...words: unknown[]) => tell('info', words),
    info: (...words: unknown[]) => tell('info', words),
    debug: (...words: unknown[]) => tell('debug', words),
    warn: (...words: unknown[]) => tell('warning', words),
    error: (...words: unknown[]) => tell('error', words),
    assert: quiet,
    clear: quiet,
    count: quiet,
    dir: quiet,
    group: quiet,
    groupEnd: quiet,
    table: quiet,
    time: quiet,
    timeEnd: quiet,
    trace: quiet,
  }),
  writable: false,
  configurable: false,
});

function describe(word: unknown): string {
  if (typeof word === 'string') return word;
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  try {
    return JSON.stringify(word) ?? String(word);
  } catch {
    return String(word);
  }
}
