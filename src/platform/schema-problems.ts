import type { Message } from '@patron/sdk';
import * as v from 'valibot';
import { at, expected, type Problem } from './problem.ts';
import { type PlatformTextKey, platformCatalogues, platformText } from './texts.ts';

/** What is wrong with `value` by `schema`: at each place the first thing only. Empty where it fits. */
export function schemaProblems(schema: v.GenericSchema, value: unknown, path: string): Problem[] {
  const { issues = [] } = v.safeParse(schema, value);
  const problems = new Map<string, Problem>();
  for (const issue of issues) {
    const place = placeOf(issue, path);
    if (!problems.has(place)) problems.set(place, { path: place, problem: describe(issue) });
  }
  return [...problems.values()];
}

function placeOf(issue: v.BaseIssue<unknown>, path: string): string {
  return (issue.path ?? []).reduce((place, { key }) => at(place, typeof key === 'number' ? key : String(key)), path);
}

const plainTypes: Readonly<Record<string, PlatformTextKey>> = {
  string: 'platform.text',
  number: 'platform.number',
  boolean: 'platform.boolean',
  array: 'platform.list',
  strict_object: 'platform.object',
  record: 'platform.object',
};

function describe(issue: v.BaseIssue<unknown>): Message {
  const { type, input } = issue;
  if (type === 'strict_object' && issue.expected === 'never') return platformText('platform.unknownKey');
  if (type === 'max_length') return platformText('platform.tooLong');
  if (input === undefined) return platformText('platform.missing');
  return expected(wantedOf(issue), input);
}

function wantedOf(issue: v.BaseIssue<unknown>): Message {
  const { type, message } = issue;
  const special = Object.hasOwn(platformCatalogues['en-US'], message) ? (message as PlatformTextKey) : undefined;
  if (special) return platformText(special);
  if (Object.hasOwn(plainTypes, type)) return platformText(plainTypes[type]);
  if ((type === 'picklist' || type === 'variant' || type === 'literal') && issue.expected)
    return platformText('platform.oneOf', { choices: issue.expected.replaceAll('"', '').replace(/^\(|\)$/g, '') });
  return platformText('platform.valid');
}
