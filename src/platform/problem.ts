import { type Message, type MessageArgument, renderText, type Text } from '@patron/sdk';
import { type PlatformTextKey, platformCatalogues, platformText } from './texts.ts';

/** Something wrong at a place in a value, in a form that reads in both languages. */
export interface Problem {
  /** Where: `contributes.analyses[0].inputs[1].role`. */
  readonly path: string;
  readonly problem: Message;
}

/** A problem of a plugin: who, at which contribution point (empty for the manifest itself), where and what. */
export interface PluginProblem extends Problem {
  readonly pluginId: string;
  readonly point: string;
}

export type Report = (path: string, problem: Message) => void;

/** The problem as one line: "contributes.analyses[0].id: expected text, got nothing". */
export function problemText({ path, problem }: Problem): Message {
  return platformText('platform.atPath', { path, problem });
}

/** Expected one thing, got another. Values are shown short, in quotes where they are text. */
export function expected(what: PlatformTextKey | Message, received: unknown): Message {
  const wanted = typeof what === 'string' ? platformText(what) : what;
  return platformText('platform.expected', { expected: wanted, received: shortly(received) });
}

/** A value as an error message shows it: at most 60 characters, text in quotes. */
function shortly(value: unknown): MessageArgument {
  if (value === undefined || value === null) return platformText('platform.nothing');
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}…` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return platformText('platform.list');
  return platformText(typeof value === 'object' ? 'platform.object' : 'platform.valid');
}

/** Joins a path: `at('inputs', 2)` is `inputs[2]`, `at('inputs', 'role')` is `inputs.role`. */
export function at(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** A platform message in the language, for problems and errors; a plugin's own text falls back to its key. */
export function renderPlatformText(text: Text, locale: string): string {
  return renderText(text, platformCatalogues[locale] ?? platformCatalogues['en-US'], locale);
}
