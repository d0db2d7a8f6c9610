import { type AnalysisContext, AnalysisError, isTime, message, type RoleInput, type TimeColumn } from '@patron/sdk';

/** The rows of whichever role was given. */
export interface Source {
  readonly role: 'events' | 'transactions';
  readonly input: RoleInput;
  readonly time: TimeColumn;
}

/** @throws AnalysisError where no role was given, no row is left, or the time column holds no times. */
export function sourceOf({ inputs }: Pick<AnalysisContext, 'inputs'>): Source {
  const role = inputs.events ? 'events' : 'transactions';
  const input = inputs[role];
  if (!input) {
    throw new AnalysisError("Lifecycle needs a table in the role 'events' or 'transactions'; map one of them.", {
      text: message('error.noInput'),
      path: 'inputs',
    });
  }
  if (input.rows === 0) {
    throw new AnalysisError(`No row is left in '${role}'; check the filters.`, {
      text: message('error.noRows'),
      path: `inputs.${role}`,
    });
  }
  const { time } = input.fields;
  if (isTime(time)) return { role, input, time };
  throw new AnalysisError(`'time' holds ${time.type} values; map a column of days or times to it.`, {
    text: message('error.notTime'),
    path: `inputs.${role}.time`,
  });
}
