import {
  AnalysisError,
  type Column,
  denseCodes,
  isPresent,
  type Json,
  message,
  numberAt,
  type RoleInput,
  textAt,
} from '@patron/sdk';

const OPERATORS = ['=', '!=', '>', '>=', '<', '<=', '^=', '!^=', 'in', 'not in'] as const;
type Operator = (typeof OPERATORS)[number];

interface Condition {
  readonly property: string;
  readonly op: Operator;
  readonly value: Json;
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
    for (let row = 0; row < mask.length; row++) if (mask[row] === 1 && !meets(column, row, test)) mask[row] = 0;
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
        OPERATORS.includes((item as Condition).op) &&
        (item as Condition).value !== undefined,
    );
  if (sound) return list as readonly Condition[];
  throw new AnalysisError(
    `'${parameter}' must be a list of conditions such as [{"property": "channel", "op": "=", "value": "web"}]; 'op' is one of ${OPERATORS.join(' ')}.`,
    {
      text: message('error.conditions', { parameter, operators: OPERATORS.join(' ') }),
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

/** Text is compared as it is written, numbers as numbers; a row without a value meets only what says "not". */
function meets(column: Column, row: number, { op, value }: Condition): boolean {
  if (!isPresent(column, row)) return op === '!=' || op === '!^=' || op === 'not in';
  const asText = column.type === 'string' || column.type === 'date' || column.type === 'timestamp';
  const held: string | number = asText ? (textAt(column, row) as string) : numberAt(column, row);
  const given = (item: Json): string | number => (asText ? String(item) : Number(item));
  const list = (Array.isArray(value) ? value : [value]).map(given);
  switch (op) {
    case '=':
    case 'in':
      return list.includes(held);
    case '!=':
    case 'not in':
      return !list.includes(held);
    case '^=':
      return String(held).startsWith(String(list[0]));
    case '!^=':
      return !String(held).startsWith(String(list[0]));
    case '>':
      return held > list[0];
    case '>=':
      return held >= list[0];
    case '<':
      return held < list[0];
    default:
      return held <= list[0];
  }
}
