import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

const module = 'virtual:patron-sandbox-prelude';
const entry = fileURLToPath(new URL('../platform/sandbox/prelude.ts', import.meta.url));
const sdk = fileURLToPath(new URL('../sdk/index.ts', import.meta.url));

/** The platform's end in a sandboxed worker as one classic script. */
export async function buildPrelude(): Promise<string> {
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
