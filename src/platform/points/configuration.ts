import type { ConfigurationContribution } from '@patron/sdk';
import * as v from 'valibot';
import { checkSetting } from '../check-setting.ts';
import type { ContributionPoint } from '../contribution-point.ts';
import { choices, description, settingId, title } from '../schema-parts.ts';
import { platformText } from '../texts.ts';

const base = {
  id: settingId,
  title,
  description: v.optional(description),
  scope: v.optional(v.picklist(['user', 'workbook'])),
};
const range = { minimum: v.optional(v.number()), maximum: v.optional(v.number()) };

const setting = v.variant('type', [
  v.strictObject({ ...base, type: v.literal('boolean'), default: v.boolean() }),
  v.strictObject({ ...base, ...range, type: v.literal('number'), default: v.number() }),
  v.strictObject({ ...base, ...range, type: v.literal('integer'), default: v.number() }),
  v.strictObject({
    ...base,
    type: v.literal('text'),
    default: v.string(),
    pattern: v.optional(v.pipe(v.string(), v.maxLength(300))),
  }),
  v.strictObject({ ...base, type: v.literal('choice'), default: v.string(), choices }),
  v.strictObject({ ...base, type: v.literal('list'), default: v.array(v.string()) }),
]);

/** Configuration: sections of the settings page. */
export const configurationPoint: ContributionPoint<ConfigurationContribution> = {
  name: 'configuration',
  schema: v.strictObject({ title, properties: v.pipe(v.array(setting), v.maxLength(200)) }),
  ids: ({ properties }) => properties.map(({ id }) => id),
  check({ properties }, path, report) {
    properties.forEach((property, i) => {
      const problem = checkSetting(property, property.default);
      if (problem) report(`${path}.properties[${i}].default`, platformText('platform.badDefault', { problem }));
    });
  },
};
