import type { AnalysisContribution, Json, JsonObject } from '@patron/sdk';
import type { RoleRequest } from './request.ts';
import { sourceColumns } from './request.ts';

/**
 * The further columns of an open role that the parameters name: `column` and `columns` parameters of the role, and every
 * `{"property": "<column>"}` inside JSON parameters. Names that fields are mapped to by alias are resolved by the caller.
 */
export function openColumns(
  analysis: AnalysisContribution,
  role: string,
  parameters: JsonObject,
  request: RoleRequest,
  columnNames: readonly string[],
): string[] {
  const groupOf = (named: string): string | undefined => analysis.inputs.find((input) => input.role === named)?.group;
  if (!analysis.inputs.find((input) => input.role === role)?.open) return [];
  // A parameter of one role speaks of the open role that was given in its place, too.
  const speaksOf = (named: string): boolean =>
    named === role || (groupOf(role) !== undefined && groupOf(named) === groupOf(role));
  const names = new Set<string>();
  for (const parameter of analysis.parameters ?? []) {
    const value = parameters[parameter.name] ?? parameter.default;
    if (parameter.type === 'column' && speaksOf(parameter.role) && typeof value === 'string') names.add(value);
    if (parameter.type === 'columns' && speaksOf(parameter.role) && Array.isArray(value)) {
      const chosen = value.length === 0 && parameter.whenEmpty === 'all' ? unmapped(request, columnNames) : value;
      for (const name of chosen) for (const factor of factors(String(name), columnNames)) names.add(factor);
    }
    if (parameter.type === 'json' && (parameter.role === undefined || speaksOf(parameter.role)))
      collectProperties(value, names);
  }
  const declared = analysis.inputs.find((input) => input.role === role)?.fields.map(({ name }) => name) ?? [];
  for (const field of Object.keys(request.fields)) {
    if (declared.includes(field)) continue;
    for (const name of sourceColumns(request.fields[field])) names.add(name);
  }
  return [...names];
}

/** An interaction such as `age*prio` names two columns. */
function factors(name: string, columnNames: readonly string[]): readonly string[] {
  return columnNames.includes(name) ? [name] : name.split('*').map((part) => part.trim());
}

function unmapped(request: RoleRequest, columnNames: readonly string[]): string[] {
  const mapped = new Set(Object.values(request.fields).flatMap(sourceColumns));
  return columnNames.filter((name) => !mapped.has(name));
}

function collectProperties(value: Json, names: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) collectProperties(item, names);
    return;
  }
  for (const [key, inner] of Object.entries(value as JsonObject)) {
    if (key === 'property' && typeof inner === 'string') names.add(inner);
    else collectProperties(inner, names);
  }
}
