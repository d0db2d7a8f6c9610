import type { AnalysisContribution, AnalysisResult, JsonObject, RoleContribution, RoleInput } from '@patron/sdk';
import { bindRole, columnsNeeded, type LoadedTable } from './bind-role.ts';
import { BindingError } from './binding-error.ts';
import { openColumns } from './open-columns.ts';
import type { LeftOut, RowCounts, RunRequest } from './request.ts';

/** A table that a role may read: its columns' names at once, their values on demand. */
export interface RoleTable {
  readonly name: string;
  readonly rows: number;
  readonly columnNames: readonly string[];
  load(columns: readonly string[]): Promise<LoadedTable['columns']>;
}

export interface BoundRun {
  readonly inputs: Record<string, RoleInput>;
  readonly counts: RowCounts;
}

/**
 * Binds every role of a request, reading from each table only the columns in use.
 * @throws BindingError where a role lacks its table or a mapping does not fit.
 */
export async function bindRun(
  analysis: AnalysisContribution,
  request: RunRequest,
  parameters: JsonObject,
  tables: Readonly<Record<string, RoleTable>>,
): Promise<BoundRun> {
  checkRoles(analysis, request);
  const inputs: Record<string, RoleInput> = {};
  const counts: RowCounts[] = [];
  for (const role of analysis.inputs) {
    const roleRequest = request.roles[role.role];
    if (!roleRequest) continue;
    const table = tables[role.role];
    const properties = openColumns(analysis, role.role, parameters, roleRequest, table.columnNames);
    const needed = columnsNeeded(roleRequest, properties);
    for (const column of needed) {
      if (table.columnNames.includes(column)) continue;
      throw new BindingError(
        { code: 'unknownColumn', table: table.name, column, known: table.columnNames },
        `inputs.${role.role}.${column}`,
      );
    }
    const columns = await table.load(needed);
    const bound = bindRole(role, roleRequest, { ...table, columns }, properties);
    inputs[role.role] = bound.input;
    counts.push(bound.counts);
  }
  return { inputs, counts: sumCounts(counts) };
}

/** The counts with what the analysis itself left out. */
export function countAll(counts: RowCounts, result: AnalysisResult): RowCounts {
  const own = (result.leftOut ?? []).map(
    ({ role, reason, count }): LeftOut => ({ role, reason: { kind: 'analysis', text: reason }, count }),
  );
  const further = own.reduce((sum, { count }) => sum + count, 0);
  return { read: counts.read, used: counts.used - further, leftOut: [...counts.leftOut, ...own] };
}

function sumCounts(counts: readonly RowCounts[]): RowCounts {
  return {
    read: counts.reduce((sum, { read }) => sum + read, 0),
    used: counts.reduce((sum, { used }) => sum + used, 0),
    leftOut: counts.flatMap(({ leftOut }) => leftOut),
  };
}

/** Every role that is needed has its table, of alternatives exactly one, and no role is unknown. */
function checkRoles(analysis: AnalysisContribution, request: RunRequest): void {
  const known = analysis.inputs.map(({ role }) => role);
  for (const role of Object.keys(request.roles)) {
    if (!known.includes(role)) throw new BindingError({ code: 'unknownRole', role, known }, `inputs.${role}`);
  }
  const given = (role: RoleContribution): boolean => request.roles[role.role] !== undefined;
  for (const role of analysis.inputs) {
    if (role.optional || (role.group === undefined && given(role))) continue;
    const alternatives =
      role.group === undefined ? [role] : analysis.inputs.filter(({ group }) => group === role.group);
    const chosen = alternatives.filter(given);
    const roles = alternatives.map((alternative) => alternative.role);
    if (chosen.length === 0) throw new BindingError({ code: 'missingRole', roles }, `inputs.${roles[0]}`);
    if (chosen.length > 1) throw new BindingError({ code: 'twoRoles', roles }, `inputs.${roles[0]}`);
  }
}
