import type { EngineContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { contributedId, description, name, title } from '../schema-parts.ts';

/** Engines: who else can answer the named reductions. */
export const enginesPoint: ContributionPoint<EngineContribution> = {
  name: 'engines',
  schema: v.strictObject({
    id: contributedId,
    title,
    description: v.optional(description),
    reductions: v.pipe(v.array(name), v.minLength(1), v.maxLength(50)),
  }),
  ids: ({ id }) => [id],
};
