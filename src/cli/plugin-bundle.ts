import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { PluginCode, PluginManifest } from '@patron/sdk';
import { type BuildOptions, type BuildResult, build, type Metafile, type Plugin } from 'esbuild';
import { declaredBy, problemText, providedBy, readManifest, renderPlatformText } from '../platform/index.ts';
import { root } from './root.ts';

/** Bytes of a bundle. A plugin is sent whole to its worker at each start. */
export const bundleLimit = 2 * 2 ** 20;

/** Leaves out what a plugin does not use of the SDK and of the library of special functions: neither does anything when loaded. */
export const leaveOutUnused: Plugin = {
  name: 'leave-out-unused',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(@stdlib\/|@patron\/sdk$|\.)/ }, async ({ path, pluginData, ...from }) => {
      // Inside a library it is enough that the library itself is left out.
      if (pluginData === leaveOutUnused || from.kind === 'entry-point' || /[\\/]node_modules[\\/]/.test(from.importer))
        return undefined;
      const found = await resolve(path, { ...from, pluginData: leaveOutUnused });
      const unused = /[\\/](src[\\/]sdk|@stdlib)[\\/]/.test(found.path);
      return unused && found.errors.length === 0 ? { path: found.path, sideEffects: false } : found;
    });
  },
};

/** How a plugin's bundle is built: one classic script that sets the global `patronPlugin`. */
export function bundleOptions(folder: string, main: string): BuildOptions & { metafile: true; write: false } {
  return {
    entryPoints: [join(folder, main)],
    absWorkingDir: folder,
    bundle: true,
    format: 'iife',
    globalName: 'patronPlugin',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: [leaveOutUnused],
    alias: {
      '@patron/sdk/testing': join(root, 'src', 'sdk', 'testing.ts'),
      '@patron/sdk': join(root, 'src', 'sdk', 'index.ts'),
    },
    nodePaths: [join(root, 'node_modules')],
  };
}

export type BundleOptions = ReturnType<typeof bundleOptions>;

/** Builds by the options: once, or again and again with what was read before. */
export type MakeBundle = (options: BundleOptions) => Promise<BuildResult<BundleOptions>>;

/** A plugin's manifest as it stands in its folder. @throws Error naming every fault. */
export function readPluginManifest(folder: string): PluginManifest {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'));
  } catch (cause) {
    throw new Error(`plugin.json cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { manifest, problems } = readManifest(value);
  if (!manifest || problems.length > 0)
    throw new Error(
      problems.map((problem) => `plugin.json: ${renderPlatformText(problemText(problem), 'en-US')}`).join('\n'),
    );
  return manifest;
}

/**
 * Builds a plugin's bundle and checks it: one file, no code loaded later, not too large, and the code registers just what
 * plugin.json declares.
 * @throws Error naming every fault.
 */
export async function buildBundle(
  folder: string,
  manifest: PluginManifest,
  make: MakeBundle = build,
): Promise<string | undefined> {
  if (manifest.main === undefined) return undefined;
  const { outputFiles, metafile } = await make(bundleOptions(folder, manifest.main)).catch((error: Error) => {
    throw new Error(error.message, { cause: error });
  });
  const bundle = outputFiles[0].text;
  const faults = [...bundleFaults(bundle, metafile), ...registrationFaults(bundle, manifest)];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return bundle;
}

/** What may not be in a bundle. */
export function bundleFaults(bundle: string, metafile: Metafile): string[] {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const faults = imports.map(({ path, kind }) =>
    kind === 'dynamic-import'
      ? `The code loads '${path}' with import() while it runs. Import it at the top, so that it is in the bundle.`
      : `'${path}' could not be bundled. A plugin is one file.`,
  );
  if (/\bimportScripts\s*\(/.test(bundle))
    faults.push('The code calls importScripts(), which is blocked. Bundle what it needs.');
  if (/\bnew Function\s*\(|(?<![\w.])eval\s*\(/.test(bundle))
    faults.push('The code calls eval() or new Function(), which are blocked. Write it without.');
  if (Buffer.byteLength(bundle) > bundleLimit)
    faults.push(
      `The bundle has ${(Buffer.byteLength(bundle) / 2 ** 20).toFixed(1)} MB; the limit is ${bundleLimit / 2 ** 20} MB.`,
    );
  return faults;
}

function registrationFaults(bundle: string, manifest: PluginManifest): string[] {
  const scope: { patronPlugin?: { plugin?: PluginCode } } & Record<string, unknown> = {
    TextEncoder,
    TextDecoder,
    performance,
    AbortController,
    console,
    setTimeout,
    structuredClone,
    URL,
  };
  try {
    runInNewContext(`${bundle}\nglobalThis.patronPlugin = patronPlugin;`, scope, { timeout: 5000 });
  } catch (error) {
    return [`The bundle does not run: ${(error as Error).message}`];
  }
  const plugin = scope.patronPlugin?.plugin;
  if (!plugin)
    return [`'${manifest.main}' does not export 'plugin'. Write: export const plugin = definePlugin({ … });`];
  const name = ({ point, id }: { point: string; id: string }): string => `${point} '${id}'`;
  const declared = declaredBy(manifest).map(name);
  const registered = providedBy(plugin).map(name);
  return [
    ...registered
      .filter((one) => !declared.includes(one))
      .map((one) => `The code registers ${one}, which plugin.json does not declare.`),
    ...declared
      .filter((one) => !registered.includes(one))
      .map((one) => `plugin.json declares ${one}, which the code does not register.`),
  ];
}
