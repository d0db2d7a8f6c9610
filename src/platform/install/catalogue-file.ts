import { satisfies } from 'compare-versions';
import * as v from 'valibot';
import { patronVersion } from '../api-version.ts';
import { PlatformError } from '../errors.ts';
import { problemText } from '../problem.ts';
import { schemaProblems } from '../schema-problems.ts';
import { platformText } from '../texts.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(5000));

const schema = v.object({
  plugins: v.pipe(
    v.array(
      v.object({
        id: text,
        name: text,
        description: v.optional(text),
        author: v.optional(text),
        locales: v.optional(v.record(text, v.object({ name: text, description: v.optional(text) }))),
        versions: v.pipe(
          v.array(
            v.object({
              version: text,
              engines: v.object({ patron: text }),
              url: text,
              sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
            }),
          ),
          v.minLength(1),
          v.maxLength(500),
        ),
      }),
    ),
    v.maxLength(5000),
  ),
});

/** A plugin of a catalogue, in the newest version that works with this Patron. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly author?: string;
  /** Name and description in further languages. */
  readonly locales?: Readonly<Record<string, { readonly name: string; readonly description?: string }>>;
  readonly version: string;
  /** Where its zip is. */
  readonly address: string;
  readonly sha256: string;
}

/**
 * Reads a catalogue (`index.json`). Versions are listed newest first; the first one made for this Patron counts, and a
 * plugin without one is left out.
 * @throws PlatformError where the file is not one.
 */
export function readCatalogue(value: unknown, base: string): CatalogueEntry[] {
  const [problem] = schemaProblems(schema, value, '');
  if (problem) throw new PlatformError(problemText({ path: `index.json: ${problem.path}`, problem: problem.problem }));
  const { plugins } = value as v.InferOutput<typeof schema>;
  return plugins.flatMap(({ versions, ...plugin }) => {
    const fitting = versions.find(({ engines }) => fits(engines.patron));
    if (!fitting) return [];
    const { version, url, sha256 } = fitting;
    return [{ ...plugin, version, address: new URL(url, base).href, sha256 }];
  });
}

function fits(range: string): boolean {
  try {
    return satisfies(patronVersion, range);
  } catch {
    return false;
  }
}

/** @throws PlatformError where the bytes are not those that the catalogue names. */
export async function expectDigest(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== sha256)
    throw new PlatformError(platformText('platform.packageDigest', { expected: sha256, received: hex }));
}
