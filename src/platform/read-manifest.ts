import type { Contributions, Message, PluginManifest } from '@patron/sdk';
import { satisfies, validate } from 'compare-versions';
import * as v from 'valibot';
import { patronVersion } from './api-version.ts';
import type { ContributionPoint, PointName } from './contribution-point.ts';
import { contributionPoints } from './contribution-points.ts';
import { at, expected, type PluginProblem, type Report } from './problem.ts';
import { description, title } from './schema-parts.ts';
import { schemaProblems } from './schema-problems.ts';
import { platformText } from './texts.ts';

const pluginId = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,49}\.[a-z][a-z0-9-]{0,49}$/, 'platform.pluginId'));
const version = v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(-[\w.]{1,40})?$/, 'platform.semver'));
const path = v.pipe(v.string(), v.regex(/^(?!\/)(?!.*\.\.)[\w./-]{1,200}$/));
const host = v.pipe(v.string(), v.regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/));
const reason = title;

/** The permissions a plugin may ask for. */
const permissionSchema = v.variant('name', [
  v.strictObject({ name: v.literal('table.read'), scope: v.picklist(['mapped', 'workbook']), reason }),
  v.strictObject({ name: v.literal('sheet.write'), scope: v.picklist(['new-sheet', 'workbook']), reason }),
  v.strictObject({ name: v.literal('network'), hosts: v.pipe(v.array(host), v.minLength(1), v.maxLength(20)), reason }),
  v.strictObject({ name: v.literal('file.save'), reason }),
  v.strictObject({ name: v.literal('clipboard.write'), reason }),
]);

const head = {
  $schema: v.optional(v.string()),
  manifestVersion: v.literal(1),
  id: pluginId,
  name: title,
  version,
  engines: v.strictObject({
    patron: v.pipe(v.string(), v.regex(/\d/, 'platform.semver'), v.maxLength(100, 'platform.tooLong')),
  }),
  main: v.optional(path),
  description: v.optional(description),
  author: v.optional(title),
  license: v.optional(title),
  homepage: v.optional(v.pipe(v.string(), v.url(), v.startsWith('https://'))),
  permissions: v.optional(v.pipe(v.array(permissionSchema), v.maxLength(20))),
  l10n: v.optional(path),
};

/** The manifest without a look into its contributions, each of which is checked on its own. */
const headSchema = v.strictObject({ ...head, contributes: v.optional(v.record(v.string(), v.unknown())) });

/** The whole of `plugin.json`, what the JSON Schema for editors is made from. */
export const manifestSchema = v.strictObject({
  ...head,
  contributes: v.optional(
    v.strictObject(
      Object.fromEntries(
        Object.entries(contributionPoints).map(([name, point]) => [name, v.optional(v.array(point.schema))]),
      ),
    ),
  ),
});

/** What came of reading a manifest: the manifest with its good contributions, or nothing; and all that is wrong. */
export interface ReadManifest {
  readonly manifest?: PluginManifest;
  readonly problems: readonly PluginProblem[];
}

/**
 * Reads a `plugin.json`. A fault in its head refuses the plugin; a bad contribution is reported and skipped, and the rest
 * loads.
 */
export function readManifest(value: unknown): ReadManifest {
  const problems: PluginProblem[] = [];
  const pluginId = idOf(value);
  const headProblems = schemaProblems(headSchema, value, '');
  if (headProblems.length > 0)
    return { problems: headProblems.map((problem) => ({ ...problem, pluginId, point: '' })) };
  const manifest = value as PluginManifest;
  const range = manifest.engines.patron;
  if (!fits(range)) {
    const problem = platformText('platform.engine', { range, version: patronVersion });
    return { problems: [{ pluginId, point: '', path: 'engines.patron', problem }] };
  }
  const contributes: Record<string, unknown[]> = {};
  for (const [name, items] of Object.entries(manifest.contributes ?? {}) as [string, unknown][]) {
    const place = at('contributes', name);
    const report = (path: string, problem: Message): void => {
      problems.push({ pluginId, point: name, path, problem });
    };
    if (!Object.hasOwn(contributionPoints, name)) report(place, platformText('platform.unknownPoint', { point: name }));
    else if (!Array.isArray(items)) report(place, expected('platform.list', items));
    else contributes[name] = goodItems(name as PointName, items, place, report);
  }
  return { manifest: { ...manifest, contributes: contributes as Contributions }, problems };
}

/** The most items of a point: more would only bury the others' in the palette and the menus. */
const mostItems = 200;
const mostMenuItems = 30;

function goodItems(name: PointName, items: readonly unknown[], place: string, report: Report): unknown[] {
  const point = contributionPoints[name] as ContributionPoint<unknown>;
  const most = name === 'menus' ? mostMenuItems : mostItems;
  if (items.length > most)
    report(place, expected(platformText('platform.tooMany', { count: String(most) }), items.length));
  return items.slice(0, most).filter((item, i) => {
    let good = true;
    const reportItem: Report = (path, problem) => {
      good = false;
      report(path, problem);
    };
    const itemPath = at(place, i);
    for (const { path, problem } of schemaProblems(point.schema, item, itemPath)) reportItem(path, problem);
    if (good) point.check?.(item, itemPath, reportItem);
    return good;
  });
}

function fits(range: string): boolean {
  try {
    return range !== '*' && validate(patronVersion) && satisfies(patronVersion, range);
  } catch {
    return false;
  }
}

function idOf(value: unknown): string {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, 100) : '?';
}
