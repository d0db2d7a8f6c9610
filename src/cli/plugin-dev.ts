import { watch } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type BuildContext, context } from 'esbuild';
import type { BundleOptions, MakeBundle } from './plugin-bundle.ts';
import type { PluginFiles } from './plugin-files.ts';
import { pluginFiles } from './plugin-files.ts';
import { nameArgument, pluginFolder, runCommand } from './plugin-folder.ts';

/** The port that is tried first; the next free one is taken. */
const firstPort = Number(process.env.PORT ?? 5199);

await runCommand(async () => {
  const folder = pluginFolder(nameArgument('plugin:dev'));
  let files: PluginFiles = new Map();
  const listening = new Set<ServerResponse>();

  // Kept between builds, so that only what changed is read again.
  let kept: { main: string; building: BuildContext<BundleOptions> } | undefined;
  const make: MakeBundle = async (options) => {
    const main = JSON.stringify(options.entryPoints);
    if (kept?.main !== main) {
      await kept?.building.dispose();
      kept = { main, building: await context(options) };
    }
    return kept.building.rebuild();
  };

  const rebuild = async (): Promise<void> => {
    const started = performance.now();
    try {
      const built = await pluginFiles(folder, make);
      files = built.files;
      for (const response of listening) response.write('event: change\ndata: 1\n\n');
      console.log(
        `Built ${built.manifest.id} ${built.manifest.version} in ${Math.round(performance.now() - started)} ms`,
      );
    } catch (error) {
      console.error(`Not built, the app keeps what it has:\n${(error as Error).message}`);
    }
  };
  await rebuild();

  let waiting: ReturnType<typeof setTimeout> | undefined;
  watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || /(^|[\\/])(dist|node_modules|\.git)([\\/]|$)/.test(name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(rebuild, 60);
  });

  const server = createServer((request, response) => {
    // The app comes from another port of this machine.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Cache-Control', 'no-store');
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    if (name === 'events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': here\n\n');
      listening.add(response);
      request.on('close', () => listening.delete(response));
    } else if (name === 'files.json') response.end(JSON.stringify([...files.keys()]));
    else if (files.has(name)) response.end(files.get(name));
    else response.writeHead(404).end();
  });
  const port = await listen(server, firstPort);
  console.log(`
Serving it on http://localhost:${port}
In Patron: Plugins, Load from address, and give that address. It is reloaded on every save. Ctrl+C stops this.`);
});

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port < firstPort + 20) resolve(listen(server, port + 1));
      else reject(error);
    });
    server.listen(port, 'localhost', () => resolve(port));
  });
}
