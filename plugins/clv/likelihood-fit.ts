import {
  hessianOf,
  invertSymmetric,
  type Minimum,
  minimise,
  minimiseFromStarts,
  type Objective,
  solve,
  symmetricEigenvalues,
} from '@patron/sdk';

/** A likelihood to be maximised over positive parameters. Everything is in the logarithms of the parameters. */
export interface Likelihood {
  readonly names: readonly string[];
  /** Minus the mean log-likelihood and its gradient. */
  readonly loss: Objective;
  /** How many observations the mean is over. */
  readonly observations: number;
  readonly starts: readonly (readonly number[])[];
  readonly curvature?: (point: ArrayLike<number>) => Float64Array;
  /** The loss over a sample of the observations, where there are many: the search begins there. */
  readonly sample?: Objective;
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

/** Beyond e^±13 a parameter stands for 0 or infinity. */
const EDGE = 13;
/** A smaller curvature than this (of the mean log-likelihood) times one over the observations is none. */
const FLAT = 1e-10;

/** Lets cancel and progress through between steps that each pass over all observations. */
export type Pause = () => Promise<void>;

/**
 * Maximum likelihood: a rough search from every start, BFGS with the analytic gradient from the best, Newton steps at the
 * end, and standard errors from the curvature there (the observed information). Where a sample is given, all of the
 * search is on it, and only the last steps, with its curvature, are on all observations.
 */
export async function fitLikelihood(likelihood: Likelihood, pause: Pause = async () => {}): Promise<Fit> {
  const { names, observations, starts, sample } = likelihood;
  const loss = bounded(likelihood.loss);
  const curvature = (point: Float64Array): Promise<Float64Array> => curvatureAt(likelihood, point, pause);
  const rough = minimiseFromStarts(sample ? bounded(sample) : loss, starts, {
    gradientTolerance: 2e-5,
    valueTolerance: 1e-10,
    maximumIterations: 200,
    maximumStep: 3,
  });
  await pause();
  const fine = sample
    ? await approach(loss, bounded(sample), rough, pause)
    : minimise(loss, rough.point, { inverseHessian: rough.inverseHessian, gradientTolerance: 1e-7 });
  let { point, value, gradient } = fine;
  let hessian = await curvature(point);
  for (let i = 0; i < 3 && largest(gradient) > 1e-9; i++) {
    const step = solve(hessian, gradient);
    if (!step || largest(step) > 0.5) break;
    const next = point.map((at, k) => at - step[k]);
    const slope = new Float64Array(point.length);
    await pause();
    const reached = loss(next, slope);
    if (!(reached <= value + 1e-13 * Math.abs(value)) || largest(slope) > largest(gradient)) break;
    const moved = largest(step);
    point = next;
    value = reached;
    gradient = slope;
    if (moved > 1e-4) hessian = await curvature(point);
  }
  return describe(names, observations, { ...fine, point, value, gradient }, hessian, rough.ends, starts.length);
}

function bounded(objective: Objective): Objective {
  return (point, gradient) =>
    point.every((value) => Math.abs(value) < EDGE + 4) ? objective(point, gradient) : Number.POSITIVE_INFINITY;
}

/** From the minimum on a sample to that on all observations, beginning with the curvature of the sample. */
async function approach(loss: Objective, sample: Objective, rough: Minimum, pause: Pause): Promise<Minimum> {
  const start = minimise(sample, rough.point, { inverseHessian: rough.inverseHessian, gradientTolerance: 1e-7 });
  const remembered = remember(loss);
  let inverseHessian = invertSymmetric(hessianOf(sample, start.point), start.point.length) ?? start.inverseHessian;
  let { point } = start;
  let value = Number.POSITIVE_INFINITY;
  for (let steps = 0; ; steps++) {
    await pause();
    const end = minimise(remembered, point, { inverseHessian, gradientTolerance: 1e-7, maximumIterations: 1 });
    const gained = value - end.value > 1e-14 * Math.abs(end.value);
    if (end.reason !== 'iterations' || !gained || steps === 100) return end;
    ({ point, value, inverseHessian } = end);
  }
}

/** Keeps the last outcome, so that a search can be taken up where it was left without another pass. */
function remember(objective: Objective): Objective {
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

/** The second derivatives in closed form, or by central differences of the gradient, one direction after the other. */
async function curvatureAt({ curvature, loss }: Likelihood, point: Float64Array, pause: Pause): Promise<Float64Array> {
  if (curvature) return curvature(point);
  const order = point.length;
  const hessian = new Float64Array(order * order);
  const above = new Float64Array(order);
  const below = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    await pause();
    const width = 6e-6 * Math.max(1, Math.abs(point[i]));
    const moved = (by: number): Float64Array => point.map((at, k) => (k === i ? at + by : at));
    loss(moved(width), above);
    await pause();
    loss(moved(-width), below);
    for (let j = 0; j < order; j++) {
      const slope = (above[j] - below[j]) / (4 * width);
      hessian[i * order + j] += slope;
      hessian[j * order + i] += slope;
    }
  }
  return hessian;
}

function describe(
  names: readonly string[],
  observations: number,
  end: Minimum,
  hessian: Float64Array,
  ends: readonly number[],
  starts: number,
): Fit {
  const order = names.length;
  const estimates = end.point.map(Math.exp);
  const eigenvalues = hessian.every(Number.isFinite) ? symmetricEigenvalues(hessian, order) : new Float64Array(order);
  const condition = eigenvalues[0] > 0 ? eigenvalues[order - 1] / eigenvalues[0] : Number.POSITIVE_INFINITY;
  const inverse = invertSymmetric(hessian, order);
  const covariance = inverse?.map((value) => value / observations);
  const spread = covariance
    ? Math.sqrt(Math.max(...names.map((_, i) => covariance[i * order + i])))
    : Number.POSITIVE_INFINITY;
  let verdict: Verdict = 'converged';
  if (!Number.isFinite(end.value) || largest(end.gradient) > 1e-3) verdict = 'unfinished';
  else if (largest(end.point) > EDGE) verdict = 'edge';
  else if (eigenvalues[0] < FLAT || spread > 5) verdict = largest(end.point) > 6 ? 'edge' : 'flat';
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
    starts,
    agreeing: ends.filter((value) => value - best < 1e-4 * Math.max(1, Math.abs(best))).length,
  };
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
