import type { CommandContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { at } from '../problem.ts';
import { clause, contributedId, icon, title } from '../schema-parts.ts';
import { reportClause } from '../when-clause.ts';

/** Commands: entries of the command palette. */
export const commandsPoint: ContributionPoint<CommandContribution> = {
  name: 'commands',
  schema: v.strictObject({
    id: contributedId,
    title,
    category: v.optional(title),
    icon: v.optional(icon),
    enablement: v.optional(clause),
  }),
  ids: ({ id }) => [id],
  check(command, path, report) {
    reportClause(command.enablement, at(path, 'enablement'), report);
  },
};
