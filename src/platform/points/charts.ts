import type { ChartContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { contributedId, description, field, icon, title } from '../schema-parts.ts';

/** Charts: pictures made from columns of a table. */
export const chartsPoint: ContributionPoint<ChartContribution> = {
  name: 'charts',
  schema: v.strictObject({
    id: contributedId,
    title,
    description: v.optional(description),
    icon: v.optional(icon),
    fields: v.pipe(v.array(field), v.minLength(1), v.maxLength(20)),
  }),
  ids: ({ id }) => [id],
};
