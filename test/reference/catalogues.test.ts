import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const plugins = fileURLToPath(new URL('../../plugins', import.meta.url));

/** What the sources of a plugin ask of its catalogues: whole keys, and the beginnings and ends of keys that are put together. */
interface Uses {
  readonly keys: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
}

function sourcesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Every quoted text counts as a use, since keys travel through tables and arguments too; a template counts as a pattern. */
function usesOf(source: string, manifest: string): Uses {
  const keys = new Set<string>();
  for (const [, key] of source.matchAll(/'([\w.-]+)'/g)) keys.add(key);
  for (const [, key] of manifest.matchAll(/%([\w.-]+)%/g)) keys.add(key);
  const patterns = [...source.matchAll(/`([\w.-]*\$\{[^`]*)`/g)]
    .map(([, template]) => template.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/))
    .filter(
      (parts) =>
        parts.some((part) => /^\w[\w.-]*\.|\.\w[\w.-]*$/.test(part)) && parts.every((part) => /^[\w.-]*$/.test(part)),
    )
    .map((parts) => new RegExp(`^${parts.map(escaped).join('[\\w.-]+')}$`));
  return { keys, patterns };
}

/** The keys that a source hands to `message` as they stand. */
function messagesOf(source: string): string[] {
  const calls = [...source.matchAll(/\bmessage\(\s*'([\w.-]+)'/g)].map(([, key]) => key);
  const choices = [...source.matchAll(/\bmessage\([^'`()]*\?\s*'([\w.-]+)'\s*:\s*'([\w.-]+)'/g)];
  return [...calls, ...choices.flatMap(([, yes, no]) => [yes, no])];
}

function placeholders(pattern: string): string[] {
  return [...new Set([...pattern.matchAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g)].map(([, name]) => name))].sort();
}

const folders = readdirSync(plugins).filter((name) => existsSync(join(plugins, name, 'locales')));

describe.each(folders)('the catalogues of the plugin %s', (name) => {
  const folder = join(plugins, name);
  const read = (language: string): Record<string, string> =>
    JSON.parse(readFileSync(join(folder, 'locales', `${language}.json`), 'utf8'));
  const english = read('en-US');
  const chinese = read('zh-CN');
  const manifest = readFileSync(join(folder, 'plugin.json'), 'utf8');
  const source = sourcesOf(folder);

  it('have the same keys and the same placeholders in both languages', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    const differing = Object.keys(english).filter(
      (key) => placeholders(english[key]).join() !== placeholders(chinese[key] ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it('have every text that the code and the manifest name', () => {
    const named = [...messagesOf(source), ...[...manifest.matchAll(/%([\w.-]+)%/g)].map(([, key]) => key)];
    expect([...new Set(named)].filter((key) => !Object.hasOwn(english, key))).toEqual([]);
  });

  it('hold no text that nothing names', () => {
    const { keys, patterns } = usesOf(source, manifest);
    const unused = Object.keys(english).filter(
      (key) => !keys.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });

  it('leave no text empty, and no sentence of the Chinese in English', () => {
    const faults = Object.entries(chinese).filter(
      ([key, text]) =>
        text.trim() === '' ||
        english[key].trim() === '' ||
        (text === english[key] && / [a-z]+ [a-z]+/.test(english[key].replace(/\{\w+\}/g, ''))),
    );
    expect(faults.map(([key]) => key)).toEqual([]);
  });

  it('use full-width punctuation in Chinese sentences', () => {
    const halfWidth = Object.entries(chinese).filter(([, text]) => /\p{Script=Han}[,;:!?]/u.test(text));
    expect(halfWidth.map(([key]) => key)).toEqual([]);
  });

  it('write a percentage as the numbers beside it are written, without a space', () => {
    const spaced = Object.entries({ ...english, ...chinese }).filter(([, text]) => /\d %/.test(text));
    expect(spaced.map(([key]) => key)).toEqual([]);
  });
});
