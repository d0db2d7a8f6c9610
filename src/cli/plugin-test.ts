import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { pluginFiles } from './plugin-files.ts';
import { nameArgument, pluginFolder, runCommand } from './plugin-folder.ts';
import { root } from './root.ts';

await runCommand(async () => {
  const folder = pluginFolder(nameArgument('plugin:test'));
  await pluginFiles(folder);
  console.log('Manifest, texts and bundle: good');
  if (existsSync(join(folder, 'tsconfig.json'))) {
    const types = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { stdio: 'inherit' });
    if (types.status !== 0) throw new Error('The types do not fit; see above.');
    console.log('Types: good');
  }
  const vitest = await startVitest(
    'test',
    [],
    { run: true, root: folder, config: false, include: ['**/*.test.ts'], exclude: ['dist/**', 'node_modules/**'] },
    {
      resolve: {
        alias: {
          '@patron/sdk/testing': join(root, 'src', 'sdk', 'testing.ts'),
          '@patron/sdk': join(root, 'src', 'sdk', 'index.ts'),
          vitest: join(root, 'node_modules', 'vitest', 'dist', 'index.js'),
        },
      },
    },
  );
  await vitest.close();
});
