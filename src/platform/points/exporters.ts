import type { ExporterContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { contributedId, name, title } from '../schema-parts.ts';

/** Exporters: kinds of file that a table can be saved as. */
export const exportersPoint: ContributionPoint<ExporterContribution> = {
  name: 'exporters',
  schema: v.strictObject({
    id: contributedId,
    title,
    extension: v.pipe(v.string(), v.regex(/^\.[a-z0-9.]{1,20}$/)),
    mimeType: name,
  }),
  ids: ({ id }) => [id],
};
