import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the built app, served from a sub-path: `http://localhost:…/some/where/`. */
    appAddress: string;
  }
}

/** Builds the app where the build is missing or older than its sources, and serves it from a sub-path with isolation headers. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (newest(['src', 'plugins', 'workers', 'public', 'index.html', 'vite.config.ts']) > newest(['dist/index.html']))
    await buildAsReleased();
  const served = await serveBuilt();
  project.provide('appAddress', served.address);
  return served.stop;
}

/** The test runner's own mode would leave out what only a released app does, such as its service worker. */
async function buildAsReleased(): Promise<void> {
  const mode = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root, logLevel: 'error' });
  } finally {
    process.env.NODE_ENV = mode;
  }
}

/** Serves the built app from a sub-path, as a host does that sends isolation headers. */
export async function serveBuilt(): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const prefix = '/some/where/';
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const name = path.startsWith(prefix) ? path.slice(prefix.length) || 'index.html' : undefined;
    const file = name === undefined ? undefined : join(dist, normalize(decodeURIComponent(name)));
    if (!file?.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cache-Control': 'no-cache',
    });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}${prefix}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** When the newest of these files was changed; 0 where none is there. */
function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.map((path) => {
      const full = path.startsWith('/') ? path : join(root, path);
      if (!existsSync(full)) return 0;
      const status = statSync(full);
      if (!status.isDirectory()) return status.mtimeMs;
      return newest(
        readdirSync(full)
          .filter((name) => !/\.test\.ts$/.test(name))
          .map((name) => join(full, name)),
      );
    }),
  );
}
