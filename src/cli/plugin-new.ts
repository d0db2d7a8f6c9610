import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { manifestJsonSchema } from '../platform/index.ts';
import { nameArgument, newPluginFolder, runCommand } from './plugin-folder.ts';
import { root } from './root.ts';

const template = join(root, 'src', 'cli', 'plugin-template');

await runCommand(() => {
  const folder = newPluginFolder(nameArgument('plugin:new'));
  const name = basename(folder);
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name))
    throw new Error(`'${name}' cannot be the name of a plugin: use lower-case letters, digits and hyphens.`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`'${folder}' is there already and is not empty. Choose another name.`);
  for (const file of filesOf(template)) {
    const text = readFileSync(join(template, file), 'utf8');
    write(join(folder, file), text.replaceAll('my-model', name));
  }
  write(join(folder, 'plugin.schema.json'), `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
  write(join(folder, 'tsconfig.json'), `${JSON.stringify(compilerOptions(folder), null, 2)}\n`);
  const shown = relative(process.env.INIT_CWD ?? process.cwd(), folder) || '.';
  console.log(`Made the plugin '${name}' in ${shown}

  npm run plugin:dev -- ${argumentFor(folder, name)}     builds on every save, live in the running app
  npm run plugin:test -- ${argumentFor(folder, name)}    checks types and runs the tests
  npm run plugin:pack -- ${argumentFor(folder, name)}    makes the .zip to install or hand on

The tutorial is src/sdk/README.md of the Patron checkout.`);
});

function argumentFor(folder: string, name: string): string {
  return dirname(folder) === join(root, 'my-plugins') ? name : folder;
}

function filesOf(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? filesOf(folder, path) : [path];
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** TypeScript's options, with the SDK and the test library taken from the checkout. */
function compilerOptions(folder: string): object {
  const place = (path: string): string => {
    const found = relative(folder, join(root, path)).replaceAll('\\', '/');
    return found.startsWith('.') ? found : `./${found}`;
  };
  return {
    compilerOptions: {
      target: 'ES2022',
      module: 'ESNext',
      moduleResolution: 'bundler',
      lib: ['ES2023', 'DOM'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      paths: {
        '@patron/sdk': [place('src/sdk/index.ts')],
        '@patron/sdk/testing': [place('src/sdk/testing.ts')],
        vitest: [place('node_modules/vitest')],
        '@stdlib/*': [place('node_modules/@stdlib/*')],
      },
    },
    include: ['.'],
  };
}
