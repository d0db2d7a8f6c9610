import type { Json, JsonObject } from '@patron/sdk';
import * as v from 'valibot';

/** Id of an analysis, a command, an importer …: `rfm.segments`. */
export const contributedId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, 'platform.contributedId'),
  v.maxLength(100, 'platform.tooLong'),
);

/** Id of a setting: `rfm.defaultBins`. */
export const settingId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*(\.[a-zA-Z0-9-]+)+$/, 'platform.contributedId'),
  v.maxLength(100, 'platform.tooLong'),
);

/** A name that code uses: of a role, a field, a parameter. */
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100, 'platform.tooLong'));

/** A short text that a person reads. */
export const title = v.pipe(v.string(), v.minLength(1), v.maxLength(300, 'platform.tooLong'));

/** A longer text that a person reads. */
export const description = v.pipe(v.string(), v.maxLength(5000, 'platform.tooLong'));

/** A lucide icon name. */
export const icon = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9-]{1,60}$/));

/** A when-clause; that it reads is checked by the point. */
export const clause = v.pipe(v.string(), v.maxLength(500, 'platform.tooLong'));

/** Any JSON value. */
export const json = v.custom<Json>((value) => isJson(value), 'platform.valid');

export const jsonObject = v.custom<JsonObject>(
  (value) => typeof value === 'object' && !Array.isArray(value) && value !== null && isJson(value),
  'platform.object',
);

function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > 40) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isJson(item, depth + 1));
}

export const valueFormat = v.picklist([
  'text',
  'integer',
  'decimal',
  'decimal4',
  'percent',
  'money',
  'days',
  'date',
  'timestamp',
  'duration',
  'pValue',
]);

const columnType = v.picklist(['string', 'number', 'integer', 'boolean', 'date', 'timestamp']);

/** Values to choose from, each with the title that a person reads. */
export const choices = v.pipe(v.array(v.strictObject({ value: name, title })), v.minLength(1), v.maxLength(500));

/** A column that is mapped. */
export const field = v.strictObject({
  name,
  title,
  description: v.optional(description),
  kind: v.picklist(['key', 'number', 'time', 'boolean', 'text', 'any']),
  optional: v.optional(v.boolean()),
  keepMissing: v.optional(v.boolean()),
  guess: v.optional(v.pipe(v.array(name), v.maxLength(100))),
  prefer: v.optional(v.array(columnType)),
});
