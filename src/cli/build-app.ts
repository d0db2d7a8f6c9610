import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './root.ts';

const sources = ['src', 'plugins', 'workers', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];

/** Builds the app into `dist`, unless what is there is newer than every source. */
export async function buildApp(): Promise<void> {
  const built = join(root, 'dist', 'index.html');
  if (existsSync(built) && newest(sources.map((name) => join(root, name))) < statSync(built).mtimeMs) return;
  await build({ root, logLevel: 'error' });
}

function newest(paths: readonly string[]): number {
  return Math.max(0, ...paths.filter((path) => existsSync(path)).map(changedAt));
}

function changedAt(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
}
