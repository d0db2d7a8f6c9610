import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginManifest } from '@patron/sdk';
import { buildBundle, type MakeBundle, readPluginManifest } from './plugin-bundle.ts';

/** The files of a plugin as they are installed, by their paths in the package. */
export type PluginFiles = ReadonlyMap<string, Uint8Array>;

/** The catalogues of a plugin, in both languages. @throws Error where a text of the manifest is missing in one. */
function localeFiles(folder: string, { l10n }: PluginManifest): [string, Uint8Array][] {
  if (l10n === undefined) return [];
  const path = join(folder, l10n);
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : [];
  return names.map((name) => [`${l10n}/${name}`, readFileSync(join(path, name))]);
}

/** Texts of the manifest that a catalogue lacks. */
function missingTexts(folder: string, manifest: PluginManifest): string[] {
  const keys = new Set([...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
  return localeFiles(folder, manifest).flatMap(([name, bytes]) => {
    const catalogue = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, string>;
    return [...keys].filter((key) => !Object.hasOwn(catalogue, key)).map((key) => `${name} has no text '${key}'.`);
  });
}

/** Builds and checks a plugin, and gives the files of its package, plugin.json first. @throws Error naming every fault. */
export async function pluginFiles(
  folder: string,
  make?: MakeBundle,
): Promise<{ manifest: PluginManifest; files: PluginFiles }> {
  const manifest = readPluginManifest(folder);
  const missing = missingTexts(folder, manifest);
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const bundle = await buildBundle(folder, manifest, make);
  const { $schema: _schema, ...packed } = { ...manifest, ...(bundle === undefined ? {} : { main: 'main.js' }) };
  const files = new Map<string, Uint8Array>([['plugin.json', Buffer.from(`${JSON.stringify(packed, null, 2)}\n`)]]);
  if (bundle !== undefined) files.set('main.js', Buffer.from(bundle));
  for (const [name, bytes] of localeFiles(folder, manifest)) files.set(name, bytes);
  for (const name of ['README.md', 'LICENSE'])
    if (existsSync(join(folder, name))) files.set(name, readFileSync(join(folder, name)));
  return { manifest, files };
}
