import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '@patron/sdk';
import { PluginTexts } from '../platform/index.ts';
import { type PackedPlugin, packPlugin } from './plugin-package.ts';
import { root } from './root.ts';

/** Packs every plugin of the catalogue into the folder that is named, with the `index.json` that lists them. */
const [out] = process.argv.slice(2);
const folder = join(root, 'src', 'cli', 'catalogue');
const packed: PackedPlugin[] = [];
for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  packed.push(await packPlugin(join(folder, name)));
mkdirSync(out, { recursive: true });
for (const { name, zip } of packed) writeFileSync(join(out, name), zip);
writeFileSync(join(out, 'index.json'), `${JSON.stringify({ plugins: packed.map(entryOf) }, null, 2)}\n`);

function entryOf({ manifest, files, name, sha256 }: PackedPlugin) {
  const catalogues: Record<string, Catalogue> = {};
  for (const [path, bytes] of files) {
    const locale = /^locales\/([\w-]+)\.json$/.exec(path)?.[1];
    if (locale) catalogues[locale] = JSON.parse(Buffer.from(bytes).toString('utf8'));
  }
  const texts = new PluginTexts(catalogues);
  const textsIn = (locale: string) => ({
    name: texts.manifestText(manifest.name, locale),
    description: texts.manifestText(manifest.description ?? '', locale),
  });
  const others = Object.keys(catalogues).filter((locale) => locale !== 'en-US');
  return {
    id: manifest.id,
    ...textsIn('en-US'),
    author: manifest.author,
    locales: Object.fromEntries(others.map((locale) => [locale, textsIn(locale)])),
    versions: [{ version: manifest.version, engines: manifest.engines, url: name, sha256 }],
  };
}
