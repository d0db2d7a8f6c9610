import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

const worker = 'service-worker.js';

/** Writes into the built service worker which files it keeps for use without a network. */
export function offlineFiles(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'patron-offline-files',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle() {
      const folder = resolve(config.root, config.build.outDir);
      const left = hyphenation(config.root);
      const files = listed(folder)
        .map((path) => relative(folder, path).split(sep).join('/'))
        .filter((name) => name !== worker && !left.some((start) => name.startsWith(`assets/${start}-`)))
        .sort();
      const hash = createHash('sha256');
      for (const name of files) hash.update(name).update(readFileSync(join(folder, name)));
      const path = join(folder, worker);
      const filled = readFileSync(path, 'utf8')
        .replace('const FILES = [];', `const FILES = ${JSON.stringify(files)};`)
        .replace("const VERSION = 'unbuilt';", `const VERSION = '${hash.digest('hex').slice(0, 16)}';`);
      writeFileSync(path, filled);
    },
  };
}

function listed(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names of Univer's dictionaries for hyphenation, which sheets never load: fifteen megabytes that need not be kept. */
function hyphenation(root: string): string[] {
  const entry = createRequire(join(root, 'package.json')).resolve('@univerjs/engine-render');
  const folder = join(dirname(entry), '..', 'es');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js') && name !== 'index.js')
    .map((name) => name.slice(0, -'.js'.length));
}
