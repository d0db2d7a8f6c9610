import type { KeybindingContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { isForPlugins, parseKeys } from '../keys.ts';
import { at } from '../problem.ts';
import { clause, json, name } from '../schema-parts.ts';
import { platformText } from '../texts.ts';
import { reportClause } from '../when-clause.ts';

/** Keybindings: keys that run a command. */
export const keybindingsPoint: ContributionPoint<KeybindingContribution> = {
  name: 'keybindings',
  schema: v.strictObject({
    command: name,
    key: name,
    mac: v.optional(name),
    when: v.optional(clause),
    argument: v.optional(json),
  }),
  ids: () => [],
  check(binding, path, report) {
    reportClause(binding.when, at(path, 'when'), report);
    for (const which of ['key', 'mac'] as const) {
      const key = binding[which];
      if (key === undefined) continue;
      const presses = parseKeys(key, which === 'mac');
      if (!presses) report(at(path, which), platformText('platform.badKey', { key }));
      else if (!isForPlugins(presses)) report(at(path, which), platformText('platform.takenKey', { key }));
    }
  },
};
