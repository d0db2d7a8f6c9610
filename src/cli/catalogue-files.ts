import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files of the catalogue by name. They are packed by a process of its own, as the platform's code is not the bundler's. */
async function catalogue(): Promise<Map<string, Uint8Array>> {
  const out = mkdtempSync(join(tmpdir(), 'patron-catalogue-'));
  try {
    await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', join(root, 'src', 'cli', 'catalogue-pack.ts'), out],
      { cwd: root, env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') } },
    );
    return new Map(readdirSync(out).map((name) => [name, new Uint8Array(readFileSync(join(out, name)))]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Serves the catalogue of plugins at `catalogue/` beside the app, in the build and by the dev server. */
export function catalogueFiles(): Plugin {
  let served: Promise<Map<string, Uint8Array>> | undefined;
  return {
    name: 'patron-catalogue',
    async generateBundle() {
      if (this.environment.config.consumer !== 'client') return;
      for (const [name, source] of await catalogue())
        this.emitFile({ type: 'asset', fileName: `catalogue/${name}`, source });
    },
    configureServer({ middlewares, watcher }) {
      watcher.on('change', (path) => {
        if (path.includes(join('src', 'cli', 'catalogue'))) served = undefined;
      });
      middlewares.use((request, response, next) => {
        const name = /^\/catalogue\/([\w.-]+)$/.exec(new URL(request.url ?? '/', 'http://localhost').pathname)?.[1];
        if (name === undefined) return next();
        served ??= catalogue();
        served.then((files) => {
          const file = files.get(name);
          response.writeHead(file ? 200 : 404, {
            'Content-Type': name.endsWith('.json') ? 'application/json' : 'application/zip',
          });
          response.end(file);
        }, next);
      });
    },
  };
}
