import type { Step, StepKind, TableMeta } from '../../tables/index.ts';

/** The step as the form begins with it. */
export function emptyStep(kind: StepKind, locale: string, timeZone: string): Step {
  switch (kind) {
    case 'filter':
      return { kind, filters: [{ column: '', operator: 'equals', value: '' }] };
    case 'sort':
      return { kind, keys: [{ column: '' }], locale };
    case 'rename':
      return { kind, names: {} };
    case 'retype':
      return { kind, column: '', type: 'string' };
    case 'formula':
      return { kind, column: '', formula: '', timeZone };
    case 'join':
      return { kind, table: '', how: 'left', keys: [{ left: '', right: '' }] };
    case 'append':
      return { kind, tables: [] };
    case 'distinct':
      return { kind, columns: [], keep: 'first' };
  }
}

/** Whether all is filled in that the step needs. */
export function isComplete(step: Step, table: TableMeta): boolean {
  switch (step.kind) {
    case 'filter':
      return (
        step.filters.length > 0 &&
        step.filters.every(
          ({ column, operator, value, values }) =>
            column !== '' &&
            (operator === 'missing' ||
              operator === 'present' ||
              (operator === 'one-of' || operator === 'none-of'
                ? (values ?? []).length > 0
                : value !== undefined && value !== '')),
        )
      );
    case 'sort':
      return step.keys.length > 0 && step.keys.every(({ column }) => column !== '');
    case 'rename':
      return Object.entries(step.names).some(([old, name]) => name !== old);
    case 'retype':
      return table.columns.some(({ name, type }) => name === step.column && type !== step.type);
    case 'formula':
      return step.column.trim() !== '' && step.formula.trim() !== '';
    case 'join':
      return (
        step.table !== '' && step.keys.length > 0 && step.keys.every(({ left, right }) => left !== '' && right !== '')
      );
    case 'append':
      return step.tables.length > 0;
    default:
      return true;
  }
}
