import type { AnalysisContribution, Json, JsonObject, ParameterContribution, RoleContribution } from '@patron/sdk';
import { type RoleRequest, type RunRequest, sourceColumns } from '../../analysis/index.ts';
import type { Translate } from '../../i18n/index.ts';
import { matchesWhole } from '../../platform/index.ts';
import { type FormDraft, type FormTable, type RoleDraft, rolesInUse } from './form-state.ts';
import { checkSteps } from './steps.ts';

/** What is wrong with one entry, worded when it is shown so that it follows the language. */
export type Problem = (t: Translate) => string;

export interface FormCheck {
  /** By path: `inputs.transactions.amount`, `inputs.transactions.filters.0`, `parameters.bins`. */
  readonly problems: Readonly<Record<string, Problem>>;
  /** What to run; absent while there are problems. */
  readonly request?: RunRequest;
}

const durationForm = /^(none|\d+(\.\d+)?[smhd])$/;

/** Checks every entry of the form and makes the request. The host checks again; this is what stands beside the fields. */
export function checkForm(
  analysis: AnalysisContribution,
  draft: FormDraft,
  tables: readonly FormTable[],
  titleOf: (manifestText: string) => string,
): FormCheck {
  const problems: Record<string, Problem> = {};
  const roles: Record<string, RoleRequest> = {};
  for (const role of rolesInUse(analysis, draft)) {
    const asked = checkRole(role, draft.roles[role.role], tables, problems, titleOf);
    if (asked) roles[role.role] = asked;
  }
  const parameters: Record<string, Json> = {};
  for (const parameter of analysis.parameters ?? []) {
    const value = readParameter(parameter, draft.parameters[parameter.name], problems);
    if (value !== undefined) parameters[parameter.name] = value;
  }
  if (Object.keys(problems).length > 0) return { problems };
  return { problems, request: { analysis: analysis.id, roles, parameters: parameters as JsonObject } };
}

function checkRole(
  role: RoleContribution,
  draft: RoleDraft | undefined,
  tables: readonly FormTable[],
  problems: Record<string, Problem>,
  titleOf: (manifestText: string) => string,
): RoleRequest | undefined {
  const path = `inputs.${role.role}`;
  const table = tables.find(({ id }) => id === draft?.table);
  if (!draft || !table) {
    if (!role.optional) problems[path] = (t) => t(draft?.table ? 'run.error.missingTable' : 'form.error.table');
    return undefined;
  }
  const has = (column: string): boolean => table.columns.some(({ name }) => name === column);
  for (const field of role.fields) {
    const source = draft.fields[field.name];
    const fieldPath = `${path}.${field.name}`;
    if (source === undefined) {
      if (!field.optional) problems[fieldPath] = (t) => t('run.error.mapping', titleOf(field.title));
      continue;
    }
    const lost = sourceColumns(source).find((column) => !has(column));
    if (lost !== undefined) problems[fieldPath] = (t) => t('form.error.column', lost);
    const textual = sourceColumns(source).some((column) =>
      ['date', 'timestamp', 'boolean'].includes(table.columns.find(({ name }) => name === column)?.type ?? ''),
    );
    if (field.kind === 'number' && textual) problems[fieldPath] = (t) => t('form.error.numeric', titleOf(field.title));
  }
  draft.filters.forEach((filter, index) => {
    if (!has(filter.column)) {
      problems[`${path}.filters.${index}`] = (t) =>
        filter.column === '' ? t('form.error.filterColumn') : t('form.error.column', filter.column);
    }
  });
  return { table: table.id, fields: { ...draft.fields }, filters: [...draft.filters] };
}

/** The value to send, or undefined with a problem noted. An entry left empty is null where the data may settle it. */
function readParameter(
  parameter: ParameterContribution,
  value: Json | undefined,
  problems: Record<string, Problem>,
): Json | undefined {
  const path = `parameters.${parameter.name}`;
  const wrong = (problem: Problem): undefined => {
    problems[path] = problem;
    return undefined;
  };
  if (value === undefined || value === null || value === '') {
    if (parameter.default === null || (parameter.type === 'text' && value === ''))
      return value === '' ? null : (value ?? null);
    return wrong((t) => t('form.error.required'));
  }
  switch (parameter.type) {
    case 'number':
    case 'integer': {
      const number = typeof value === 'number' ? value : Number(String(value).replace(/[,，\s]/g, ''));
      if (!Number.isFinite(number)) return wrong((t) => t('form.error.number'));
      if (parameter.type === 'integer' && !Number.isInteger(number)) return wrong((t) => t('form.error.integer'));
      const { minimum, maximum } = parameter;
      if (minimum !== undefined && number < minimum) return wrong((t) => t('form.error.minimum', String(minimum)));
      if (maximum !== undefined && number > maximum) return wrong((t) => t('form.error.maximum', String(maximum)));
      return number;
    }
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
        ? value
        : wrong((t) => t('form.error.date'));
    case 'duration':
      return durationForm.test(String(value)) ? value : wrong((t) => t('form.error.duration'));
    case 'choice': {
      const known = parameter.choices.some((choice) => choice.value === value);
      const accepted = parameter.accepts !== undefined && matchesWhole(parameter.accepts, String(value));
      return known || accepted ? value : wrong((t) => t('form.error.choice'));
    }
    case 'json': {
      if (parameter.editor !== 'steps') return value;
      const problem = checkSteps(value);
      return problem ? wrong(problem) : value;
    }
    default:
      return value;
  }
}
