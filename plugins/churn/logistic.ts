import { choleskySolve, type Threads } from '@patron/sdk';
import { aliasedColumns, moved, submatrix, sureCholesky, sureInverse } from './information.ts';
import { type LogisticPass, LogisticRows } from './logistic-pass.ts';

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

const MOST_ITERATIONS = 40;
/** Rows beyond which the fit starts from a sample. */
const SAMPLE_ABOVE = 100_000;
const SAMPLE_ROWS = 30_000;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with step halving, the Gram matrix gathered
 * in blocks. Many rows start from the fit of a sample, which changes the number of passes and not the outcome.
 */
export async function fitLogistic(
  threads: Threads,
  columns: readonly Float64Array[],
  outcome: Uint8Array,
  options: LogisticOptions = {},
): Promise<LogisticFit> {
  const penalty = options.penalty ?? 0;
  const checkpoint = options.checkpoint ?? (async () => undefined);
  const rows = await LogisticRows.of(threads, columns, outcome);
  const { means, scales, inverse } = rows;
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
  let first = await rows.pass(beta);
  const aliased =
    penalty > 0
      ? Array.from({ length: order }, (_, c) => c > 0 && scales[c - 1] === 0)
      : aliasedColumns(first.information, order);
  const used = everyColumn(order).filter((c) => !aliased[c]);
  if (used.length < order) {
    for (let c = 0; c < order; c++) if (aliased[c]) beta[c] = 0;
    first = await rows.pass(beta);
  }
  const fit = await newton(rows, beta, used, penalty, 1, 1e-9, checkpoint, first);
  const information = submatrix(fit.at.information, order, used);
  for (let i = 0; i < used.length; i++) if (used[i] > 0) information[i * used.length + i] += penalty;
  const covariance = sureInverse(information, used.length);
  const kept = used.slice(1).map((c) => c - 1);
  const infinite = await runaways(rows, fit.beta, used, covariance, share);
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
  readonly at: LogisticPass;
  readonly iterations: number;
  readonly converged: boolean;
}

async function newton(
  rows: LogisticRows,
  start: Float64Array,
  used: readonly number[],
  penalty: number,
  stride: number,
  tolerance: number,
  checkpoint: () => Promise<void>,
  first?: LogisticPass,
): Promise<NewtonOutcome> {
  const order = start.length;
  const size = used.length;
  let beta: Float64Array = start.slice();
  let at = first ?? (await rows.pass(beta, stride));
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
    let there = await rows.pass(next, stride);
    while (!(penalised(there.logLikelihood, next, penalty) >= value - 1e-11 * Math.abs(value)) && length > 1e-6) {
      length /= 2;
      next = moved(beta, used, step, length);
      there = await rows.pass(next, stride);
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
async function runaways(
  rows: LogisticRows,
  beta: Float64Array,
  used: readonly number[],
  covariance: Float64Array,
  share: number,
): Promise<number[]> {
  const size = used.length;
  if (size === 1 || !used.some((c) => c > 0 && Math.abs(beta[c]) > 2)) return [];
  const flat = new Float64Array(beta.length);
  flat[0] = Math.log(share / (1 - share));
  const { information } = await rows.pass(flat);
  const before = sureInverse(submatrix(information, beta.length, used), size);
  return used
    .slice(1)
    .map((_, i) => i)
    .filter((i) => {
      const place = (i + 1) * size + i + 1;
      return covariance[place] > 1e4 * before[place];
    });
}
