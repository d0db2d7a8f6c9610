import type { AnalysisContribution, ColumnType, Json, ParameterContribution, RoleContribution } from '@patron/sdk';
import { type FieldSource, guessFields, isCalledLike, type RowFilter, type RunRequest } from '../../analysis/index.ts';

/** A table as the form needs it. */
export interface FormTable {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

/** One role as it is being edited. A field that is not mapped is absent. */
export interface RoleDraft {
  readonly table: string | null;
  readonly fields: Readonly<Record<string, FieldSource>>;
  readonly filters: readonly RowFilter[];
}

/** The whole form. A number that is being typed is kept as the text that was typed. */
export interface FormDraft {
  readonly roles: Readonly<Record<string, RoleDraft>>;
  /** Of roles that are alternatives, the one in use; by group. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** The roles that the draft uses: those of no group, and of each group the chosen one. */
export function rolesInUse(analysis: AnalysisContribution, draft: FormDraft): readonly RoleContribution[] {
  return analysis.inputs.filter(({ group, role }) => group === undefined || draft.chosen[group] === role);
}

/** A first draft: for each role the table that fits best, its guessed columns, and the parameters' defaults. */
export function firstDraft(
  analysis: AnalysisContribution,
  tables: readonly FormTable[],
  preferred?: string,
): FormDraft {
  const roles: Record<string, RoleDraft> = {};
  const chosen: Record<string, string> = {};
  const fits: Record<string, number> = {};
  for (const role of analysis.inputs) {
    const { table, fit } = bestTable(role, tables, preferred);
    roles[role.role] = draftFor(role, role.optional && fit < 1 ? undefined : table);
    if (role.group === undefined) continue;
    if (chosen[role.group] === undefined || fit > fits[role.group]) {
      chosen[role.group] = role.role;
      fits[role.group] = fit;
    }
  }
  return { roles, chosen, parameters: defaultsOf(analysis.parameters ?? []) };
}

/**
 * The table that fills most required fields; then the one that has columns called like them, then the one on screen, then more
 * optional fields, then more rows.
 */
function bestTable(
  role: RoleContribution,
  tables: readonly FormTable[],
  preferred?: string,
): { table?: FormTable; fit: number } {
  const required = role.fields.filter(({ optional }) => !optional);
  const optional = role.fields.filter(({ optional }) => optional);
  let best: { table: FormTable; fit: number; score: number } | undefined;
  for (const table of tables) {
    const guesses = guessFields(role, table.columns);
    const share = (fields: typeof required, has: (field: (typeof required)[number]) => boolean): number =>
      fields.filter(has).length / Math.max(1, fields.length);
    const filled = (fields: typeof required): number => share(fields, ({ name }) => guesses[name] !== undefined);
    const fit = filled(required);
    const called = share(required, (field) => isCalledLike(field, guesses[field.name]));
    const score = fit + 0.1 * called + (table.id === preferred ? 0.05 : 0) + 0.04 * filled(optional);
    if (!best || score > best.score || (score === best.score && table.rows > best.table.rows))
      best = { table, fit, score };
  }
  return { table: best?.table, fit: best?.fit ?? 0 };
}

/** A role on a table with everything guessed that can be. */
export function draftFor(role: RoleContribution, table: FormTable | undefined): RoleDraft {
  if (!table) return { table: null, fields: {}, filters: [] };
  return { table: table.id, fields: guessFields(role, table.columns), filters: [] };
}

/** The draft that an earlier request was made from. Columns that the table no longer has stay, and are named as problems. */
export function draftFromRequest(analysis: AnalysisContribution, request: RunRequest): FormDraft {
  const chosen: Record<string, string> = {};
  const roles: Record<string, RoleDraft> = {};
  for (const role of analysis.inputs) {
    const asked = request.roles[role.role];
    roles[role.role] = asked ?? { table: null, fields: {}, filters: [] };
    if (role.group !== undefined && (asked || chosen[role.group] === undefined)) chosen[role.group] = role.role;
  }
  return { roles, chosen, parameters: { ...defaultsOf(analysis.parameters ?? []), ...request.parameters } };
}

function defaultsOf(parameters: readonly ParameterContribution[]): Record<string, Json> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, startOf(parameter)]));
}

/** What the form begins with: the default, and for the steps of a funnel two empty ones to fill in. */
function startOf(parameter: ParameterContribution): Json {
  const steps = parameter.type === 'json' && parameter.editor === 'steps';
  return steps && Array.isArray(parameter.default) && parameter.default.length === 0
    ? [{ event: '' }, { event: '' }]
    : parameter.default;
}
