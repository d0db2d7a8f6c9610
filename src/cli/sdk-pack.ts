import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { manifestJsonSchema, patronVersion } from '../platform/index.ts';
import { leaveOutUnused } from './plugin-bundle.ts';
import { root } from './root.ts';

/*
 * Makes the SDK a package that a plugin outside of this checkout can depend on: types, one script for the plugin and one for its
 * tests, and the schema of plugin.json. The last line printed is the path of the .tgz.
 */
const folder = join(root, 'dist-sdk', 'package');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

await build({
  entryPoints: { index: join(root, 'src/sdk/index.ts'), testing: join(root, 'src/sdk/testing.ts') },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  plugins: [leaveOutUnused],
  legalComments: 'none',
});

const options = join(root, 'dist-sdk', 'tsconfig.json');
writeFileSync(
  options,
  JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: './package',
      rootDir: '../src/sdk',
      types: [],
    },
    files: ['../src/sdk/index.ts', '../src/sdk/testing.ts'],
    include: [],
  }),
);
run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', options]);
// Declarations name the sources they came from; in the package they stand beside scripts.
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const path = join(folder, name);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(from\s+'\.[^']*)\.ts'/g, "$1.js'"));
}

writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify(
    {
      name: '@patron/sdk',
      version: patronVersion,
      description: 'What a plugin for Patron is written with',
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      exports: {
        '.': { types: './index.d.ts', default: './index.js' },
        './testing': { types: './testing.d.ts', default: './testing.js' },
        './plugin.schema.json': './plugin.schema.json',
      },
    },
    null,
    2,
  )}\n`,
);
writeFileSync(join(folder, 'plugin.schema.json'), `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
for (const name of ['LICENSE', 'src/sdk/README.md'])
  if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name.split('/').at(-1) as string));

const packed = run('npm', ['pack', '--pack-destination', join(root, 'dist-sdk'), '--silent'], folder);
console.log(join(root, 'dist-sdk', packed.trim().split('\n').at(-1) as string));

function run(program: string, given: string[], cwd: string = root): string {
  const done = spawnSync(program, given, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status === 0) return done.stdout;
  console.error(done.stdout + done.stderr);
  process.exit(1);
}
