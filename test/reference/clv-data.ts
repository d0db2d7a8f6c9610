import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plugin as code } from '../../plugins/clv/index.ts';
import manifest from '../../plugins/clv/plugin.json';
import type { PluginManifest } from '../../src/sdk/index.ts';

const shared = process.env.PATRON_SHARED ?? join(import.meta.dirname, '../../../shared');

/** The plugin as `runAnalysis` takes it. */
export const clv = { manifest: manifest as unknown as PluginManifest, code };

/** Whether the reference data are there; says so where they are not. */
export function hasData(file: string): boolean {
  const there = existsSync(join(shared, 'data', file));
  if (!there) console.warn(`Skipped: '${file}' of the reference data is not in '${shared}'.`);
  return there;
}

/** The fields of each line, cut at commas or white space, without the header. */
export function readLines(file: string, header: boolean): string[][] {
  const lines = readFileSync(join(shared, 'data', file), 'utf8')
    .trim()
    .split(/\r?\n/);
  return lines.slice(header ? 1 : 0).map((line) => line.trim().split(/[\s,]+/));
}

/** Column `index` as numbers. */
export function numbersIn(lines: readonly string[][], index: number): Float64Array {
  return Float64Array.from(lines, (line) => Number(line[index]));
}

/** `yyyymmdd` as days since 1970. */
export function dayIn(text: string): number {
  return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;
}
