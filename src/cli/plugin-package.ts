import { createHash } from 'node:crypto';
import type { PluginManifest } from '@patron/sdk';
import { zipSync } from 'fflate';
import { packageLimits, readPackage } from '../platform/index.ts';
import { type PluginFiles, pluginFiles } from './plugin-files.ts';

/** A plugin as one zip. */
export interface PackedPlugin {
  readonly manifest: PluginManifest;
  readonly files: PluginFiles;
  readonly zip: Uint8Array;
  /** What the zip is called: id and version. */
  readonly name: string;
  readonly sha256: string;
}

/**
 * Builds, checks and packs a plugin; the same sources give the same bytes.
 * @throws Error naming every fault.
 */
export async function packPlugin(folder: string): Promise<PackedPlugin> {
  const { manifest, files } = await pluginFiles(folder);
  // One date for all files.
  const zip = zipSync(Object.fromEntries(files), { level: 9, mtime: '2026-01-01T00:00:00' });
  if (zip.length > packageLimits.zipped) throw new Error(`The package has ${zip.length} bytes; that is too large.`);
  readPackage(zip);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return { manifest, files, zip, name: `${manifest.id}-${manifest.version}.zip`, sha256 };
}
