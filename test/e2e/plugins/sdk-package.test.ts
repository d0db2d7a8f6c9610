import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'patron-sdk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: string[], cwd: string): string {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8' });
  expect(done.status, done.stdout + done.stderr).toBe(0);
  return done.stdout;
}

it('is a package that a plugin outside of the checkout is written, checked and bundled with', async () => {
  const packed = run(process.execPath, ['--import', 'tsx', 'src/cli/sdk-pack.ts'], root).trim().split('\n').at(-1);
  const modules = join(folder, 'node_modules', '@patron', 'sdk');
  mkdirSync(modules, { recursive: true });
  run('tar', ['-xzf', packed as string, '-C', modules, '--strip-components=1'], folder);
  const { version, exports } = JSON.parse(readFileSync(join(modules, 'package.json'), 'utf8'));
  expect(version).toBe('0.1.0');
  expect(Object.keys(exports)).toEqual(['.', './testing', './plugin.schema.json']);

  for (const file of ['index.ts', 'concentration.ts', 'plugin.json'])
    cpSync(join(root, 'src/cli/plugin-template', file), join(folder, file));
  writeFileSync(
    join(folder, 'run.ts'),
    `import { numberColumn, stringColumn, type PluginManifest } from '@patron/sdk';
    import { runAnalysis } from '@patron/sdk/testing';
    import { plugin as code } from './index.ts';
    import manifest from './plugin.json' with { type: 'json' };
    const { metrics } = await runAnalysis({ manifest: manifest as unknown as PluginManifest, code }, 'my-model.concentration', {
      inputs: { transactions: { fields: { customer: stringColumn(['a', 'b', 'c']), amount: numberColumn([1, 2, 7]) } } },
    });
    console.log(JSON.stringify(metrics));
    declare const console: { log(text: string): void };`,
  );
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        lib: ['ES2023', 'DOM'],
        types: [],
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        resolveJsonModule: true,
      },
      include: ['*.ts'],
    }),
  );
  run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], folder);
  await build({
    entryPoints: [join(folder, 'run.ts')],
    outfile: join(folder, 'run.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  const metrics = JSON.parse(run(process.execPath, ['run.mjs'], folder));
  expect(metrics.gini.value).toBeCloseTo(0.4, 12);
});
