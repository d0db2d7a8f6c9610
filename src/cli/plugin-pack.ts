import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nameArgument, pluginFolder, runCommand } from './plugin-folder.ts';
import { packPlugin } from './plugin-package.ts';

await runCommand(async () => {
  const folder = pluginFolder(nameArgument('plugin:pack'));
  const { manifest, files, zip, name, sha256 } = await packPlugin(folder);
  const path = join(folder, 'dist', name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(path, zip);
  console.log(`${relative(process.env.INIT_CWD ?? process.cwd(), path)}  ${(zip.length / 1024).toFixed(1)} kB, ${files.size} files
sha256 ${sha256}

To offer it in a catalogue, put it beside an index.json with:
${JSON.stringify({ version: manifest.version, engines: manifest.engines, url: name, sha256 }, null, 2)}`);
});
