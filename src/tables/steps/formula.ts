import {
  asTexts,
  civilPart,
  columnOf,
  columnValueType,
  daysOfValues,
  type Evaluate,
  type FormulaRows,
  type Values,
  type ValueType,
  valuesOf,
} from './formula-columns.ts';
import { type BinaryOperator, type Expression, formulaError, parseFormula } from './formula-parser.ts';
import { parseDay } from './parse-day.ts';

/** A part of a formula, ready to be computed. */
interface Compiled {
  readonly type: ValueType;
  readonly evaluate: Evaluate;
  /** A text that is written in the formula. */
  readonly literal?: string;
}

export interface CompiledFormula {
  readonly type: ValueType;
  /** The columns it reads. */
  readonly columns: readonly string[];
  compute(rows: FormulaRows): ReturnType<typeof columnOf>;
}

export interface FormulaColumn {
  readonly name: string;
  readonly type: Parameters<typeof columnValueType>[0]['type'];
  readonly scale?: number;
  readonly zoned?: boolean;
}

const MOST_DECIMALS = 6;

/**
 * Makes a formula ready for a table's columns. Wherever a value that counts is missing the answer is missing; only `and`, `or`,
 * `missing` and `coalesce` can do without. Division by zero has no value. Decimals of up to six places stay exact.
 * @throws TableError `bad-formula` naming the position.
 */
export function compileFormula(formula: string, columns: readonly FormulaColumn[]): CompiledFormula {
  const used = new Set<string>();
  const compile = (expression: Expression): Compiled => {
    switch (expression.kind) {
      case 'number': {
        const { value, decimals } = expression;
        const type: ValueType = { kind: 'number', decimals: decimals <= MOST_DECIMALS ? decimals : undefined };
        return { type, evaluate: ({ length }) => new Float64Array(length).fill(value) };
      }
      case 'text': {
        const { value } = expression;
        return {
          type: { kind: 'text' },
          literal: value,
          evaluate: ({ length }) => new Array<string | null>(length).fill(value),
        };
      }
      case 'truth': {
        const value = expression.value ? 1 : 0;
        return { type: { kind: 'boolean' }, evaluate: ({ length }) => new Float64Array(length).fill(value) };
      }
      case 'column': {
        const column = findColumn(expression.name, columns);
        if (!column) throw formulaError('unknown-column', expression.at, expression.name);
        used.add(column.name);
        return {
          type: columnValueType(column),
          evaluate: (rows) =>
            valuesOf(rows.columns.get(column.name) as NonNullable<ReturnType<typeof rows.columns.get>>),
        };
      }
      case 'unary':
        return unary(expression, compile(expression.operand));
      case 'binary':
        return binary(expression, compile(expression.left), compile(expression.right));
      default:
        return call(expression, expression.parts.map(compile));
    }
  };
  const { type, evaluate } = compile(parseFormula(formula));
  return { type, columns: [...used], compute: (rows) => columnOf(evaluate(rows), type) };
}

/** The column of just this name, else the only one of it in another case. */
function findColumn(name: string, columns: readonly FormulaColumn[]): FormulaColumn | undefined {
  const exact = columns.find((column) => column.name === name);
  if (exact) return exact;
  const lower = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  return lower.length === 1 ? lower[0] : undefined;
}

const numbers = (values: Values): Float64Array => values as Float64Array;
const texts = (values: Values): (string | null)[] => values as (string | null)[];

function unary(expression: Expression & { kind: 'unary' }, operand: Compiled): Compiled {
  const isNot = expression.operator === 'not';
  if (operand.type.kind !== (isNot ? 'boolean' : 'number')) {
    throw formulaError('wrong-type', expression.at, expression.operator);
  }
  return {
    type: operand.type,
    evaluate: (rows) => numbers(operand.evaluate(rows)).map(isNot ? (value) => 1 - value : (value) => 0 - value),
  };
}

function binary(expression: Expression & { kind: 'binary' }, left: Compiled, right: Compiled): Compiled {
  const { operator, at } = expression;
  switch (operator) {
    case 'and':
    case 'or':
      if (left.type.kind !== 'boolean' || right.type.kind !== 'boolean') throw formulaError('wrong-type', at, operator);
      return { type: left.type, evaluate: (rows) => logical(operator, left.evaluate(rows), right.evaluate(rows)) };
    case '&':
      return {
        type: { kind: 'text' },
        evaluate(rows) {
          const first = asTexts(left.evaluate(rows), left.type);
          const second = asTexts(right.evaluate(rows), right.type);
          return first.map((text, row) => (text === null || second[row] === null ? null : text + second[row]));
        },
      };
    case '+':
    case '-':
    case '*':
    case '/':
      return arithmetic(operator, at, left, right);
    default:
      return comparison(operator, at, left, right);
  }
}

/** No value and false is false, no value or true is true; else no value spreads. */
function logical(operator: 'and' | 'or', left: Values, right: Values): Float64Array {
  const second = numbers(right);
  const decisive = operator === 'and' ? 0 : 1;
  return numbers(left).map((value, row) => {
    if (value === decisive || second[row] === decisive) return decisive;
    return value + second[row] >= 0 ? 1 - decisive : Number.NaN;
  });
}

function arithmetic(operator: '+' | '-' | '*' | '/', at: number, left: Compiled, right: Compiled): Compiled {
  const pair =
    (apply: (a: number, b: number) => number): Evaluate =>
    (rows) => {
      const first = numbers(left.evaluate(rows));
      const second = numbers(right.evaluate(rows));
      const made = new Float64Array(first.length);
      for (let row = 0; row < made.length; row++) {
        const value = apply(first[row], second[row]);
        made[row] = Number.isFinite(value) ? value : Number.NaN;
      }
      return made;
    };
  const apply = {
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => a / b,
  }[operator];
  const a = left.type;
  const b = right.type;
  if (a.kind === 'number' && b.kind === 'number') {
    return {
      type: { kind: 'number', decimals: decimalsOfResult(operator, a.decimals, b.decimals) },
      evaluate: pair(apply),
    };
  }
  // A day and so many days, or the days between two days.
  if (a.kind === 'date' && b.kind === 'number' && b.decimals === 0 && (operator === '+' || operator === '-')) {
    return { type: a, evaluate: pair(apply) };
  }
  if (a.kind === 'date' && b.kind === 'date' && operator === '-') {
    return { type: { kind: 'number', decimals: 0 }, evaluate: pair(apply) };
  }
  throw formulaError('wrong-type', at, operator);
}

function decimalsOfResult(operator: string, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined || operator === '/') return undefined;
  const decimals = operator === '*' ? a + b : Math.max(a, b);
  return decimals <= MOST_DECIMALS ? decimals : undefined;
}

type Comparison = Exclude<BinaryOperator, '+' | '-' | '*' | '/' | '&' | 'and' | 'or'>;

function comparison(operator: Comparison, at: number, left: Compiled, right: Compiled): Compiled {
  const type: ValueType = { kind: 'boolean' };
  const holds = (order: number): number => {
    switch (operator) {
      case '=':
        return order === 0 ? 1 : 0;
      case '<>':
        return order !== 0 ? 1 : 0;
      case '<':
        return order < 0 ? 1 : 0;
      case '<=':
        return order <= 0 ? 1 : 0;
      case '>':
        return order > 0 ? 1 : 0;
      default:
        return order >= 0 ? 1 : 0;
    }
  };
  if (left.type.kind === 'text' && right.type.kind === 'text') {
    return {
      type,
      evaluate(rows) {
        const second = texts(right.evaluate(rows));
        return Float64Array.from(texts(left.evaluate(rows)), (text, row) => {
          const other = second[row];
          return text === null || other === null ? Number.NaN : holds(text < other ? -1 : text > other ? 1 : 0);
        });
      },
    };
  }
  const [first, second] = sameTime(left, right, at) ?? [left, right];
  if (first.type.kind !== second.type.kind || first.type.kind === 'text')
    throw formulaError('wrong-type', at, operator);
  return {
    type,
    evaluate(rows) {
      const others = numbers(second.evaluate(rows));
      return numbers(first.evaluate(rows)).map((value, row) => {
        const other = others[row];
        if (Number.isNaN(value) || Number.isNaN(other)) return Number.NaN;
        return holds(value < other ? -1 : value > other ? 1 : 0);
      });
    },
  };
}

/** A day or time compared with a text in the formula, or a day with a time: both as the same kind. */
function sameTime(left: Compiled, right: Compiled, at: number): [Compiled, Compiled] | undefined {
  const isTime = ({ type }: Compiled): boolean => type.kind === 'date' || type.kind === 'timestamp';
  const readAs = (part: Compiled, { type }: Compiled): Compiled | undefined => {
    if (part.literal === undefined || (type.kind !== 'date' && type.kind !== 'timestamp')) return undefined;
    const value = parseDay(part.literal, type.kind);
    if (Number.isNaN(value)) throw formulaError('wrong-type', at, part.literal);
    return { type, evaluate: ({ length }) => new Float64Array(length).fill(value) };
  };
  if (isTime(left) && right.literal !== undefined) return [left, readAs(right, left) ?? right];
  if (isTime(right) && left.literal !== undefined) return [readAs(left, right) ?? left, right];
  if (!isTime(left) || !isTime(right) || left.type.kind === right.type.kind) return undefined;
  const asDate = (part: Compiled): Compiled =>
    part.type.kind === 'date'
      ? part
      : {
          type: { kind: 'date' },
          evaluate: (rows) => daysOfValues(numbers(part.evaluate(rows)), part.type, rows.timeZone),
        };
  return [asDate(left), asDate(right)];
}

type Call = Expression & { kind: 'call' };

/** How many values each function takes: at least and at most. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  if: [3, 3],
  round: [1, 2],
  abs: [1, 1],
  year: [1, 1],
  month: [1, 1],
  day: [1, 1],
  min: [1, 30],
  max: [1, 30],
  missing: [1, 1],
  coalesce: [1, 30],
  text: [1, 1],
  length: [1, 1],
  upper: [1, 1],
  lower: [1, 1],
  trim: [1, 1],
  not: [1, 1],
};

/** The functions a formula may use. */
export const formulaFunctions: readonly string[] = Object.keys(FUNCTIONS);

function call(expression: Call, parts: readonly Compiled[]): Compiled {
  const { name, at } = expression;
  if (!Object.hasOwn(FUNCTIONS, name)) throw formulaError('unknown-function', at, name);
  const [least, most] = FUNCTIONS[name];
  if (parts.length < least || parts.length > most) throw formulaError('wrong-count', at, name);
  const [first] = parts;
  const refuse = (wrong: boolean, part = 0): void => {
    if (wrong) throw formulaError('wrong-type', expression.parts[part].at, name);
  };
  switch (name) {
    case 'not':
      return unary({ kind: 'unary', at, operator: 'not', operand: expression.parts[0] }, first);
    case 'if':
      refuse(first.type.kind !== 'boolean');
      return choose(parts, expression);
    case 'round':
      return rounded(expression, parts);
    case 'abs':
      refuse(first.type.kind !== 'number');
      return { type: first.type, evaluate: (rows) => numbers(first.evaluate(rows)).map(Math.abs) };
    case 'year':
    case 'month':
    case 'day':
      refuse(first.type.kind !== 'date' && first.type.kind !== 'timestamp');
      return {
        type: { kind: 'number', decimals: 0 },
        evaluate: (rows) => civilPart(daysOfValues(numbers(first.evaluate(rows)), first.type, rows.timeZone), name),
      };
    case 'missing':
      return {
        type: { kind: 'boolean' },
        evaluate: (rows) =>
          Float64Array.from(first.evaluate(rows) as ArrayLike<string | number | null>, (value) =>
            value === null || Number.isNaN(value) ? 1 : 0,
          ),
      };
    case 'coalesce':
      return coalesce(expression, parts);
    case 'min':
    case 'max':
      return extreme(expression, parts, name === 'min' ? Math.min : Math.max);
    case 'text':
      return { type: { kind: 'text' }, evaluate: (rows) => asTexts(first.evaluate(rows), first.type) };
    case 'length':
      refuse(first.type.kind !== 'text');
      return {
        type: { kind: 'number', decimals: 0 },
        evaluate: (rows) =>
          Float64Array.from(texts(first.evaluate(rows)), (text) => (text === null ? Number.NaN : [...text].length)),
      };
    default: {
      refuse(first.type.kind !== 'text');
      const change =
        name === 'upper'
          ? (text: string) => text.toUpperCase()
          : name === 'lower'
            ? (text: string) => text.toLowerCase()
            : (text: string) => text.trim();
      return {
        type: { kind: 'text' },
        evaluate: (rows) => texts(first.evaluate(rows)).map((text) => text && change(text)),
      };
    }
  }
}

/** The type that several parts have in common. */
function sharedType(expression: Call, parts: readonly Compiled[], from: number): ValueType {
  let type = parts[from].type;
  for (let part = from + 1; part < parts.length; part++) {
    const next = parts[part].type;
    if (next.kind !== type.kind) throw formulaError('wrong-type', expression.parts[part].at, expression.name);
    if (type.kind === 'timestamp' && next.kind === 'timestamp' && type.zoned !== next.zoned) {
      throw formulaError('wrong-type', expression.parts[part].at, expression.name);
    }
    if (type.kind === 'number' && next.kind === 'number') {
      type = { kind: 'number', decimals: decimalsOfResult('+', type.decimals, next.decimals) };
    }
  }
  return type;
}

function choose([condition, yes, no]: readonly Compiled[], expression: Call): Compiled {
  const type = sharedType(expression, [condition, yes, no], 1);
  return {
    type,
    evaluate(rows) {
      const truth = numbers(condition.evaluate(rows));
      const first = yes.evaluate(rows);
      const second = no.evaluate(rows);
      if (type.kind === 'text') {
        return Array.from(truth, (value, row) =>
          Number.isNaN(value) ? null : value === 1 ? texts(first)[row] : texts(second)[row],
        );
      }
      return truth.map((value, row) =>
        Number.isNaN(value) ? Number.NaN : value === 1 ? numbers(first)[row] : numbers(second)[row],
      );
    },
  };
}

function coalesce(expression: Call, parts: readonly Compiled[]): Compiled {
  const type = sharedType(expression, parts, 0);
  return {
    type,
    evaluate(rows) {
      const all = parts.map((part) => part.evaluate(rows));
      if (type.kind === 'text') {
        return Array.from({ length: rows.length }, (_, row) => {
          for (const values of all) if (texts(values)[row] !== null) return texts(values)[row];
          return null;
        });
      }
      return Float64Array.from({ length: rows.length }, (_, row) => {
        for (const values of all) if (!Number.isNaN(numbers(values)[row])) return numbers(values)[row];
        return Number.NaN;
      });
    },
  };
}

function extreme(expression: Call, parts: readonly Compiled[], pick: (a: number, b: number) => number): Compiled {
  const type = sharedType(expression, parts, 0);
  if (type.kind === 'text' || type.kind === 'boolean')
    throw formulaError('wrong-type', expression.parts[0].at, expression.name);
  return {
    type,
    evaluate(rows) {
      const made = numbers(parts[0].evaluate(rows)).slice();
      for (const part of parts.slice(1)) {
        const values = numbers(part.evaluate(rows));
        for (let row = 0; row < made.length; row++) made[row] = pick(made[row], values[row]);
      }
      return made;
    },
  };
}

/** Halves go away from zero, judged by the decimal as it reads: round(2.675, 2) is 2.68. */
function rounded(expression: Call, [value, places]: readonly Compiled[]): Compiled {
  if (value.type.kind !== 'number') throw formulaError('wrong-type', expression.parts[0].at, 'round');
  const written = expression.parts[1];
  let digits = 0;
  if (places) {
    const negative = written.kind === 'unary' && written.operand.kind === 'number';
    const number =
      written.kind === 'number'
        ? written.value
        : negative && written.operand.kind === 'number'
          ? -written.operand.value
          : Number.NaN;
    if (!Number.isInteger(number) || Math.abs(number) > 15) throw formulaError('wrong-type', written.at, 'round');
    digits = number;
  }
  const decimals = Math.max(0, digits);
  return {
    type: { kind: 'number', decimals: decimals <= MOST_DECIMALS ? decimals : undefined },
    evaluate: (rows) => numbers(value.evaluate(rows)).map((each) => roundHalfUp(each, digits)),
  };
}

export function roundHalfUp(value: number, digits: number): number {
  if (!Number.isFinite(value)) return Number.NaN;
  const size = Math.abs(value);
  const power = 10 ** Math.abs(digits);
  const shifted = digits >= 0 ? size * power : size / power;
  // A double just below a half stands for the half that was written.
  const whole = Math.floor(shifted + 0.5 + shifted * 2 ** -51);
  const back = digits >= 0 ? whole / power : whole * power;
  return value < 0 ? 0 - back : back;
}
