import type { ImporterContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { contributedId, name, title } from '../schema-parts.ts';

/** Importers: kinds of file that become tables. */
export const importersPoint: ContributionPoint<ImporterContribution> = {
  name: 'importers',
  schema: v.strictObject({
    id: contributedId,
    title,
    extensions: v.pipe(v.array(v.pipe(v.string(), v.regex(/^\.[a-z0-9.]{1,20}$/))), v.minLength(1), v.maxLength(20)),
    mimeTypes: v.optional(v.array(name)),
  }),
  ids: ({ id }) => [id],
};
