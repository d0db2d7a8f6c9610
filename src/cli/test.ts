import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './build-app.ts';
import { findChromium } from './find-chromium.ts';
import { root } from './root.ts';

const env = { ...process.env, CHROMIUM: findChromium() };
const program = (name: string): string => join(root, 'node_modules', '.bin', name);

if (!existsSync(join(root, '..', 'shared', 'data'))) {
  console.log('The reference data (../shared) is not here: tests that need it are skipped, each saying so.');
}

/** Stops at the first stage that fails, so that a broken type is not buried under what follows from it. */
function stage(title: string, command: string, ...options: string[]): void {
  const started = Date.now();
  console.log(`\n── ${title}`);
  const run = spawnSync(program(command), options, { cwd: root, env, stdio: 'inherit' });
  console.log(
    `── ${title}: ${run.status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (run.status !== 0) process.exit(run.status ?? 1);
}

stage('types', 'tsc', '-p', '.');
stage('lint and format', 'biome', 'ci', '--error-on-warnings', '.');
stage('import rules', 'tsx', 'src/cli/import-rules.ts');
stage('unit and reference tests', 'vitest', 'run', '--project', 'unit');
stage('browser tests', 'vitest', 'run', '--project', 'browser');
await buildApp();
stage('end-to-end tests', 'vitest', 'run', '--project', 'e2e');
