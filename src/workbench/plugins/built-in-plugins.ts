import type { Catalogue } from '@patron/sdk';
import { type PluginHost, workerTransport } from '../../platform/index.ts';

const manifests = import.meta.glob<unknown>('../../../plugins/*/plugin.json', { eager: true, import: 'default' });
const locales = import.meta.glob<Catalogue>('../../../plugins/*/locales/*.json', { eager: true, import: 'default' });

/** Installs every plugin of the `plugins` folder, each to run in a worker of its own once it is needed. */
export function installBuiltInPlugins(host: PluginHost): void {
  for (const [path, manifest] of Object.entries(manifests)) {
    const folder = path.split('/').at(-2) as string;
    host.installBuiltIn(
      manifest,
      cataloguesOf(path.slice(0, path.lastIndexOf('/'))),
      workerTransport(
        () => new Worker(new URL('../../../workers/plugin.ts', import.meta.url), { type: 'module', name: folder }),
      ),
    );
  }
}

function cataloguesOf(folder: string): Record<string, Catalogue> {
  const own = Object.entries(locales).filter(([path]) => path.startsWith(`${folder}/locales/`));
  return Object.fromEntries(own.map(([path, catalogue]) => [path.slice(path.lastIndexOf('/') + 1, -5), catalogue]));
}
