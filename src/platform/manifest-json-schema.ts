import { toJsonSchema } from '@valibot/to-json-schema';
import { manifestSchema } from './read-manifest.ts';

/** The JSON Schema of `plugin.json`, from the very schema that checks it, for completion in editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(manifestSchema, { errorMode: 'ignore' });
  return { ...schema, title: 'plugin.json of Patron' };
}
