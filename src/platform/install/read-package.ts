import type { Catalogue, Message, PluginManifest } from '@patron/sdk';
import { unzipSync } from 'fflate';
import { PlatformError } from '../errors.ts';
import type { Catalogues } from '../plugin-texts.ts';
import { type PluginProblem, problemText } from '../problem.ts';
import { readManifest } from '../read-manifest.ts';
import { platformText } from '../texts.ts';

/** Bytes of a zip, and of all files in it together. A plugin is one script and its texts. */
export const packageLimits = { zipped: 4 * 2 ** 20, unzipped: 10 * 2 ** 20, files: 200 } as const;

/** A plugin as it is installed: its manifest, its one script, its texts. */
export interface PluginPackage {
  readonly manifest: PluginManifest;
  /** Contributions that were skipped. */
  readonly problems: readonly PluginProblem[];
  /** Absent for a plugin that is only data. */
  readonly bundle?: string;
  readonly catalogues: Catalogues;
}

export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads a plugin's zip. Nothing in it is run or written anywhere; names that point outside, sizes beyond the limits and what
 * is not text where text has to be are refused.
 * @throws PlatformError saying what is wrong.
 */
export function readPackage(zip: Uint8Array): PluginPackage {
  if (zip.byteLength > packageLimits.zipped) refuse(platformText('platform.packageTooLarge', sizes()));
  return readPackageFiles(unzip(zip));
}

function unzip(zip: Uint8Array): PackageFiles {
  const names = new Set<string>();
  let size = 0;
  let wrong: Message | undefined;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, {
      filter({ name, originalSize }) {
        size += originalSize;
        if (!isPlainName(name)) wrong ??= platformText('platform.packageName', { name: name.slice(0, 100) });
        if (names.has(name)) wrong ??= platformText('platform.duplicateWithin', { name: name.slice(0, 100) });
        names.add(name);
        if (size > packageLimits.unzipped || names.size > packageLimits.files)
          wrong ??= platformText('platform.packageTooLarge', sizes());
        return wrong === undefined && !name.endsWith('/');
      },
    });
  } catch (cause) {
    throw new PlatformError(platformText('platform.packageUnreadable', { problem: (cause as Error).message }), {
      cause,
    });
  }
  if (wrong) refuse(wrong);
  return new Map(Object.entries(files));
}

/** A path inside the zip, with nothing that leads out of it. */
export function isPlainName(name: string): boolean {
  return /^[\w][\w ./()-]*$/.test(name) && !name.split('/').includes('..') && name.length <= 200;
}

/** A package from its files, wherever they came from. @throws PlatformError saying what is wrong. */
export function readPackageFiles(files: PackageFiles): PluginPackage {
  const { manifest, problems } = readManifest(readJson(files, 'plugin.json'));
  if (!manifest) refuse(problemText({ path: `plugin.json: ${problems[0].path}`, problem: problems[0].problem }));
  const { main, l10n } = manifest;
  const bundle = main === undefined ? undefined : textOf(files, main);
  const catalogues: Record<string, Catalogue> = {};
  if (l10n !== undefined)
    for (const name of files.keys()) {
      const locale = name.startsWith(`${l10n}/`)
        ? /^([A-Za-z-]+)\.json$/.exec(name.slice(l10n.length + 1))?.[1]
        : undefined;
      if (locale !== undefined) catalogues[locale] = asCatalogue(readJson(files, name), name);
    }
  return { manifest, problems, bundle, catalogues };
}

function asCatalogue(value: unknown, name: string): Catalogue {
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  const odd = entries?.find(([key, text]) => key === '__proto__' || typeof text !== 'string');
  if (!entries || odd) refuse(platformText('platform.packageCatalogue', { name, key: odd?.[0] ?? '' }));
  return Object.fromEntries(entries) as Catalogue;
}

function readJson(files: PackageFiles, name: string): unknown {
  try {
    return JSON.parse(textOf(files, name));
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(platformText('platform.packageJson', { name, problem: (cause as Error).message }), {
      cause,
    });
  }
}

function textOf(files: PackageFiles, name: string): string {
  const bytes = files.get(name);
  if (!bytes) refuse(platformText('platform.packageMissing', { name }));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PlatformError(platformText('platform.packageJson', { name, problem: 'UTF-8' }), { cause });
  }
}

function sizes(): Record<string, string> {
  const megabytes = (bytes: number): string => String(bytes / 2 ** 20);
  const { zipped, unzipped, files } = packageLimits;
  return { zipped: megabytes(zipped), unzipped: megabytes(unzipped), files: String(files) };
}

function refuse(text: Message): never {
  throw new PlatformError(text);
}
