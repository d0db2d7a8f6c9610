import { TableError } from '../table-error.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '&' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** A formula as a tree. `at` is where in the text the part begins, from 0. */
export type Expression =
  | { readonly kind: 'number'; readonly at: number; readonly value: number; readonly decimals: number }
  | { readonly kind: 'text'; readonly at: number; readonly value: string }
  | { readonly kind: 'truth'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'column'; readonly at: number; readonly name: string }
  | { readonly kind: 'unary'; readonly at: number; readonly operator: '-' | 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly parts: readonly Expression[] };

/** What is wrong with a formula. `word` is the part of the text it is about. */
export type FormulaProblem =
  | 'empty'
  | 'unexpected'
  | 'unfinished'
  | 'unclosed-text'
  | 'unclosed-name'
  | 'unknown-column'
  | 'unknown-function'
  | 'wrong-count'
  | 'wrong-type'
  | 'too-deep';

const texts: Record<FormulaProblem, (word: string) => string> = {
  empty: () => 'The formula is empty. Write one, such as [Quantity] * [Price].',
  unexpected: (word) => `'${word}' is not expected here. Check what stands before it.`,
  unfinished: () => 'The formula ends too early. Complete it.',
  'unclosed-text': () => 'A text begins here but does not end. Close it with a quotation mark.',
  'unclosed-name': () => 'A column name begins here but does not end. Close it with a bracket.',
  'unknown-column': (word) => `There is no column '${word}'. Choose one of the table's columns.`,
  'unknown-function': (word) => `There is no function '${word}'. Choose one of the list.`,
  'wrong-count': (word) => `'${word}' takes another number of values. Add or remove one.`,
  'wrong-type': (word) =>
    `'${word}' does not work with values of this type. Change the type of the column, or the formula.`,
  'too-deep': () => 'The formula is nested too deeply. Split it into several columns.',
};

export function formulaError(problem: FormulaProblem, at: number, word = ''): TableError {
  return new TableError('bad-formula', `Position ${at + 1}: ${texts[problem](word)}`, {
    problem,
    position: at + 1,
    word,
  });
}

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'column' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const LONGEST = 10_000;
const DEEPEST = 100;
const SIGNS = ['<=', '>=', '<>', '!=', '+', '-', '*', '/', '&', '=', '<', '>', '(', ')', ','] as const;
/** What is written with other signs, full-width ones too. */
const SAME: Readonly<Record<string, string>> = {
  '×': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
  '≤': '<=',
  '≥': '>=',
  '≠': '<>',
  '（': '(',
  '）': ')',
  '，': ',',
  '；': ',',
  ';': ',',
};

function tokens(formula: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (kind: Token['kind'], text: string, length: number): void => {
    found.push({ kind, text, at });
    at += length;
  };
  while (at < formula.length) {
    const rest = formula.slice(at);
    const character = rest[0];
    const blank = /^\s+/.exec(rest);
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(rest);
    const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest);
    if (blank) at += blank[0].length;
    else if (number) take('number', number[0], number[0].length);
    else if (name) take('name', name[0], name[0].length);
    else if (character === '[') {
      const end = rest.indexOf(']');
      if (end < 0) throw formulaError('unclosed-name', at);
      take('column', rest.slice(1, end), end + 1);
    } else if (character === '"' || character === '“') {
      const text = /^["“]((?:[^"”]|"")*)["”]/.exec(rest);
      if (!text) throw formulaError('unclosed-text', at);
      take('text', text[1].replaceAll('""', '"'), text[0].length);
    } else if (SAME[character] !== undefined) take('sign', SAME[character], 1);
    else {
      const sign = SIGNS.find((each) => rest.startsWith(each));
      if (!sign) throw formulaError('unexpected', at, String.fromCodePoint(rest.codePointAt(0) ?? 0));
      take('sign', sign === '!=' ? '<>' : sign, sign.length);
    }
  }
  found.push({ kind: 'end', text: '', at });
  return found;
}

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '<>', '<', '<=', '>', '>='],
  ['&'],
  ['+', '-'],
  ['*', '/'],
];
const NOT_LEVEL = 2;

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(formula: string) {
    this.#tokens = tokens(formula);
  }

  parse(): Expression {
    if (this.#peek().kind === 'end') throw formulaError('empty', 0);
    const expression = this.#level(0);
    const rest = this.#peek();
    if (rest.kind !== 'end') throw formulaError('unexpected', rest.at, rest.text);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next];
  }

  #operator(among: readonly string[]): string | undefined {
    const { kind, text } = this.#peek();
    const word = kind === 'name' ? text.toLowerCase() : kind === 'sign' ? text : '';
    return among.includes(word) ? word : undefined;
  }

  #level(level: number): Expression {
    if (++this.#depth > DEEPEST * LEVELS.length) throw formulaError('too-deep', this.#peek().at);
    let left = this.#tighter(level);
    for (;;) {
      const operator = this.#operator(LEVELS[level]);
      if (operator === undefined) break;
      const { at } = this.#peek();
      this.#next++;
      left = { kind: 'binary', at, operator: operator as BinaryOperator, left, right: this.#tighter(level) };
    }
    this.#depth--;
    return left;
  }

  #tighter(level: number): Expression {
    if (level + 1 === NOT_LEVEL && this.#operator(['not']) && !this.#isCall()) {
      const { at } = this.#peek();
      this.#next++;
      if (++this.#depth > DEEPEST * LEVELS.length) throw formulaError('too-deep', at);
      const operand = this.#tighter(level);
      this.#depth--;
      return { kind: 'unary', at, operator: 'not', operand };
    }
    return level + 1 < LEVELS.length ? this.#level(level + 1) : this.#signed();
  }

  #signed(): Expression {
    const token = this.#peek();
    if (token.kind !== 'sign' || (token.text !== '-' && token.text !== '+')) return this.#single();
    this.#next++;
    if (++this.#depth > DEEPEST * LEVELS.length) throw formulaError('too-deep', token.at);
    const operand = this.#signed();
    this.#depth--;
    return token.text === '+' ? operand : { kind: 'unary', at: token.at, operator: '-', operand };
  }

  #isCall(): boolean {
    const after = this.#tokens[this.#next + 1];
    return after.kind === 'sign' && after.text === '(';
  }

  #single(): Expression {
    const token = this.#peek();
    const { at, text } = token;
    switch (token.kind) {
      case 'end':
        throw formulaError('unfinished', at);
      case 'number':
        this.#next++;
        return { kind: 'number', at, value: Number(text), decimals: decimalsOf(text) };
      case 'text':
        this.#next++;
        return { kind: 'text', at, value: text };
      case 'column':
        this.#next++;
        return { kind: 'column', at, name: text };
      case 'name':
        return this.#named(token);
      default:
        if (text !== '(') throw formulaError('unexpected', at, text);
        this.#next++;
        return this.#closed(this.#level(0));
    }
  }

  #named({ at, text }: Token): Expression {
    const word = text.toLowerCase();
    if (this.#isCall()) {
      this.#next += 2;
      const parts: Expression[] = [];
      if (this.#peek().text !== ')' || this.#peek().kind !== 'sign') {
        parts.push(this.#level(0));
        while (this.#operator([','])) {
          this.#next++;
          parts.push(this.#level(0));
        }
      }
      return this.#closed({ kind: 'call', at, name: word, parts });
    }
    if (word === 'and' || word === 'or' || word === 'not') throw formulaError('unexpected', at, text);
    this.#next++;
    if (word === 'true' || word === 'false') return { kind: 'truth', at, value: word === 'true' };
    return { kind: 'column', at, name: text };
  }

  #closed(expression: Expression): Expression {
    const token = this.#peek();
    if (token.kind === 'end') throw formulaError('unfinished', token.at);
    if (token.kind !== 'sign' || token.text !== ')') throw formulaError('unexpected', token.at, token.text);
    this.#next++;
    return expression;
  }
}

/** Digits behind the point, as they are written; more than can be kept exactly where there is an exponent. */
function decimalsOf(text: string): number {
  if (/e/i.test(text)) return Number.POSITIVE_INFINITY;
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/**
 * Reads a formula: columns as `[Unit price]`, or bare where the name is one word; numbers; texts in double quotes; + − × ÷ and &
 * for texts; comparisons; `and`, `or`, `not`; functions. Nothing of it is ever run as code.
 * @throws TableError `bad-formula` naming the position.
 */
export function parseFormula(formula: string): Expression {
  if (formula.length > LONGEST) throw formulaError('too-deep', LONGEST);
  return new Parser(formula).parse();
}
