import { type Column, isNumeric, type Note, normalCritical, numbersOf, type Random, type Threads } from '@patron/sdk';
import { type BoostedTrees, fitBoostedTrees, scoreRows } from './boosted-trees.ts';
import { type CoefficientLine, coefficientLine } from './coefficient-line.ts';
import { alphabetical, designMatrix } from './design-matrix.ts';
import { fitLogistic, type LogisticFit } from './logistic.ts';
import { predictLogistic } from './logistic-pass.ts';
import { type Crew, spreading } from './spreading.ts';
import { binFeatures } from './tree-bins.ts';

/** A fitted model of the risk of churn, whichever kind it is. */
export interface RiskModel {
  /** Input rows that have a risk, ascending, and their risks and outcomes. */
  readonly rows: Uint32Array;
  readonly risk: Float64Array;
  readonly outcome: Uint8Array;
  /** 1 for rows that the model learnt from. */
  readonly learnt: Uint8Array;
  readonly covariates: readonly string[];
  readonly incomplete: ReadonlyMap<string, number>;
  readonly notes: readonly Note[];
  /** Calls `visit` with what each covariate adds to every row's log-odds, against its mean. */
  eachContribution(visit: (covariate: number, values: Float64Array | Float32Array) => void): void;
  /** What only the logistic model has. */
  readonly logistic?: { readonly fit: LogisticFit; readonly lines: readonly CoefficientLine[] };
  readonly trees?: BoostedTrees;
}

export interface RiskModelRequest {
  readonly features: Readonly<Record<string, Column>>;
  readonly names: readonly string[];
  readonly outcome: Uint8Array;
  readonly recode: Readonly<Record<string, string>>;
  readonly penalty: number;
  readonly confidence: number;
  /** Chooses the rows to learn from among the used ones; all where absent. */
  readonly learn?: (rows: Uint32Array, outcome: Uint8Array) => Uint8Array;
  readonly random: Random;
  readonly threads: Threads;
  readonly checkpoint: () => Promise<void>;
}

/** Penalised or plain logistic regression on complete rows. */
export async function logisticModel(request: RiskModelRequest): Promise<RiskModel> {
  const crew = spreading(request.threads, request.outcome.length);
  const design = designMatrix(request.features, request.names, request.outcome.length, {
    recode: request.recode,
    room: (length) => crew.room(new Float64Array(0), length),
  });
  const { rows, columns, terms } = design;
  const outcome = Uint8Array.from(rows, (row) => request.outcome[row]);
  const learnt = request.learn?.(rows, outcome) ?? new Uint8Array(rows.length).fill(1);
  const part = request.learn !== undefined;
  const fit = await fitLogistic(
    request.threads,
    part ? columns.map((column) => taken(column, learnt, crew)) : columns,
    part ? taken(outcome, learnt, crew) : outcome,
    {
      penalty: request.penalty,
      checkpoint: request.checkpoint,
    },
  );
  const z = normalCritical(request.confidence);
  const lines = [
    coefficientLine({ name: '(Intercept)', covariate: '(Intercept)' }, 'ok', fit.intercept, fit.interceptError, z),
    ...terms.map((term, index) => {
      const place = fit.kept.indexOf(index);
      if (place < 0) return coefficientLine(term, 'aliased', null, null, z);
      if (fit.infinite.includes(place)) return coefficientLine(term, 'infinite', null, null, z);
      return coefficientLine(term, 'ok', fit.coefficients[place], fit.standardErrors[place], z);
    }),
  ];
  const covariates = [...new Set(terms.map(({ covariate }) => covariate))];
  return {
    rows,
    outcome,
    learnt,
    covariates,
    risk: await predictLogistic(
      crew,
      fit.kept.map((column) => columns[column]),
      fit,
      rows.length,
    ),
    incomplete: design.incomplete,
    notes: design.notes,
    logistic: { fit, lines },
    eachContribution(visit) {
      covariates.forEach((covariate, index) => {
        const values = new Float64Array(rows.length);
        fit.kept.forEach((column, place) => {
          if (terms[column].covariate === covariate) addScaled(values, columns[column], fit.coefficients[place]);
        });
        centre(values);
        visit(index, values);
      });
    },
  };
}

function addScaled(values: Float64Array, column: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] += factor * column[i];
}

function centre(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) values[i] -= mean;
}

function taken<Values extends Float64Array | Uint8Array>(values: Values, chosen: Uint8Array, crew: Crew): Values {
  let size = 0;
  for (let i = 0; i < chosen.length; i++) size += chosen[i];
  const kept = crew.room(values, size);
  for (let i = 0, at = 0; i < chosen.length; i++) if (chosen[i] === 1) kept[at++] = values[i];
  return kept;
}

/** Gradient-boosted trees on all rows; a missing value is a class of its own. */
export async function boostedModel(request: RiskModelRequest): Promise<RiskModel> {
  const { outcome } = request;
  const rows = Uint32Array.from({ length: outcome.length }, (_, i) => i);
  const learnt = request.learn?.(rows, outcome) ?? new Uint8Array(rows.length).fill(1);
  const learning = rows.filter((row) => learnt[row] === 1);
  // Texts are ordered by level; too many levels to be classes are left to the design's rule.
  const coded = designMatrix(
    request.features,
    request.names.filter((name) => !isNumeric(request.features[name])),
    outcome.length,
    {
      recode: request.recode,
      rows: () => false,
    },
  );
  const covariates = request.names.filter(
    (name) => request.features[name] && (isNumeric(request.features[name]) || coded.levels.has(name)),
  );
  const crew = spreading(request.threads, rows.length);
  const columns: Float64Array[] = [];
  for (const name of covariates) {
    await request.checkpoint();
    columns.push(asNumbers(request.features[name], request.recode, outcome, learnt));
  }
  const features = await binFeatures(crew, columns, rows.length);
  const trees = await fitBoostedTrees(
    (cells) => spreading(request.threads, cells),
    features,
    outcome,
    learning,
    request.random,
    request.checkpoint,
  );
  const { risk, added } = await scoreRows(crew, trees, features, rows.length);
  return {
    rows,
    outcome,
    learnt,
    covariates,
    risk,
    incomplete: new Map(),
    notes: coded.notes,
    trees,
    eachContribution(visit) {
      added.forEach((values, index) => {
        visit(index, values);
      });
    },
  };
}

/** Numbers as they are; levels of a text as their place in the order of churn among the rows learnt from. */
function asNumbers(
  column: Column,
  recode: Readonly<Record<string, string>>,
  outcome: Uint8Array,
  learnt: Uint8Array,
): Float64Array {
  if (isNumeric(column)) return numbersOf(column);
  const values = new Float64Array(column.length);
  const { levels, rows } = designMatrix({ column }, ['column'], column.length, { recode });
  const text = levels.get('column');
  values.fill(Number.NaN);
  if (!text) return values;
  const events = new Float64Array(text.names.length);
  const counts = new Float64Array(text.names.length);
  rows.forEach((row, i) => {
    if (learnt[row] === 0) return;
    events[text.codes[i]] += outcome[row];
    counts[text.codes[i]]++;
  });
  const rate = (code: number): number => (events[code] + 0.5) / (counts[code] + 1);
  const order = text.names.map((_, code) => code);
  order.sort((a, b) => rate(a) - rate(b) || alphabetical(text.names[a], text.names[b]));
  const place = new Float64Array(order.length);
  order.forEach((code, at) => {
    place[code] = at;
  });
  rows.forEach((row, i) => {
    values[row] = place[text.codes[i]];
  });
  return values;
}
