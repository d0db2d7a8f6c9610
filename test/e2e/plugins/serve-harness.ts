import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sandboxPrelude } from '../../../src/cli/sandbox-prelude.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** A server of the harness, under the very policy of the app, that counts requests for `/hit`. */
export interface ServedHarness {
  readonly address: string;
  /** Another origin, which counts too. */
  readonly elsewhere: string;
  hits(): readonly string[];
  close(): void;
}

export async function serveHarness(): Promise<ServedHarness> {
  const out = mkdtempSync(join(tmpdir(), 'patron-harness-'));
  await build({
    configFile: false,
    root: join(root, 'test/e2e/plugins/harness'),
    base: './',
    logLevel: 'error',
    plugins: [sandboxPrelude()],
    resolve: { alias: { '@patron/sdk': join(root, 'src/sdk/index.ts') } },
    worker: { format: 'es' },
    build: { outDir: out, emptyOutDir: true, target: 'es2022' },
  });
  const page = readFileSync(join(root, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1] ?? '';
  const hits: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (path.startsWith('/hit')) {
      hits.push(`${request.method} ${request.url}`);
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('1');
      return;
    }
    try {
      const name = path === '/' ? 'index.html' : path.slice(1);
      const body = readFileSync(join(out, name), 'utf8');
      response.writeHead(200, {
        'Content-Type': types[extname(name)] ?? 'text/plain',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        ...(name === 'index.html' ? { 'Content-Security-Policy': policy } : {}),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.on('upgrade', (request, socket) => {
    hits.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}/`,
    elsewhere: `http://127.0.0.1:${port}/`,
    hits: () => [...hits],
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(out, { recursive: true, force: true });
    },
  };
}
