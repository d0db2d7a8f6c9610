import type { TemplateContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { contributedId, description, icon, jsonObject, title } from '../schema-parts.ts';

/** Templates: analyses with their parameters set. */
export const templatesPoint: ContributionPoint<TemplateContribution> = {
  name: 'templates',
  schema: v.strictObject({
    id: contributedId,
    title,
    description: v.optional(description),
    icon: v.optional(icon),
    analysis: contributedId,
    parameters: jsonObject,
  }),
  ids: ({ id }) => [id],
};
