import {
  type Column,
  codeArray,
  isNumeric,
  isPresent,
  message,
  type NumericColumn,
  numberAt,
  type ResultColumn,
  stringVector,
  type Text,
  textAt,
  validityOf,
  valueAt,
} from '@patron/sdk';
import type { FeatureTitles } from './made-features.ts';
import type { TopReasons } from './reasons.ts';
import type { RiskModel } from './risk-model.ts';

type Why = Pick<ResultColumn, 'column' | 'labels'>;

/** Above, below and like the mean customer. */
const DIRECTIONS = [' ↑', ' ↓', ''];

/** `Contract = Month-to-month; tenure = 2 ↓`: columns of a table, in their own words. */
export function ownReasons(
  model: RiskModel,
  which: TopReasons,
  features: Readonly<Record<string, Column>>,
  recode: Readonly<Record<string, string>>,
  order: Uint32Array,
): Why {
  const fragments = model.covariates.map((name) => readerOf(name, features, recode, model.rows));
  const texts = Array.from(order, (i) => {
    let text = '';
    for (const place of which) {
      if (place[i] < 0) break;
      text += `${text === '' ? '' : '; '}${fragments[place[i]](model.rows[i])}`;
    }
    return text;
  });
  return {
    column: {
      type: 'string',
      layout: 'plain',
      length: texts.length,
      text: stringVector(texts),
      validity: validityOf(texts.length, (i) => texts[i] !== ''),
    },
  };
}

/** `Recency (days) ↑; Frequency ↓`, named in the reader's language; the values stand in columns of their own. */
export function madeReasons(
  model: RiskModel,
  which: TopReasons,
  features: Readonly<Record<string, Column>>,
  order: Uint32Array,
  titles: FeatureTitles,
): Why {
  const { covariates, rows } = model;
  const directions = covariates.map((name) => directionReader(features[name] as NumericColumn, rows));
  const kinds = covariates.length * DIRECTIONS.length + 1;
  const known = new Map<number, number>();
  const names: string[] = [];
  const labels: Record<string, Text> = {};
  const found = Uint32Array.from(order, (i) => {
    const parts: number[] = [];
    let key = 0;
    for (const place of which) {
      if (place[i] < 0) break;
      const part = place[i] * DIRECTIONS.length + directions[place[i]](rows[i]);
      parts.push(part);
      key = key * kinds + part + 1;
    }
    let code = known.get(key);
    if (code === undefined) {
      code = names.length;
      known.set(key, code);
      const fragments = parts.map((part) => ({
        name: covariates[Math.floor(part / DIRECTIONS.length)],
        direction: DIRECTIONS[part % DIRECTIONS.length],
      }));
      const name = fragments.map((fragment) => `${fragment.name}${fragment.direction}`).join('; ');
      names.push(name);
      labels[name] = reasonsTitle(
        fragments.map((fragment) =>
          message('reason.one', { feature: titles[fragment.name] ?? fragment.name, direction: fragment.direction }),
        ),
      );
    }
    return code;
  });
  const codes = codeArray(Math.max(1, names.length), found.length);
  codes.set(found);
  const column: Column = {
    type: 'string',
    layout: 'dictionary',
    length: codes.length,
    codes,
    dictionary: stringVector(names.length > 0 ? names : ['']),
    validity: validityOf(codes.length, (i) => names[codes[i]] !== ''),
  };
  return { column, labels };
}

function reasonsTitle([first, second, third]: readonly Text[]): Text {
  if (second === undefined) return first ?? '';
  return third === undefined
    ? message('reason.two', { first, second })
    : message('reason.three', { first, second, third });
}

/** A whole number as it is, another to four significant digits. */
function rounded(value: number): number {
  if (value === Math.floor(value)) return value;
  const digits = 10 ** (3 - Math.floor(Math.log10(Math.abs(value))));
  const short = Math.round(value * digits) / digits;
  return Number.isFinite(short) ? short : value;
}

/** Which of `DIRECTIONS` a row's value lies in, against the mean of all rows that have one. */
function directionReader(column: NumericColumn, rows: Uint32Array): (row: number) => number {
  const { values } = column;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]];
    if (!Number.isFinite(value) || !isPresent(column, rows[i])) continue;
    sum += value;
    count++;
  }
  const mean = sum / count;
  return (row) => (values[row] > mean ? 0 : values[row] < mean ? 1 : 2);
}

/** A column's value, or the values of a product's factors. */
function readerOf(
  name: string,
  features: Readonly<Record<string, Column>>,
  recode: Readonly<Record<string, string>>,
  rows: Uint32Array,
): (row: number) => string {
  if (features[name]) return fragmentReader(name, features[name], recode, rows);
  const names = name.split(':');
  if (!names.every((factor) => features[factor])) return () => name;
  const factors = names.map((factor) => fragmentReader(factor, features[factor], recode, rows));
  return (row) => factors.map((read) => read(row)).join(' × ');
}

function fragmentReader(
  name: string,
  column: Column,
  recode: Readonly<Record<string, string>>,
  rows: Uint32Array,
): (row: number) => string {
  const lacking = `${name} = –`;
  if (column.type === 'boolean') {
    const [no, yes] = [`${name} = ✗`, `${name} = ✓`];
    return (row) => (isPresent(column, row) ? (column.values[row] === 1 ? yes : no) : lacking);
  }
  if (isNumeric(column)) {
    const timed = column.type === 'date' || column.type === 'timestamp';
    const directionOf = directionReader(column, rows);
    const known = new Map<number, string>();
    return (row) => {
      const value = column.values[row];
      if (!isPresent(column, row) || Number.isNaN(value)) return lacking;
      let text = known.get(value);
      if (text === undefined) {
        const shown = timed ? valueAt(column, row) : rounded(numberAt(column, row));
        text = `${name} = ${shown}${DIRECTIONS[directionOf(row)]}`;
        if (known.size < 100_000) known.set(value, text);
      }
      return text;
    };
  }
  const byCode = new Map<number, string>();
  return (row) => {
    if (!isPresent(column, row)) return lacking;
    const code = column.layout === 'dictionary' ? column.codes[row] : -1;
    let text = byCode.get(code);
    if (text === undefined) {
      const level = textAt(column, row) ?? '–';
      text = `${name} = ${Object.hasOwn(recode, level) ? recode[level] : level}`;
      if (column.layout === 'dictionary') byCode.set(code, text);
    }
    return text;
  };
}
