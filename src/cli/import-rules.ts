import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { root } from './root.ts';

/** Which rooms each room may import, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  sdk: [],
  i18n: ['sdk'],
  tables: ['sdk'],
  charts: ['sdk'],
  platform: ['sdk'],
  analysis: ['sdk', 'tables', 'platform'],
  workbook: ['sdk', 'tables', 'charts'],
  sharing: ['sdk', 'tables', 'charts', 'workbook'],
};
/** Rooms that only others of these may import, and that may import everything. */
const outermost = ['workbench', 'main', 'cli', 'test'];

interface Import {
  readonly from: string;
  readonly to: string;
  /** Only types: gone at run time, so no part of a cycle. */
  readonly typeOnly: boolean;
}

const sources = ['src', 'plugins', 'workers'].flatMap((folder) => filesBelow(join(root, folder)));
const imports = sources.flatMap(importsOf);
const faults = [...imports.flatMap(faultsOf), ...cycles(imports.filter(({ typeOnly }) => !typeOnly))];
for (const fault of faults) console.error(fault);
console.log(`${sources.length} files, ${imports.length} imports, ${faults.length} against the rules`);
if (faults.length > 0) process.exitCode = 1;

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory())
      return name === 'node_modules' || name === 'plugin-template' ? [] : filesBelow(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [relative(root, path)] : [];
  });
}

function importsOf(from: string): Import[] {
  const { module } = parseSync(from, readFileSync(join(root, from), 'utf8'));
  const found: { specifier: string; typeOnly: boolean }[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    found.push({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ specifier: moduleRequest.value, typeOnly: isType });
    }
  }
  return found.flatMap(({ specifier, typeOnly }) => {
    const to = resolve(from, specifier);
    return to === undefined ? [] : [{ from, to, typeOnly }];
  });
}

/** A file of this repository; undefined for a library. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier === '@patron/sdk') return 'src/sdk/index.ts';
  if (specifier === '@patron/sdk/testing') return 'src/sdk/testing.ts';
  if (!specifier.startsWith('.')) return undefined;
  const path = join(dirname(from), specifier.split('?')[0]);
  return existsSync(join(root, path)) ? path : undefined;
}

function roomOf(path: string): string {
  const [top, second = ''] = path.split('/');
  if (top === 'plugins') return `plugins/${second}`;
  return top === 'src' ? second.replace(/\.tsx?$/, '') : top;
}

function faultsOf({ from, to }: Import): string[] {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === other || outermost.includes(room)) return throughDoor(from, to, room, other);
  if (room === 'workers') return [];
  if (room.startsWith('plugins/'))
    return other === 'sdk'
      ? throughDoor(from, to, room, other)
      : [`${from}: a plugin imports the SDK only, not '${to}'.`];
  if (!(mayImport[room] ?? []).includes(other)) return [`${from}: '${room}' may not import '${to}'.`];
  return throughDoor(from, to, room, other);
}

/** A room is entered by its index; the SDK has a second door for tests. */
function throughDoor(from: string, to: string, room: string, other: string): string[] {
  const inside = room === other || !(other in mayImport) || other === 'i18n' || room === 'sdk';
  const doors = [`src/${other}/index.ts`, 'src/sdk/testing.ts'];
  return inside || doors.includes(to) || !/\.tsx?$/.test(to)
    ? []
    : [`${from}: enter '${other}' by its index, not '${to}'.`];
}

/** Circles of imports, each told once from its first file. */
function cycles(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    if (path.includes(file)) {
      found.push(`A circle of imports: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return found;
}
