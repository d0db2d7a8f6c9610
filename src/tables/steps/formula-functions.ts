import { asTexts, civilPart, daysOfValues, type ValueType } from './formula-columns.ts';
import { unary } from './formula-operators.ts';
import { type Expression, formulaError } from './formula-parser.ts';
import { type Compiled, decimalsOfResult, MOST_DECIMALS, numbers, texts } from './formula-part.ts';

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

/** A function of parts. @throws TableError where it is not known or the parts do not suit it. */
export function call(expression: Call, parts: readonly Compiled[]): Compiled {
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
