import type { Translate } from '../../i18n/index.ts';
import type { RowFilter, Step } from '../../tables/index.ts';

/** What a step does to what, in few words; `tableName` names other tables. */
export function describeStep(step: Step, t: Translate, tableName: (id: string) => string): string {
  switch (step.kind) {
    case 'filter':
      return step.filters.map((filter) => describeFilter(filter, t)).join(' · ');
    case 'sort':
      return step.keys
        .map(({ column, descending }) => t(descending ? 'shape.history.descending' : 'shape.history.ascending', column))
        .join(' · ');
    case 'rename':
      return Object.entries(step.names)
        .filter(([old, name]) => old !== name)
        .map(([old, name]) => `${old} → ${name}`)
        .join(' · ');
    case 'retype':
      return `${step.column} → ${t(`type.${step.type}`)}`;
    case 'formula':
      return `${step.column} = ${step.formula}`;
    case 'join':
      return `${tableName(step.table)} · ${t(`shape.join.${step.how}`)}`;
    case 'append':
      return step.tables.map(tableName).join(' · ');
    default:
      return (step.columns ?? []).join(' · ');
  }
}

function describeFilter({ column, operator, value, values }: RowFilter, t: Translate): string {
  const compared = values ? values.map(String).join(', ') : String(value ?? '');
  const hasValue = operator !== 'missing' && operator !== 'present';
  return `${column} ${t(`shape.operator.${operator}`)}${hasValue ? ` ${compared}` : ''}`;
}
