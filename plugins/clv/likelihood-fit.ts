import {
  hessianOf,
  invertSymmetric,
  type MinimiseOptions,
  type Minimum,
  minimise,
  type Objective,
  symmetricEigenvalues,
} from '@patron/sdk';
import { alone, type Crew } from './crew.ts';
import { fromTriangle } from './triangle.ts';

/** Minus the mean log-likelihood at a point, with its slopes and second derivatives, in the logarithms of the parameters. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

/** A likelihood to be maximised over positive parameters. Everything is in the logarithms of the parameters. */
export interface Likelihood {
  readonly names: readonly string[];
  /** How many observations the mean is over. */
  readonly observations: number;
  readonly starts: readonly (readonly number[])[];
  /** Where a parameter is neither small nor large, by its unit; 0 unless given. */
  readonly centre?: readonly number[];
  /** Minus the mean log-likelihood and its slopes: over all observations or, where `sampled`, over a sample of them. */
  readonly search: Objective;
  readonly sampled: boolean;
  /** The same with second derivatives: over all observations, after larger samples if there are any. */
  readonly evaluations: readonly ((point: Float64Array) => Promise<Evaluation>)[];
}

/**
 * How a fit ended. `converged`: a maximum with a curvature in every direction. `flat`: the data leave a direction (nearly)
 * open, so that there are no standard errors. `edge`: the likelihood rises towards a parameter of 0 or infinity.
 * `unfinished`: no maximum was reached.
 */
type Verdict = 'converged' | 'flat' | 'edge' | 'unfinished';

/** A fitted model. */
export interface Fit {
  readonly names: readonly string[];
  readonly estimates: Float64Array;
  readonly logLikelihood: number;
  readonly observations: number;
  readonly verdict: Verdict;
  /** The covariance of the logarithms of the estimates, row by row; absent unless the verdict is `converged`. */
  readonly logCovariance?: Float64Array;
  /** Of the estimates themselves, by the delta method. */
  readonly standardErrors?: Float64Array;
  /** The ratio of the largest to the smallest curvature of the likelihood in the logarithms of the parameters. */
  readonly condition: number;
  /** How many starts were tried, and how many of them led to the same maximum. */
  readonly starts: number;
  readonly agreeing: number;
}

/** Beyond e^±13 a parameter stands for 0 or infinity; it is kept within e^±15. */
const EDGE = 13;
const WALL = 15;
/** A smaller curvature than this (of the mean log-likelihood) times one over the observations is none. */
const FLAT = 1e-10;

/**
 * Maximum likelihood: a rough search from every start and BFGS from the best, both with the analytic gradient and on the sample
 * where there is one; then Newton steps over all observations, and standard errors from the curvature at their end (the
 * observed information).
 */
export async function fitLikelihood(
  likelihood: Likelihood,
  checkpoint: Crew['checkpoint'] = alone.checkpoint,
): Promise<Fit> {
  const { names, starts, centre = names.map(() => 0) } = likelihood;
  const search = remembered(walled(likelihood.search, centre));
  const roughly = { gradientTolerance: 2e-4, valueTolerance: 1e-8, maximumStep: 3 };
  let best: Minimum | undefined;
  const ends: number[] = [];
  for (const start of starts) {
    const minimum = await searchFrom(search, start, roughly, checkpoint);
    ends.push(Number.isFinite(minimum.value) ? minimum.value : Number.NaN);
    if (!best || !(minimum.value >= best.value)) best = minimum;
  }
  if (!best) throw new RangeError('A search needs at least one start.');
  const { inverseHessian } = best;
  const { point } = await searchFrom(search, best.point, { inverseHessian, gradientTolerance: 1e-7 }, checkpoint);
  const [first, ...further] = likelihood.evaluations;
  let end = await descend(first, point, likelihood.sampled, centre);
  if (likelihood.sampled && distance(end.point, centre) > EDGE) {
    // What a sample leaves open all observations may settle.
    for (const start of starts) {
      const other = await descend(first, Float64Array.from(start), true, centre);
      if (other.value < end.value) end = other;
    }
  }
  for (const evaluate of further) end = await descend(evaluate, end.point, true, centre);
  return describe(likelihood, end, ends, centre);
}

/** A search with a checkpoint every few steps. */
async function searchFrom(
  objective: Objective,
  start: ArrayLike<number>,
  options: MinimiseOptions,
  checkpoint: Crew['checkpoint'],
): Promise<Minimum> {
  let minimum = minimise(objective, start, { ...options, maximumIterations: 5 });
  for (let steps = 5; minimum.reason === 'iterations' && steps < 300; steps += 5) {
    await checkpoint();
    const { point, inverseHessian } = minimum;
    minimum = minimise(objective, point, { ...options, inverseHessian, maximumIterations: 5 });
  }
  return minimum;
}

/** Keeps the last outcome, so that a search can be taken up where it was left without another pass. */
function remembered(objective: Objective): Objective {
  let last: { point: Float64Array; value: number; gradient: Float64Array } | undefined;
  return (point, gradient) => {
    if (!last?.point.every((at, i) => at === point[i])) {
      const value = objective(point, gradient);
      last = { point: point.slice(), value, gradient: gradient.slice() };
    }
    gradient.set(last.gradient);
    return last.value;
  };
}

/**
 * Parameters stay within e^±WALL about their centre: beyond it the likelihood is that at the wall, and a slight slope leads back.
 * One that runs to 0 or infinity so comes to rest, and the others find their place.
 */
function walled(objective: Objective, centre: readonly number[]): Objective {
  return (point, gradient) => {
    const inside = atWall(point, centre);
    const value = objective(inside, gradient);
    let penalty = 0;
    point.forEach((at, k) => {
      const beyond = at - inside[k];
      if (beyond === 0) return;
      gradient[k] = 2e-3 * beyond;
      penalty += 1e-3 * beyond * beyond;
    });
    return value + penalty;
  };
}

function atWall(point: Float64Array, centre: readonly number[]): Float64Array {
  return point.map((value, k) => Math.max(centre[k] - WALL, Math.min(centre[k] + WALL, value)));
}

/** An evaluation in which parameters at the wall that would go through it are taken as settled. */
function settled(point: Float64Array, { value, gradient, curvature }: Evaluation, centre: readonly number[]): Reached {
  const order = point.length;
  const held = point.map((at, k) => {
    const off = at - centre[k];
    return Math.abs(off) > WALL - 1e-9 && gradient[k] * off <= 0 ? 1 : 0;
  });
  return {
    point,
    value,
    gradient: gradient.map((slope, k) => (held[k] ? 0 : slope)),
    curvature: curvature.map((bend, i) => {
      const row = Math.floor(i / order);
      const column = i % order;
      return held[row] || held[column] ? (row === column ? 1 : 0) : bend;
    }),
  };
}

type Reached = Evaluation & { readonly point: Float64Array };

/**
 * Newton steps, shortened where they do not lead down. From a sample's minimum it is some way to that of all, and many
 * observations are costly: there the last, tiny step is taken as the quadratic foretells it.
 */
async function descend(
  evaluate: Likelihood['evaluations'][number],
  start: Float64Array,
  sampled: boolean,
  centre: readonly number[],
): Promise<Reached> {
  const first = atWall(start, centre);
  let at = settled(first, await evaluate(first), centre);
  const longest = sampled ? 2 : 0.5;
  for (let i = 0; i < 100 && largest(at.gradient) > 1e-9; i++) {
    const step = newtonStep(at);
    const length = step ? largest(step) : Number.POSITIVE_INFINITY;
    // Where the search has ended, a long step only follows a parameter to 0 or infinity.
    if (!step || (length > longest && !sampled && largest(at.gradient) < 1e-6)) break;
    if (sampled && length < 5e-4 && largest(at.gradient) < 1e-5) {
      const gain = step.reduce((sum, value, k) => sum + value * at.gradient[k], 0) / 2;
      const point = at.point.map((value, k) => value - step[k]);
      return { ...at, point, value: at.value - gain, gradient: at.gradient.map(() => 0) };
    }
    let next: Reached | undefined;
    for (let share = Math.min(1, longest / length); share > 1e-3 && !next; share /= 4) {
      const point = atWall(
        at.point.map((value, k) => value - share * step[k]),
        centre,
      );
      const reached = await evaluate(point);
      if (reached.value <= at.value + 1e-13 * Math.abs(at.value)) next = settled(point, reached, centre);
    }
    if (!next) break;
    const stays = at.value - next.value <= 1e-14 * Math.abs(at.value);
    if (stays && largest(next.gradient) >= largest(at.gradient)) break;
    at = next;
    if (stays && largest(at.gradient) < 1e-7) break;
  }
  return at;
}

/** The step to the minimum of the quadratic; where that has none, one that leads down. */
function newtonStep({ gradient, curvature }: Evaluation): Float64Array | undefined {
  const order = gradient.length;
  if (!curvature.every(Number.isFinite)) return undefined;
  const scale = largest(curvature);
  for (let ridge = 0; ridge < 1; ridge = ridge === 0 ? 1e-9 : ridge * 10) {
    const lifted = curvature.map((value, i) => (i % (order + 1) === 0 ? value + ridge * scale : value));
    const inverse = invertSymmetric(lifted, order);
    if (!inverse) continue;
    return gradient.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < order; j++) sum += inverse[i * order + j] * gradient[j];
      return sum;
    });
  }
  return undefined;
}

/** Sums of parts, in their order. */
export function addUp(parts: readonly Float64Array[]): Float64Array {
  const sums = parts[0].slice();
  for (let i = 1; i < parts.length; i++) for (let k = 0; k < sums.length; k++) sums[k] += parts[i][k];
  return sums;
}

/**
 * From sums over observations (the log-likelihood, its slopes in the parameters and the upper triangle of its second
 * derivatives) by the chain rule.
 */
export function evaluationOf(sums: Float64Array, parameters: Float64Array, total: number, order: number): Evaluation {
  const gradient = parameters.map((value, i) => (-sums[1 + i] * value) / total);
  const natural = fromTriangle(sums, 1 + order, order);
  const curvature = natural.map((value, k) => {
    const i = Math.floor(k / order);
    const j = k % order;
    return (-value / total) * parameters[i] * parameters[j] + (i === j ? gradient[i] : 0);
  });
  return { value: -sums[0] / total, gradient, curvature };
}

/** From such sums, without the second derivatives. */
export function objectiveOf(sumsAt: (parameters: Float64Array) => Float64Array, total: number): Objective {
  return (point, gradient) => {
    const parameters = point.map(Math.exp);
    const sums = sumsAt(parameters);
    for (let i = 0; i < gradient.length; i++) gradient[i] = (-sums[1 + i] * parameters[i]) / total;
    return -sums[0] / total;
  };
}

/** With second derivatives by central differences of the gradient, for few observations. */
export function evaluateByDifferences(loss: Objective): Likelihood['evaluations'][number] {
  return async (point) => {
    const gradient = new Float64Array(point.length);
    const value = loss(point, gradient);
    return { value, gradient, curvature: hessianOf(loss, point) };
  };
}

function describe(
  { names, observations, starts }: Likelihood,
  end: Reached,
  ends: readonly number[],
  centre: readonly number[],
): Fit {
  const order = names.length;
  const hessian = end.curvature;
  const estimates = end.point.map(Math.exp);
  const eigenvalues = hessian.every(Number.isFinite) ? symmetricEigenvalues(hessian, order) : new Float64Array(order);
  const condition = eigenvalues[0] > 0 ? eigenvalues[order - 1] / eigenvalues[0] : Number.POSITIVE_INFINITY;
  const inverse = invertSymmetric(hessian, order);
  const covariance = inverse?.map((value) => value / observations);
  const spread = covariance
    ? Math.sqrt(Math.max(...names.map((_, i) => covariance[i * order + i])))
    : Number.POSITIVE_INFINITY;
  const furthest = distance(end.point, centre);
  let verdict: Verdict = 'converged';
  if (!Number.isFinite(end.value) || largest(end.gradient) > 1e-3) verdict = 'unfinished';
  else if (furthest > EDGE) verdict = 'edge';
  else if (eigenvalues[0] < FLAT || spread > 5) verdict = furthest > 6 ? 'edge' : 'flat';
  else if (largest(end.gradient) > 1e-5) verdict = 'unfinished';
  const sound = verdict === 'converged' && covariance !== undefined;
  const best = Math.min(...ends.filter((value) => !Number.isNaN(value)));
  return {
    names,
    estimates,
    logLikelihood: -end.value * observations,
    observations,
    verdict,
    logCovariance: sound ? covariance : undefined,
    standardErrors: sound ? estimates.map((value, i) => value * Math.sqrt(covariance[i * order + i])) : undefined,
    condition,
    starts: starts.length,
    agreeing: ends.filter((value) => value - best < 1e-4 * Math.max(1, Math.abs(best))).length,
  };
}

function distance(point: Float64Array, centre: readonly number[]): number {
  return largest(point.map((value, k) => value - centre[k]));
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
