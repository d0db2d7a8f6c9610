import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { root } from './root.ts';

/** Where the command was given: npm changes the working folder to the checkout's. */
const here = process.env.INIT_CWD ?? process.cwd();

/** Where a new plugin of this name goes: a path as it is, a bare name into the folder one is in, or `my-plugins` of the checkout. */
export function newPluginFolder(name: string): string {
  if (isPath(name)) return resolve(here, name);
  return resolve(here) === resolve(root) ? join(root, 'my-plugins', name) : join(here, name);
}

/** Where the plugin of this name or path is. @throws Error naming where it was looked for. */
export function pluginFolder(name: string): string {
  const places = isPath(name)
    ? [resolve(here, name)]
    : [join(here, name), join(root, 'my-plugins', name), join(root, 'plugins', name)];
  const found = places.find((place) => existsSync(join(place, 'plugin.json')));
  if (!found) throw new Error(`There is no plugin.json in ${places.map((place) => `'${place}'`).join(' or ')}.`);
  return found;
}

function isPath(name: string): boolean {
  return isAbsolute(name) || /[\\/]/.test(name) || name === '.';
}

/** The one argument of a plugin command. Ends the process with a message where it is missing. */
export function nameArgument(command: string): string {
  const [name, ...rest] = process.argv.slice(2);
  if (name !== undefined && rest.length === 0 && !name.startsWith('-')) return name;
  console.error(`Say which plugin: npm run ${command} -- my-model`);
  process.exit(1);
}

/** Runs a command; an error is told in one line. */
export async function runCommand(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
