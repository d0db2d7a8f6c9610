import { type Column, isPresent, textAt } from '@patron/sdk';
import { foldedDictionary, numberReader } from './column-kernels.ts';
import { serialOfText } from './serial-date.ts';

type Comparison = '=' | '<>' | '>' | '>=' | '<' | '<=';

/** What COUNTIF and its kin ask of a cell: a comparison with a number, a truth value, a text (with wildcards) or nothing. */
export interface Criterion {
  readonly comparison: Comparison;
  readonly number: number | null;
  readonly truth: boolean | null;
  /** In lower case. */
  readonly text: string;
  readonly pattern: RegExp | null;
}

/** Reads a criterion as it is written in a formula: `5`, `">5"`, `"<>x"`, `"at*"`, `"="`, `">=2011-01-01"`. */
export function parseCriterion(value: number | string | boolean | null): Criterion {
  if (typeof value === 'boolean') return { comparison: '=', number: null, truth: value, text: '', pattern: null };
  if (typeof value === 'number')
    return { comparison: '=', number: value, truth: null, text: String(value), pattern: null };
  const written = value ?? '';
  const sign = /^(<>|>=|<=|=|>|<)/.exec(written)?.[0] as Comparison | undefined;
  const operand = written.slice(sign?.length ?? 0);
  const comparison = sign ?? '=';
  const number = operand.trim() === '' || Number.isNaN(Number(operand)) ? null : Number(operand);
  const folded = operand.toLowerCase();
  return {
    comparison,
    number: number ?? (/^\d{4}-\d\d-\d\d/.test(operand) ? serialOfText(operand.replace(' ', 'T')) : null),
    truth: folded === 'true' ? true : folded === 'false' ? false : null,
    text: folded,
    pattern: (comparison === '=' || comparison === '<>') && /[*?~]/.test(folded) ? wildcard(folded) : null,
  };
}

/** `*` any text, `?` any character, `~` takes the next character as it is. For texts in lower case. */
export function wildcard(text: string): RegExp {
  const source = text.replace(/~([*?~])|[*?]|[.+^${}()|[\]\\]/g, (found, literal: string | undefined) => {
    if (literal !== undefined) return `\\${literal}`;
    if (found === '*') return '[\\s\\S]*';
    return found === '?' ? '[\\s\\S]' : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

/** Whether a text meets the criterion. */
function textMeets(text: string, criterion: Criterion): boolean {
  const folded = text.toLowerCase();
  const { comparison, number } = criterion;
  if (comparison === '=' || comparison === '<>') {
    const same =
      (criterion.pattern ? criterion.pattern.test(folded) : folded === criterion.text) ||
      (number !== null && folded.trim() !== '' && Number(folded) === number);
    return same === (comparison === '=');
  }
  if (number !== null) return false;
  return compares(folded < criterion.text ? -1 : folded > criterion.text ? 1 : 0, comparison);
}

function compares(order: number, comparison: Comparison): boolean {
  switch (comparison) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '<>':
      return order !== 0;
    default:
      return order === 0;
  }
}

/** The criterion as a test of a table row of `column`. Texts of a dictionary are tested once each, not once a row. */
export function rowTest(column: Column, criterion: Criterion): (row: number) => boolean {
  const empty =
    criterion.comparison === '<>'
      ? criterion.text !== ''
      : criterion.comparison === '=' && criterion.text === '' && criterion.number === null && criterion.truth === null;
  const present = presentTest(column, criterion);
  if (!column.validity) return present;
  return (row) => (isPresent(column, row) ? present(row) : empty);
}

function presentTest(column: Column, criterion: Criterion): (row: number) => boolean {
  const { comparison, number } = criterion;
  const unlike = comparison === '<>';
  if (column.type === 'string' && column.layout === 'dictionary') {
    const { codes } = column;
    const verdicts = Uint8Array.from(foldedDictionary(column), (text) => (textMeets(text, criterion) ? 1 : 0));
    return (row) => verdicts[codes[row]] === 1;
  }
  if (column.type === 'string') return (row) => textMeets(textAt(column, row) ?? '', criterion);
  if (column.type === 'boolean') {
    const { values } = column;
    if (criterion.truth === null || (comparison !== '=' && !unlike)) return () => unlike;
    const wanted = criterion.truth ? 1 : 0;
    return (row) => (values[row] === wanted) !== unlike;
  }
  if (number === null) return () => unlike;
  const read = numberReader(column);
  switch (comparison) {
    case '>':
      return (row) => read(row) > number;
    case '>=':
      return (row) => read(row) >= number;
    case '<':
      return (row) => read(row) < number;
    case '<=':
      return (row) => read(row) <= number;
    case '<>':
      return (row) => read(row) !== number;
    default:
      return (row) => read(row) === number;
  }
}
