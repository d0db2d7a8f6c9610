import type { AnalysisContribution, ParameterContribution } from '@patron/sdk';
import * as v from 'valibot';
import { checkParameter } from '../check-parameters.ts';
import type { ContributionPoint } from '../contribution-point.ts';
import { at, type Report } from '../problem.ts';
import { choices, contributedId, description, field, icon, json, name, title, valueFormat } from '../schema-parts.ts';
import { platformText } from '../texts.ts';

const base = {
  name,
  title,
  description: v.optional(description),
  section: v.optional(title),
  advanced: v.optional(v.boolean()),
};

const numeric = {
  ...base,
  default: v.nullable(v.number()),
  minimum: v.optional(v.number()),
  maximum: v.optional(v.number()),
  format: v.optional(valueFormat),
};

const parameter = v.variant('type', [
  v.strictObject({ ...numeric, type: v.literal('number') }),
  v.strictObject({ ...numeric, type: v.literal('integer') }),
  v.strictObject({ ...base, type: v.picklist(['text', 'date', 'duration']), default: v.nullable(v.string()) }),
  v.strictObject({ ...base, type: v.literal('boolean'), default: v.boolean() }),
  v.strictObject({
    ...base,
    type: v.literal('choice'),
    default: v.nullable(v.string()),
    choices,
    accepts: v.optional(v.pipe(v.string(), v.maxLength(500))),
  }),
  v.strictObject({ ...base, type: v.literal('column'), role: name, default: v.nullable(v.string()) }),
  v.strictObject({
    ...base,
    type: v.literal('columns'),
    role: name,
    default: v.array(v.string()),
    whenEmpty: v.optional(v.picklist(['none', 'all'])),
  }),
  v.strictObject({ ...base, type: v.literal('value'), role: name, field: name, default: v.nullable(v.string()) }),
  v.strictObject({
    ...base,
    type: v.literal('json'),
    editor: v.optional(v.picklist(['rules', 'steps', 'exclusions', 'list', 'json'])),
    role: v.optional(name),
    default: json,
    presets: v.optional(v.strictObject({ by: name, values: v.record(v.string(), json) })),
  }),
]);

const role = v.strictObject({
  role: name,
  title,
  description: v.optional(description),
  group: v.optional(name),
  optional: v.optional(v.boolean()),
  fields: v.pipe(v.array(field), v.maxLength(100)),
  open: v.optional(v.boolean()),
});

/** Analyses: what the Analyses panel lists, with the form made from roles and parameters. */
export const analysesPoint: ContributionPoint<AnalysisContribution> = {
  name: 'analyses',
  schema: v.strictObject({
    id: contributedId,
    title,
    description: v.optional(description),
    category: v.optional(v.picklist(['segments', 'process', 'value', 'churn', 'satisfaction', 'other'])),
    icon: v.optional(icon),
    inputs: v.pipe(v.array(role), v.maxLength(20)),
    parameters: v.optional(v.pipe(v.array(parameter), v.maxLength(200))),
  }),
  ids: ({ id }) => [id],
  check(analysis, path, report) {
    refuseTwins(analysis.inputs, 'role', at(path, 'inputs'), report);
    analysis.inputs.forEach(({ fields }, i) => {
      refuseTwins(fields, 'name', `${path}.inputs[${i}].fields`, report);
    });
    const parameters = analysis.parameters ?? [];
    refuseTwins(parameters, 'name', at(path, 'parameters'), report);
    parameters.forEach((one, i) => {
      checkReferences(analysis, one, `${path}.parameters[${i}]`, report);
    });
  },
};

function refuseTwins<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
  path: string,
  report: Report,
): void {
  const seen = new Set<string>();
  items.forEach((item, i) => {
    const value = item[key];
    if (seen.has(value)) report(at(at(path, i), key), platformText('platform.duplicateWithin', { name: value }));
    seen.add(value);
  });
}

function checkReferences(
  { inputs }: AnalysisContribution,
  parameter: ParameterContribution,
  path: string,
  report: Report,
): void {
  if ('role' in parameter && parameter.role !== undefined) {
    const target = inputs.find(({ role }) => role === parameter.role);
    if (!target) report(at(path, 'role'), platformText('platform.noSuchRole', { role: parameter.role }));
    else if (parameter.type === 'value' && !target.fields.some(({ name }) => name === parameter.field))
      report(at(path, 'field'), platformText('platform.noSuchField', { role: target.role, field: parameter.field }));
  }
  const problem = checkParameter(parameter, parameter.default);
  if (problem) report(at(path, 'default'), platformText('platform.badDefault', { problem: problem.problem }));
}
