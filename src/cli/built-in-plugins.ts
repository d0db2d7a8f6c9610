import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue, PluginCode } from '@patron/sdk';
import { inProcessTransport, type PluginHost } from '../platform/index.ts';

/** Installs every plugin of a folder of plugins (`<root>/plugins`), to run in this process once it is needed. */
export function installBuiltInPlugins(host: PluginHost, plugins: string): void {
  for (const name of readdirSync(plugins).sort()) {
    const folder = join(plugins, name);
    const manifest = join(folder, 'plugin.json');
    if (!existsSync(manifest)) continue;
    host.installBuiltIn(
      JSON.parse(readFileSync(manifest, 'utf8')),
      cataloguesOf(join(folder, 'locales')),
      inProcessTransport(async () => {
        const module = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as { plugin: PluginCode };
        return module.plugin;
      }),
    );
  }
}

function cataloguesOf(folder: string): Record<string, Catalogue> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalogue]),
  );
}
