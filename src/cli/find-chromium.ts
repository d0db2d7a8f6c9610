import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/**
 * The Chromium that the tests run in: `CHROMIUM`, an installed one, Playwright's, or, as root on Debian, one that is installed now.
 * @throws Error that says how to get one.
 */
export function findChromium(): string {
  const named = process.env.CHROMIUM;
  if (named) return named;
  const found = [...installed, ...fromPlaywright()].find((path) => existsSync(path));
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from Debian…');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (existsSync(installed[0])) return installed[0];
  }
  throw new Error(
    "No Chromium was found. Install Chrome, run 'npx playwright install chromium', or set CHROMIUM to its path.",
  );
}

function fromPlaywright(): string[] {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const macCache = join(homedir(), 'Library', 'Caches', 'ms-playwright');
  return [cache, macCache].filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith('chromium-'))
      .flatMap((name) => [
        join(folder, name, 'chrome-linux', 'chrome'),
        join(folder, name, 'chrome-linux64', 'chrome'),
        join(folder, name, 'chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'),
      ]),
  );
}
