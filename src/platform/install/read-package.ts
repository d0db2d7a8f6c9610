import type { Catalogue, Message, PluginManifest } from '@patron/sdk';
import { Unzip, UnzipInflate } from 'fflate';
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

/** Bytes of the zip that are unpacked at a time: even of zeros, these are no more than a few megabytes. */
const slice = 4096;

/** Unpacks in slices and stops as soon as there is too much, whatever sizes the zip states. */
function unzip(zip: Uint8Array): PackageFiles {
  const files = new Map<string, Uint8Array>();
  const names = new Set<string>();
  let size = 0;
  const unpacking = new Unzip((file) => {
    const { name } = file;
    if (!isPlainName(name)) refuse(platformText('platform.packageName', { name: name.slice(0, 100) }));
    if (names.has(name)) refuse(platformText('platform.duplicateWithin', { name: name.slice(0, 100) }));
    names.add(name);
    if (names.size > packageLimits.files) refuse(platformText('platform.packageTooLarge', sizes()));
    if (name.endsWith('/')) return;
    const chunks: Uint8Array[] = [];
    file.ondata = (error, chunk, last) => {
      if (error) throw error;
      size += chunk.length;
      if (size > packageLimits.unzipped) refuse(platformText('platform.packageTooLarge', sizes()));
      chunks.push(chunk);
      if (last) files.set(name, joined(chunks));
    };
    file.start();
  });
  unpacking.register(UnzipInflate);
  try {
    for (let i = 0; i < zip.length; i += slice) unpacking.push(zip.subarray(i, i + slice), i + slice >= zip.length);
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw unreadable((cause as Error).message, cause);
  }
  if (names.size === 0) throw unreadable('zip');
  return files;
}

function unreadable(problem: string, cause?: unknown): PlatformError {
  return new PlatformError(platformText('platform.packageUnreadable', { problem }), { cause });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    whole.set(chunk, end);
    end += chunk.length;
  }
  return whole;
}

/** A path inside the zip, with nothing that leads out of it. */
export function isPlainName(name: string): boolean {
  return /^[\w][\w ./()-]*$/.test(name) && !name.split('/').includes('..') && name.length <= 200;
}

/** A package from its files, wherever they came from. @throws PlatformError saying what is wrong. */
export function readPackageFiles(files: PackageFiles): PluginPackage {
  const { manifest, problems } = readManifest(readJson(files, 'plugin.json'));
  if (!manifest) refuse(problemText({ path: `plugin.json: ${problems[0].path}`, problem: problems[0].problem }));
  refuseNetwork(manifest);
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

/** No plugin reaches the network, so one that needs it is better told at once than found not to work. */
function refuseNetwork({ id, permissions = [] }: PluginManifest): void {
  const hosts = permissions.flatMap((permission) => (permission.name === 'network' ? permission.hosts : []));
  if (hosts.length > 0) refuse(platformText('platform.packageNetwork', { id, hosts: hosts.join(', ') }));
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
