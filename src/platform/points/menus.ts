import type { MenuContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { at } from '../problem.ts';
import { clause, name } from '../schema-parts.ts';
import { reportClause } from '../when-clause.ts';

/** Menus: commands in the menus of tables, results, sheets … */
export const menusPoint: ContributionPoint<MenuContribution> = {
  name: 'menus',
  schema: v.strictObject({
    location: v.picklist(['commandPalette', 'table', 'result', 'analysis', 'sheet', 'workbook']),
    command: name,
    when: v.optional(clause),
    group: v.optional(name),
    order: v.optional(v.number()),
  }),
  ids: () => [],
  check(menu, path, report) {
    reportClause(menu.when, at(path, 'when'), report);
  },
};
