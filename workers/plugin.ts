import type { PluginCode } from '@patron/sdk';
import { servePlugin } from '../src/platform/index.ts';

/** The code of every built-in plugin by folder; a chunk of its own each, loaded when its worker starts. */
const plugins = import.meta.glob<{ readonly plugin: PluginCode }>('../plugins/*/index.ts');

/** The worker's name is the plugin's folder; its first message is the port that it is to be served over. */
addEventListener('message', (event: MessageEvent<{ port: MessagePort }>) => {
  servePlugin(event.data.port, async () => {
    const load = plugins[`../plugins/${self.name}/index.ts`];
    if (!load) throw new Error(`There is no built-in plugin '${self.name}'.`);
    return (await load()).plugin;
  });
});
