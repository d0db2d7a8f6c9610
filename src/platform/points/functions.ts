import type { FunctionContribution } from '@patron/sdk';
import * as v from 'valibot';
import type { ContributionPoint } from '../contribution-point.ts';
import { description, name } from '../schema-parts.ts';
import { platformText } from '../texts.ts';

/** Functions: what formulas may call, `=RFM.SEGMENT(5, 5, 5)`. */
export const functionsPoint: ContributionPoint<FunctionContribution> = {
  name: 'functions',
  schema: v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]{0,30}(\.[A-Z][A-Z0-9]{0,30}){0,3}$/, 'platform.functionName')),
    description,
    parameters: v.pipe(
      v.array(
        v.strictObject({
          name,
          description: v.optional(description),
          kind: v.picklist(['value', 'range']),
          example: v.optional(name),
          optional: v.optional(v.boolean()),
          repeat: v.optional(v.boolean()),
        }),
      ),
      v.maxLength(50),
    ),
  }),
  ids: ({ name }) => [name],
  check({ parameters }, path, report) {
    parameters.slice(0, -1).forEach(({ repeat }, i) => {
      if (repeat) report(`${path}.parameters[${i}].repeat`, platformText('platform.lastOnly'));
    });
  },
};
