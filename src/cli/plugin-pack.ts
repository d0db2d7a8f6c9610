import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';
import { packageLimits, readPackage } from '../platform/index.ts';
import { pluginFiles } from './plugin-files.ts';
import { nameArgument, pluginFolder, runCommand } from './plugin-folder.ts';

await runCommand(async () => {
  const folder = pluginFolder(nameArgument('plugin:pack'));
  const { manifest, files } = await pluginFiles(folder);
  // One date for all files, so that the same sources give the same bytes.
  const zip = zipSync(Object.fromEntries(files), { level: 9, mtime: '2026-01-01T00:00:00' });
  if (zip.length > packageLimits.zipped) throw new Error(`The package has ${zip.length} bytes; that is too large.`);
  readPackage(zip);
  const name = `${manifest.id}-${manifest.version}.zip`;
  const path = join(folder, 'dist', name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(path, zip);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  console.log(`${relative(process.env.INIT_CWD ?? process.cwd(), path)}  ${(zip.length / 1024).toFixed(1)} kB, ${files.size} files
sha256 ${sha256}

To offer it in a catalogue, put it beside an index.json with:
${JSON.stringify({ version: manifest.version, engines: manifest.engines, url: name, sha256 }, null, 2)}`);
});
