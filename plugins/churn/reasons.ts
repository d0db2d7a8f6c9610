import {
  type Column,
  codeArray,
  isNumeric,
  isPresent,
  numberAt,
  type ResultColumn,
  stringVector,
  textAt,
  validityOf,
  valueAt,
} from '@patron/sdk';
import type { RiskModel } from './risk-model.ts';

const REASONS = 3;

export interface Explained {
  /** Up to three values of each used row that raise its risk most, as text, in the order asked for. */
  readonly why: ResultColumn['column'];
  /** The feature among them that raises it most. */
  readonly main: ResultColumn['column'];
  /** By covariate: mean absolute contribution to the log-odds. */
  readonly importance: Float64Array;
}

/** The features that raise each customer's risk most above the mean customer's, with their values. */
export function explain(
  model: RiskModel,
  features: Readonly<Record<string, Column>>,
  recode: Readonly<Record<string, string>>,
  order: Uint32Array,
): Explained {
  const n = model.rows.length;
  const importance = new Float64Array(model.covariates.length);
  const amounts = Array.from({ length: REASONS }, () => new Float64Array(n));
  const which = Array.from({ length: REASONS }, () => new Int16Array(n).fill(-1));
  model.eachContribution((covariate, values) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let value = values[i];
      sum += Math.abs(value);
      if (value < 0.05) continue;
      let index = covariate;
      for (let place = 0; place < REASONS; place++) {
        if (value <= amounts[place][i]) continue;
        const heldValue = amounts[place][i];
        const heldIndex = which[place][i];
        amounts[place][i] = value;
        which[place][i] = index;
        value = heldValue;
        index = heldIndex;
        if (index < 0) break;
      }
    }
    importance[covariate] = n > 0 ? sum / n : 0;
  });
  const fragments = model.covariates.map((name) => fragmentReader(name, features, recode));
  const texts = new Array<string>(n);
  for (let at = 0; at < n; at++) {
    const i = order[at];
    let text = '';
    for (let place = 0; place < REASONS; place++) {
      const covariate = which[place][i];
      if (covariate < 0) break;
      if (place > 0) text += '; ';
      text += fragments[covariate](model.rows[i]);
    }
    texts[at] = text;
  }
  const why: ResultColumn['column'] = {
    type: 'string',
    layout: 'plain',
    length: n,
    text: stringVector(texts),
    validity: validityOf(n, (i) => texts[i] !== ''),
  };
  const codes = codeArray(model.covariates.length, n);
  for (let at = 0; at < n; at++) codes[at] = Math.max(0, which[0][order[at]]);
  const main: ResultColumn['column'] = {
    type: 'string',
    layout: 'dictionary',
    length: n,
    codes,
    dictionary: stringVector([...model.covariates]),
    validity: validityOf(n, (i) => which[0][order[i]] >= 0),
  };
  return { why, main, importance };
}

/** A whole number as it is, another to four significant digits. */
function rounded(value: number): number {
  if (value === Math.floor(value)) return value;
  const digits = 10 ** (3 - Math.floor(Math.log10(Math.abs(value))));
  const short = Math.round(value * digits) / digits;
  return Number.isFinite(short) ? short : value;
}

/** `Contract=Month-to-month`, `tenure=2`; a product as its factors. */
function fragmentReader(
  name: string,
  features: Readonly<Record<string, Column>>,
  recode: Readonly<Record<string, string>>,
): (row: number) => string {
  const column = features[name];
  if (!column) {
    const factors = name.split(':').map((factor) => fragmentReader(factor, features, recode));
    return features[name.split(':')[0]] ? (row) => factors.map((read) => read(row)).join(' × ') : () => name;
  }
  if (isNumeric(column)) {
    const timed = column.type === 'date' || column.type === 'timestamp';
    const known = new Map<number, string>();
    return (row) => {
      if (!isPresent(column, row)) return `${name}=–`;
      const value = timed ? column.values[row] : rounded(numberAt(column, row));
      let text = known.get(value);
      if (text === undefined) {
        text = `${name}=${timed ? valueAt(column, row) : value}`;
        if (known.size < 100_000) known.set(value, text);
      }
      return text;
    };
  }
  const byCode = new Map<number, string>();
  return (row) => {
    const code = column.layout === 'dictionary' && isPresent(column, row) ? column.codes[row] : -1;
    let text = byCode.get(code);
    if (text === undefined) {
      const level = textAt(column, row);
      text = `${name}=${level === null ? '–' : Object.hasOwn(recode, level) ? recode[level] : level}`;
      if (column.layout === 'dictionary') byCode.set(code, text);
    }
    return text;
  };
}
