/**
 * A function to be minimised: gives its value at `point` and writes its gradient into `gradient`. A value that is not a
 * finite number says that the point lies outside of the domain; the search then steps back.
 */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Ends the search once no component of the gradient exceeds this. Default 1e-8. */
  readonly gradientTolerance?: number;
  /** Ends the search once a step lowers the value by less than this, relative to it. Default 1e-14. */
  readonly valueTolerance?: number;
  /** Default 500. */
  readonly maximumIterations?: number;
  /** The longest first step and the longest change of one component in a step. Default 5. */
  readonly maximumStep?: number;
  /** The inverse of the Hessian at the start where it is known, row by row; a better first direction. */
  readonly inverseHessian?: Float64Array;
}

/** Where a search ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  /** False where the search ended for want of iterations, or could not start. */
  readonly converged: boolean;
  readonly reason: 'gradient' | 'value' | 'line-search' | 'iterations' | 'domain';
  /** The quasi-Newton estimate of the inverse Hessian, row by row. */
  readonly inverseHessian: Float64Array;
}

/**
 * Minimises by BFGS with a line search that satisfies the strong Wolfe conditions (Nocedal & Wright, Numerical
 * Optimization, 2nd ed., algorithms 6.1, 3.5 and 3.6). The cost of a step is O(n²); made for up to some hundred unknowns.
 */
export function minimise(objective: Objective, start: ArrayLike<number>, options: MinimiseOptions = {}): Minimum {
  const { gradientTolerance = 1e-8, valueTolerance = 1e-14, maximumIterations = 500, maximumStep = 5 } = options;
  const size = start.length;
  let evaluations = 0;
  const evaluate: Objective = (at, slope) => {
    evaluations++;
    const value = objective(at, slope);
    return Number.isFinite(value) && slope.every(Number.isFinite) ? value : Number.POSITIVE_INFINITY;
  };
  let point = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = evaluate(point, gradient);
  const inverse = options.inverseHessian?.slice() ?? identity(size);
  let scaled = options.inverseHessian !== undefined;
  let restarted = false;
  let iterations = 0;
  const direction = new Float64Array(size);
  const end = (reason: Minimum['reason']): Minimum => ({
    point,
    value,
    gradient,
    iterations,
    evaluations,
    converged: reason !== 'iterations' && reason !== 'domain',
    reason,
    inverseHessian: inverse,
  });
  if (!Number.isFinite(value)) return end('domain');
  while (iterations < maximumIterations) {
    if (largest(gradient) <= gradientTolerance) return end('gradient');
    multiply(inverse, gradient, direction);
    for (let i = 0; i < size; i++) direction[i] = -direction[i];
    if (!(dot(direction, gradient) < 0)) {
      reset(inverse, size);
      for (let i = 0; i < size; i++) direction[i] = -gradient[i];
    }
    const span = largest(direction);
    if (span > maximumStep) for (let i = 0; i < size; i++) direction[i] *= maximumStep / span;
    const found = wolfeSearch(
      evaluate,
      point,
      value,
      gradient,
      direction,
      maximumStep / Math.max(largest(direction), 1e-300),
    );
    iterations++;
    if (!found) {
      // One retry along the steepest descent; then the search is as far as the arithmetic carries.
      if (restarted) return end('line-search');
      restarted = true;
      reset(inverse, size);
      scaled = false;
      continue;
    }
    const step = new Float64Array(size);
    const change = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      step[i] = found.point[i] - point[i];
      change[i] = found.gradient[i] - gradient[i];
    }
    const gain = value - found.value;
    ({ point, gradient, value } = found);
    const curvature = dot(step, change);
    if (curvature > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change))) {
      if (!scaled) {
        const scale = curvature / dot(change, change);
        for (let i = 0; i < size; i++) inverse[i * size + i] *= scale;
        scaled = true;
      }
      update(inverse, step, change, curvature);
    }
    if (gain <= valueTolerance * Math.max(1e-10, Math.abs(value))) {
      if (restarted || largest(gradient) <= gradientTolerance * 100) return end('value');
      restarted = true;
      reset(inverse, size);
      scaled = false;
    } else restarted = false;
  }
  return end('iterations');
}

/**
 * The best of the minima found from several starts. `ends` holds the value that each start led to (not a number where it
 * led nowhere), so that a caller can tell whether they agree.
 * @throws RangeError where there is no start.
 */
export function minimiseFromStarts(
  objective: Objective,
  starts: readonly ArrayLike<number>[],
  options: MinimiseOptions = {},
): Minimum & { readonly ends: readonly number[] } {
  let best: Minimum | undefined;
  const ends: number[] = [];
  for (const start of starts) {
    const minimum = minimise(objective, start, options);
    ends.push(Number.isFinite(minimum.value) ? minimum.value : Number.NaN);
    if (!best || !(minimum.value >= best.value)) best = minimum;
  }
  if (!best) throw new RangeError('A search needs at least one start.');
  return { ...best, ends };
}

interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
  readonly point: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
}

const DECREASE = 1e-4;
const CURVATURE = 0.9;

function wolfeSearch(
  evaluate: Objective,
  origin: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  longest: number,
): Trial | undefined {
  const slope = dot(gradient, direction);
  const tolerance = 4e-16 * Math.abs(value);
  const tryStep = (step: number): Trial => {
    const point = new Float64Array(origin.length);
    for (let i = 0; i < point.length; i++) point[i] = origin[i] + step * direction[i];
    const slopes = new Float64Array(origin.length);
    const at = evaluate(point, slopes);
    return { step, value: at, slope: dot(slopes, direction), point, gradient: slopes };
  };
  const enough = (trial: Trial): boolean => trial.value <= value + DECREASE * trial.step * slope + tolerance;
  let before: Trial = { step: 0, value, slope, point: new Float64Array(origin), gradient: new Float64Array(gradient) };
  let step = Math.min(1, longest);
  for (let i = 0; i < 30; i++) {
    const trial = tryStep(step);
    if (!enough(trial) || (i > 0 && trial.value >= before.value)) return zoom(before, trial);
    if (Math.abs(trial.slope) <= -CURVATURE * slope) return trial;
    if (trial.slope >= 0) return zoom(trial, before);
    if (step >= longest) return trial;
    before = trial;
    step = Math.min(longest, step * 2.5);
  }
  return before.step > 0 ? before : undefined;

  function zoom(low: Trial, high: Trial): Trial | undefined {
    for (let i = 0; i < 40; i++) {
      const trial = tryStep(between(low, high));
      if (!enough(trial) || trial.value >= low.value + tolerance) high = trial;
      else {
        if (Math.abs(trial.slope) <= -CURVATURE * slope) return trial;
        if (trial.slope * (high.step - low.step) >= 0) high = low;
        low = trial;
      }
      if (Math.abs(high.step - low.step) <= 1e-14 * Math.max(1, low.step)) break;
    }
    return low.step > 0 && low.value <= value ? low : undefined;
  }
}

/** The minimum of the cubic through both trials, kept off their ends; their middle where there is none. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  if (Number.isFinite(high.value) && Number.isFinite(high.slope)) {
    const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width;
    const square = d1 * d1 - low.slope * high.slope;
    if (square >= 0) {
      const d2 = Math.sign(width) * Math.sqrt(square);
      const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
      if (share > 0.05 && share < 0.95) return low.step + share * width;
    }
  }
  return low.step + width * (Number.isFinite(high.value) ? 0.5 : 0.2);
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  reset(matrix, size);
  return matrix;
}

function reset(matrix: Float64Array, size: number): void {
  matrix.fill(0);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
}

function update(inverse: Float64Array, step: Float64Array, change: Float64Array, curvature: number): void {
  const size = step.length;
  const product = new Float64Array(size);
  multiply(inverse, change, product);
  const factor = (1 + dot(change, product) / curvature) / curvature;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      inverse[i * size + j] += factor * step[i] * step[j] - (product[i] * step[j] + step[i] * product[j]) / curvature;
    }
  }
}

function multiply(matrix: Float64Array, vector: Float64Array, product: Float64Array): void {
  const size = vector.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j] * vector[j];
    product[i] = sum;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
