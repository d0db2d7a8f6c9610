import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

const module = 'virtual:patron-sandbox-prelude';
const platform = (path: string): string => fileURLToPath(new URL(`../platform/${path}`, import.meta.url));
const sdk = fileURLToPath(new URL('../sdk/index.ts', import.meta.url));

/** The platform's end in a sandboxed worker as one classic script. */
export function buildPrelude(): Promise<string> {
  return classicScript(platform('sandbox/prelude.ts'));
}

/** The platform's end in a worker of the page, for the same bundles: what the sandbox is compared with. */
export function buildPlainPrelude(): Promise<string> {
  return classicScript(platform('fixtures/plain-prelude.ts'));
}

async function classicScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    write: false,
    alias: { '@patron/sdk': sdk },
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

/** Gives the app `virtual:patron-sandbox-prelude`, whose `prelude` is that script as text. */
export function sandboxPrelude(): Plugin {
  return {
    name: 'patron-sandbox-prelude',
    resolveId: (id) => (id === module ? `\0${module}` : undefined),
    load: async (id) =>
      id === `\0${module}` ? `export const prelude = ${JSON.stringify(await buildPrelude())};` : undefined,
  };
}
