import type { Report } from './problem.ts';
import { platformText } from './texts.ts';

/** What a context key may hold. */
export type ContextValue = string | number | boolean | undefined;

/** A when-clause that was read. */
export type WhenClause =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'not'; readonly of: WhenClause }
  | { readonly kind: 'and' | 'or'; readonly left: WhenClause; readonly right: WhenClause }
  | { readonly kind: 'equals' | 'differs'; readonly key: string; readonly value: string };

const token = /\s*(&&|\|\||==|!=|!|\(|\)|'(?:[^']*)'|[\w.:/-]+)/y;

/**
 * Reads a when-clause: keys, `!`, `&&`, `||`, `==`, `!=`, parentheses; `&&` binds tighter than `||`. The right of a
 * comparison is a word or a text in single quotes.
 * @throws SyntaxError saying at which token it does not read.
 */
export function parseWhen(source: string): WhenClause {
  const tokens = tokenize(source);
  let next = 0;
  const take = (wanted: string): boolean => tokens[next] === wanted && ++next > 0;
  const word = (): string => {
    const one = tokens[next++];
    if (one === undefined || !/^['\w]/.test(one)) throw new SyntaxError(`expected a word, got '${one ?? 'the end'}'`);
    return one.startsWith("'") ? one.slice(1, -1) : one;
  };
  const primary = (): WhenClause => {
    if (take('!')) return { kind: 'not', of: primary() };
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw new SyntaxError("expected ')'");
      return inner;
    }
    const key = word();
    if (take('==')) return { kind: 'equals', key, value: word() };
    if (take('!=')) return { kind: 'differs', key, value: word() };
    return { kind: 'key', key };
  };
  const both = (): WhenClause => {
    let left = primary();
    while (take('&&')) left = { kind: 'and', left, right: primary() };
    return left;
  };
  const either = (): WhenClause => {
    let left = both();
    while (take('||')) left = { kind: 'or', left, right: both() };
    return left;
  };
  const clause = either();
  if (next < tokens.length) throw new SyntaxError(`'${tokens[next]}' is one too many`);
  return clause;
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = source.trimEnd().length;
  while (token.lastIndex < end) {
    const start = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new SyntaxError(`'${source.slice(start).trim()}' cannot be read`);
    tokens.push(match[1]);
  }
  return tokens;
}

/** Whether the clause holds, given the values of the context keys. */
export function evaluateWhen(clause: WhenClause, lookUp: (key: string) => ContextValue): boolean {
  switch (clause.kind) {
    case 'key':
      return clause.key === 'true' || (clause.key !== 'false' && Boolean(lookUp(clause.key)));
    case 'not':
      return !evaluateWhen(clause.of, lookUp);
    case 'and':
      return evaluateWhen(clause.left, lookUp) && evaluateWhen(clause.right, lookUp);
    case 'or':
      return evaluateWhen(clause.left, lookUp) || evaluateWhen(clause.right, lookUp);
    case 'equals':
      return String(lookUp(clause.key)) === clause.value;
    case 'differs':
      return String(lookUp(clause.key)) !== clause.value;
  }
}

/** Reports a clause that does not read. */
export function reportClause(clause: string | undefined, path: string, report: Report): void {
  if (clause === undefined) return;
  try {
    parseWhen(clause);
  } catch (error) {
    report(path, platformText('platform.badWhen', { problem: (error as Error).message }));
  }
}
