import {
  AnalysisError,
  type Column,
  denseCodes,
  isPresent,
  type Json,
  message,
  ROW_OPERATORS,
  type RoleInput,
  type RowCondition,
  rowTest,
} from '@patron/sdk';

interface Condition extends RowCondition {
  readonly property: string;
}

/**
 * The rows that are one of `names` and meet every condition, 1 a row; undefined where neither says anything, so that all
 * rows count. `parameter` is what the names and conditions are called in messages.
 */
export function rowMask(input: RoleInput, names: Json, conditions: Json, parameter: string): Uint8Array | undefined {
  const wanted = namesOf(names, `${parameter}Events`);
  const tests = conditionsOf(conditions, `${parameter}Filters`);
  if (wanted.length === 0 && tests.length === 0) return undefined;
  const mask = new Uint8Array(input.rows).fill(1);
  if (wanted.length > 0) keepNames(mask, input.fields.event, wanted, `${parameter}Events`);
  for (const test of tests) {
    const column = input.properties[test.property];
    if (!column) {
      throw new AnalysisError(`The table has no column '${test.property}' to filter by; choose one of its columns.`, {
        text: message('error.noProperty', { property: test.property }),
        path: `parameters.${parameter}Filters`,
      });
    }
    const meets = rowTest(column, test, (value) => incomparable(column, test, value, `${parameter}Filters`));
    for (let row = 0; row < mask.length; row++) if (mask[row] === 1 && !meets(row)) mask[row] = 0;
  }
  return mask;
}

function namesOf(given: Json, parameter: string): readonly string[] {
  const list = typeof given === 'string' ? [given] : (given ?? []);
  if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list as readonly string[];
  throw new AnalysisError(`'${parameter}' must be a list of event names such as ["order"].`, {
    text: message('error.names', { parameter }),
    path: `parameters.${parameter}`,
  });
}

function conditionsOf(given: Json, parameter: string): readonly Condition[] {
  const list: unknown = given ?? [];
  const sound =
    Array.isArray(list) &&
    list.every(
      (item) =>
        item !== null &&
        typeof item === 'object' &&
        typeof (item as Condition).property === 'string' &&
        ROW_OPERATORS.includes((item as Condition).op) &&
        ((item as Condition).value !== undefined || (item as Condition).op.endsWith('empty')),
    );
  if (sound) return list as readonly Condition[];
  throw new AnalysisError(
    `'${parameter}' must be a list of conditions such as [{"property": "channel", "op": "=", "value": "web"}]; 'op' is one of ${ROW_OPERATORS.join(' ')}.`,
    {
      text: message('error.conditions', { parameter, operators: ROW_OPERATORS.join(' ') }),
      path: `parameters.${parameter}`,
    },
  );
}

function keepNames(mask: Uint8Array, event: Column | undefined, names: readonly string[], parameter: string): void {
  if (!event) {
    throw new AnalysisError(`'${parameter}' names events, but no event column is mapped; map one.`, {
      text: message('error.noEventColumn', { parameter }),
      path: 'inputs.events.event',
    });
  }
  const { codes, count, label } = denseCodes(event);
  const wanted = new Uint8Array(count);
  const left = new Set(names);
  for (let code = 0; code < count; code++) {
    if (names.includes(label(code))) {
      wanted[code] = 1;
      left.delete(label(code));
    }
  }
  for (const name of left) {
    throw new AnalysisError(`No row has the event '${name}'; check its spelling and the filters.`, {
      text: message('error.noSuchEvent', { name }),
      path: `parameters.${parameter}`,
    });
  }
  for (let row = 0; row < mask.length; row++) {
    if (!isPresent(event, row) || wanted[codes[row]] === 0) mask[row] = 0;
  }
}

function incomparable(column: Column, { property }: Condition, value: unknown, parameter: string): AnalysisError {
  return new AnalysisError(
    `At ${parameter}: column '${property}' holds ${column.type} values, so it cannot be compared with '${String(value)}'.`,
    { path: `parameters.${parameter}`, text: message('error.filterValue', { property, value: String(value) }) },
  );
}
