import { type Column, codeArray, type ResultColumn, stringVector, validityOf } from '@patron/sdk';
import type { FeatureTitles } from './made-features.ts';
import { madeReasons, ownReasons } from './reason-texts.ts';
import type { RiskModel } from './risk-model.ts';

const REASONS = 3;

/** Contributions to the log-odds below this are no reasons. */
const LEAST = 0.05;

/** By place, from the strongest: the covariate that raises each used row's risk, −1 where there is none. */
export type TopReasons = readonly Int16Array[];

export interface Explained {
  /** Up to three values of each used row that raise its risk most, as text, in the order asked for. */
  readonly why: Pick<ResultColumn, 'column' | 'labels'>;
  /** The feature among them that raises it most. */
  readonly main: ResultColumn['column'];
  /** By covariate: mean absolute contribution to the log-odds. */
  readonly importance: Float64Array;
}

/**
 * The features that raise each customer's risk most above the mean customer's, with their values.
 * @param titles what features that were made here are called; none where they are columns of a table
 */
export function explain(
  model: RiskModel,
  features: Readonly<Record<string, Column>>,
  recode: Readonly<Record<string, string>>,
  order: Uint32Array,
  titles: FeatureTitles,
): Explained {
  const n = model.rows.length;
  const { which, importance } = rankReasons(model);
  const made = Object.keys(titles).length > 0;
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
  const why = made
    ? madeReasons(model, which, features, order, titles)
    : ownReasons(model, which, features, recode, order);
  return { why, main, importance };
}

function rankReasons(model: RiskModel): { which: TopReasons; importance: Float64Array } {
  const n = model.rows.length;
  const importance = new Float64Array(model.covariates.length);
  const amounts = Array.from({ length: REASONS }, () => new Float64Array(n));
  const which = Array.from({ length: REASONS }, () => new Int16Array(n).fill(-1));
  model.eachContribution((covariate, values) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let value = values[i];
      sum += Math.abs(value);
      if (value < LEAST) continue;
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
  return { which, importance };
}
