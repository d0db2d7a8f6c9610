import { choleskySolve, invertSymmetric } from '@patron/sdk';
import { aliasedColumns, moments, submatrix, sureCholesky } from './standardise.ts';

export interface LogisticFit {
  /** Indices of the columns that were estimated; the others add nothing to those before them. */
  readonly kept: readonly number[];
  readonly intercept: number;
  readonly interceptError: number;
  /** Per kept column, in the column's own unit. */
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  /** Places in `kept` whose estimate runs off to infinity: the column separates the outcomes. */
  readonly infinite: readonly number[];
  readonly logLikelihood: number;
  readonly logLikelihoodNull: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface LogisticOptions {
  /** λ of the ridge penalty λ/2 · Σ β² on standardised columns; the intercept is free. 0 is plain maximum likelihood. */
  readonly penalty?: number;
  readonly checkpoint?: () => Promise<void>;
}

const BLOCK = 512;
const MOST_ITERATIONS = 40;
/** Rows beyond which the fit starts from a sample. */
const SAMPLE_ABOVE = 100_000;
const SAMPLE_ROWS = 30_000;

/** Columns with means and reciprocal scales, read without a copy. */
interface Rows {
  readonly columns: readonly Float64Array[];
  readonly outcome: Uint8Array;
  readonly means: Float64Array;
  readonly inverse: Float64Array;
}

interface Pass {
  readonly logLikelihood: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with step halving, the Gram matrix gathered
 * in blocks. Many rows start from the fit of a sample, which changes the number of passes and not the outcome.
 */
export async function fitLogistic(
  columns: readonly Float64Array[],
  outcome: Uint8Array,
  options: LogisticOptions = {},
): Promise<LogisticFit> {
  const penalty = options.penalty ?? 0;
  const checkpoint = options.checkpoint ?? (async () => undefined);
  const { means, scales } = moments(columns);
  const inverse = scales.map((scale) => (scale > 0 ? 1 / scale : 0));
  const rows: Rows = { columns, outcome, means, inverse };
  const order = columns.length + 1;
  const n = outcome.length;
  let events = 0;
  for (let i = 0; i < n; i++) events += outcome[i];
  const share = events / n;
  let beta: Float64Array = new Float64Array(order);
  beta[0] = Math.log(share / (1 - share));
  const stride = n > SAMPLE_ABOVE ? Math.floor(n / SAMPLE_ROWS) : 1;
  if (stride > 1) {
    const sample = await newton(
      rows,
      beta,
      everyColumn(order),
      Math.max(penalty / stride, 1e-3),
      stride,
      1e-3,
      checkpoint,
    );
    if (sample.beta.every(Number.isFinite)) beta = sample.beta;
  }
  let first = pass(rows, beta, 1);
  const aliased =
    penalty > 0
      ? Array.from({ length: order }, (_, c) => c > 0 && scales[c - 1] === 0)
      : aliasedColumns(first.information, order);
  const used = everyColumn(order).filter((c) => !aliased[c]);
  if (used.length < order) {
    for (let c = 0; c < order; c++) if (aliased[c]) beta[c] = 0;
    first = pass(rows, beta, 1);
  }
  const fit = await newton(rows, beta, used, penalty, 1, 1e-9, checkpoint, first);
  const information = submatrix(fit.at.information, order, used);
  for (let i = 0; i < used.length; i++) if (used[i] > 0) information[i * used.length + i] += penalty;
  const covariance = inverseOf(information, used.length);
  const kept = used.slice(1).map((c) => c - 1);
  const infinite = runaways(rows, fit.beta, used, covariance, share);
  const coefficients = Float64Array.from(kept, (c) => fit.beta[c + 1] * inverse[c]);
  let intercept = fit.beta[0];
  kept.forEach((c, i) => {
    intercept -= coefficients[i] * means[c];
  });
  return {
    kept,
    intercept,
    interceptError: interceptError(covariance, used, means, inverse),
    coefficients,
    standardErrors: Float64Array.from(kept, (c, i) => {
      const place = (i + 1) * used.length + i + 1;
      return Math.sqrt(covariance[place]) * inverse[c];
    }),
    infinite,
    logLikelihood: fit.at.logLikelihood,
    logLikelihoodNull: events === 0 || events === n ? 0 : events * Math.log(share) + (n - events) * Math.log(1 - share),
    iterations: fit.iterations,
    converged: fit.converged,
  };
}

function everyColumn(order: number): number[] {
  return Array.from({ length: order }, (_, c) => c);
}

interface NewtonOutcome {
  readonly beta: Float64Array;
  readonly at: Pass;
  readonly iterations: number;
  readonly converged: boolean;
}

async function newton(
  rows: Rows,
  start: Float64Array,
  used: readonly number[],
  penalty: number,
  stride: number,
  tolerance: number,
  checkpoint: () => Promise<void>,
  first?: Pass,
): Promise<NewtonOutcome> {
  const order = start.length;
  const size = used.length;
  let beta: Float64Array = start.slice();
  let at = first ?? pass(rows, beta, stride);
  let value = penalised(at.logLikelihood, beta, penalty);
  let iterations = 0;
  for (; iterations < MOST_ITERATIONS; iterations++) {
    await checkpoint();
    const information = submatrix(at.information, order, used);
    const gradient = Float64Array.from(used, (c) => at.gradient[c] - (c > 0 ? penalty * beta[c] : 0));
    for (let i = 0; i < size; i++) if (used[i] > 0) information[i * size + i] += penalty;
    const step = choleskySolve(sureCholesky(information, size), gradient);
    const decrement = gradient.reduce((sum, slope, i) => sum + slope * step[i], 0);
    if (decrement < tolerance) {
      // The last step is exact to the digits of a double, so its own pass is saved.
      const logLikelihood = at.logLikelihood + (penalty === 0 ? decrement / 2 : 0);
      return { beta: moved(beta, used, step, 1), at: { ...at, logLikelihood }, iterations, converged: true };
    }
    let length = 1;
    let next = moved(beta, used, step, length);
    let there = pass(rows, next, stride);
    while (!(penalised(there.logLikelihood, next, penalty) >= value - 1e-11 * Math.abs(value)) && length > 1e-6) {
      length /= 2;
      next = moved(beta, used, step, length);
      there = pass(rows, next, stride);
    }
    const reached = penalised(there.logLikelihood, next, penalty);
    if (!(reached >= value - 1e-11 * Math.abs(value))) return { beta, at, iterations, converged: decrement < 1e-4 };
    const gain = reached - value;
    beta = next;
    at = there;
    value = reached;
    if (Math.abs(gain) <= 1e-13 * (1 + Math.abs(value)))
      return { beta, at, iterations: iterations + 1, converged: true };
  }
  return { beta, at, iterations, converged: false };
}

function penalised(logLikelihood: number, beta: Float64Array, penalty: number): number {
  if (penalty === 0) return logLikelihood;
  let square = 0;
  for (let c = 1; c < beta.length; c++) square += beta[c] * beta[c];
  return logLikelihood - (penalty / 2) * square;
}

function moved(beta: Float64Array, used: readonly number[], step: Float64Array, length: number): Float64Array {
  const next = beta.slice();
  used.forEach((c, i) => {
    next[c] += length * step[i];
  });
  return next;
}

/** Log-likelihood, gradient and information of every `stride`-th row at standardised `beta` (intercept first). */
function pass(rows: Rows, beta: Float64Array, stride: number): Pass {
  const { columns, outcome, means, inverse } = rows;
  const order = beta.length;
  const n = Math.ceil(outcome.length / stride);
  const gradient = new Float64Array(order);
  const gram = new Float64Array(order * order);
  const block = new Float64Array(order * BLOCK);
  const predictor = new Float64Array(BLOCK);
  const root = new Float64Array(BLOCK);
  let logLikelihood = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const size = Math.min(BLOCK, n - start);
    predictor.fill(beta[0]);
    for (let c = 1; c < order; c++)
      loadColumn(
        columns[c - 1],
        start,
        size,
        stride,
        means[c - 1],
        inverse[c - 1],
        beta[c],
        block,
        c * BLOCK,
        predictor,
      );
    for (let i = 0; i < size; i++) {
      const eta = predictor[i];
      const y = outcome[(start + i) * stride];
      const e = Math.exp(-Math.abs(eta));
      const mean = eta >= 0 ? 1 / (1 + e) : e / (1 + e);
      logLikelihood += y * eta - Math.max(eta, 0) - Math.log1p(e);
      predictor[i] = y - mean;
      root[i] = Math.sqrt(e) / (1 + e);
    }
    weigh(block, order, size, predictor, root, gradient);
    addGram(block, order, size, gram);
  }
  for (let a = 0; a < order; a++) for (let b = 0; b < a; b++) gram[b * order + a] = gram[a * order + b];
  return { logLikelihood, gradient, information: gram };
}

function loadColumn(
  column: Float64Array,
  start: number,
  size: number,
  stride: number,
  mean: number,
  inverse: number,
  coefficient: number,
  block: Float64Array,
  at: number,
  predictor: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const value = (column[(start + i) * stride] - mean) * inverse;
    block[at + i] = value;
    predictor[i] += coefficient * value;
  }
}

/** Adds the block to the gradient, then weighs it by the root of each row's variance. */
function weigh(
  block: Float64Array,
  order: number,
  size: number,
  residual: Float64Array,
  root: Float64Array,
  gradient: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += residual[i];
    block[i] = root[i];
  }
  gradient[0] += sum;
  for (let c = 1; c < order; c++) {
    const at = c * BLOCK;
    let slope = 0;
    for (let i = 0; i < size; i++) {
      const value = block[at + i];
      slope += value * residual[i];
      block[at + i] = value * root[i];
    }
    gradient[c] += slope;
  }
}

/** Adds the lower triangle of block × blockᵀ, two rows by four columns at a time. */
function addGram(block: Float64Array, order: number, size: number, gram: Float64Array): void {
  for (let a = 0; a < order; a += 2) {
    const second = a + 1 < order ? a + 1 : a;
    const a0 = a * BLOCK;
    const a1 = second * BLOCK;
    for (let b = 0; b <= second; b += 4) {
      const b0 = b * BLOCK;
      const b1 = Math.min(b + 1, order - 1) * BLOCK;
      const b2 = Math.min(b + 2, order - 1) * BLOCK;
      const b3 = Math.min(b + 3, order - 1) * BLOCK;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0; i < size; i++) {
        const x0 = block[a0 + i];
        const x1 = block[a1 + i];
        const y0 = block[b0 + i];
        const y1 = block[b1 + i];
        const y2 = block[b2 + i];
        const y3 = block[b3 + i];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
      }
      addCell(gram, order, a, b, s00);
      addCell(gram, order, a, b + 1, s01);
      addCell(gram, order, a, b + 2, s02);
      addCell(gram, order, a, b + 3, s03);
      if (second === a) continue;
      addCell(gram, order, second, b, s10);
      addCell(gram, order, second, b + 1, s11);
      addCell(gram, order, second, b + 2, s12);
      addCell(gram, order, second, b + 3, s13);
    }
  }
}

function addCell(gram: Float64Array, order: number, a: number, b: number, value: number): void {
  if (b <= a) gram[a * order + b] += value;
}

function inverseOf(matrix: Float64Array, order: number): Float64Array {
  const inverse = invertSymmetric(matrix, order);
  if (inverse) return inverse;
  const lower = sureCholesky(matrix, order);
  const result = new Float64Array(order * order);
  for (let column = 0; column < order; column++) {
    const unit = new Float64Array(order);
    unit[column] = 1;
    const solution = choleskySolve(lower, unit);
    for (let row = 0; row < order; row++) result[row * order + column] = solution[row];
  }
  return result;
}

/** The intercept in the columns' own units is a sum of all standardised coefficients; so is its variance. */
function interceptError(
  covariance: Float64Array,
  used: readonly number[],
  means: Float64Array,
  inverse: Float64Array,
): number {
  const size = used.length;
  const weight = used.map((c) => (c === 0 ? 1 : -means[c - 1] * inverse[c - 1]));
  let variance = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) variance += weight[i] * weight[j] * covariance[i * size + j];
  return Math.sqrt(Math.max(0, variance));
}

/** Places whose variance is ten thousand times what the columns alone account for: no finite estimate exists. */
function runaways(
  rows: Rows,
  beta: Float64Array,
  used: readonly number[],
  covariance: Float64Array,
  share: number,
): number[] {
  const size = used.length;
  if (size === 1 || !used.some((c) => c > 0 && Math.abs(beta[c]) > 2)) return [];
  const flat = new Float64Array(beta.length);
  flat[0] = Math.log(share / (1 - share));
  const before = inverseOf(submatrix(pass(rows, flat, 1).information, beta.length, used), size);
  return used
    .slice(1)
    .map((_, i) => i)
    .filter((i) => {
      const place = (i + 1) * size + i + 1;
      return covariance[place] > 1e4 * before[place];
    });
}

/** Probability of each row. */
export function predictLogistic(fit: LogisticFit, columns: readonly Float64Array[], length: number): Float64Array {
  const risk = new Float64Array(length).fill(fit.intercept);
  fit.kept.forEach((c, place) => {
    const coefficient = fit.coefficients[place];
    const column = columns[c];
    for (let i = 0; i < length; i++) risk[i] += coefficient * column[i];
  });
  for (let i = 0; i < length; i++) {
    const e = Math.exp(-Math.abs(risk[i]));
    risk[i] = risk[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
  }
  return risk;
}
