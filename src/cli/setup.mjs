// Every npm script enters here: installs the dependencies where they are missing or out of date, then runs the command's
// TypeScript. Plain JavaScript, because on a fresh clone nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = join(root, 'node_modules', '.patron-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing dependencies…\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // `npm ci` refuses a lock file that lacks another platform's optional binaries; this keeps to the lock and fetches those.
  const install = spawnSync(
    npm,
    ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (install.status !== 0) process.exit(install.status ?? 1);
  writeFileSync(stamp, lock);
}

const [command, ...rest] = process.argv.slice(2);
const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'src', 'cli', `${command}.ts`), ...rest], {
  stdio: 'inherit',
  cwd: process.cwd(),
  env: { ...process.env, PATRON_ROOT: root, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
});
process.exit(run.status ?? 1);
