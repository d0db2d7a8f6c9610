import { asTexts, daysOfValues, type Evaluate, type Values, type ValueType } from './formula-columns.ts';
import { type BinaryOperator, type Expression, formulaError } from './formula-parser.ts';
import { type Compiled, decimalsOfResult, numbers, texts } from './formula-part.ts';
import { parseDay } from './parse-day.ts';

/** Minus and not. */
export function unary(expression: Expression & { kind: 'unary' }, operand: Compiled): Compiled {
  const isNot = expression.operator === 'not';
  if (operand.type.kind !== (isNot ? 'boolean' : 'number')) {
    throw formulaError('wrong-type', expression.at, expression.operator);
  }
  return {
    type: operand.type,
    evaluate: (rows) => numbers(operand.evaluate(rows)).map(isNot ? (value) => 1 - value : (value) => 0 - value),
  };
}

/** Two parts and the sign between them. */
export function binary(expression: Expression & { kind: 'binary' }, left: Compiled, right: Compiled): Compiled {
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
