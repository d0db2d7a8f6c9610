import { columnOf, columnValueType, type FormulaRows, type ValueType, valuesOf } from './formula-columns.ts';
import { call } from './formula-functions.ts';
import { binary, unary } from './formula-operators.ts';
import { type Expression, formulaError, parseFormula } from './formula-parser.ts';
import { type Compiled, MOST_DECIMALS } from './formula-part.ts';

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
