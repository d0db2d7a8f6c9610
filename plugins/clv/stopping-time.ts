import { digamma, logGamma, trigamma } from '@patron/sdk';
import { negativeBinomial } from './negative-binomial.ts';
import { Curves, ORDER, Panels, polynomial } from './panels.ts';
import type { PurchaseModel, PurchaseModelName, PurchasePrediction } from './purchase-model.ts';
import { gaussLegendre, panelLength } from './quadrature.ts';
import { triangleSize } from './triangle.ts';
import type { LevelPart, RowsPart, WeightedRows } from './weighted-rows.ts';

/**
 * How long customers stay, over all of them. `write` functions put a logarithm, its derivatives in the parameters and their
 * second derivatives (upper triangle) into `out` from `at` on.
 */
export interface Lifetime {
  /** A time on whose scale the lifetime is smooth near 0. */
  readonly scale: number;
  /** ln P(lifetime > t). */
  writeSurvival(t: number, out: Float64Array, at: number): void;
  /** The logarithm of the density at t. */
  writeDensity(t: number, out: Float64Array, at: number): void;
  /** How fast the density changes at t, relative to its size, in one unit of time. */
  steepness(t: number): number;
  /** How long about t the functions above are smooth, in time; absent where they are on any scale of t itself. */
  resolution?(t: number): number;
  /** ∫ P(lifetime > T + y | lifetime > T) dy over (0, time). */
  activeTime(T: number, time: number): number;
}

/**
 * A model in which purchases come as a Poisson process with rate λ ~ Gamma(r, α) until the customer stops, at a time of its
 * own distribution.
 *
 * The time at which the customer stopped is integrated out by quadrature rather than in closed form (Fader & Hardie 2005, "A
 * note on deriving the Pareto/NBD model", eq. 14 before the integral is solved): every term is positive, so it neither
 * overflows nor cancels, and its derivatives are integrals of the same kind.
 */
export function stoppingTimeModel(
  name: PurchaseModelName,
  parameters: readonly string[],
  lifetimeOf: (parameters: Float64Array) => Lifetime,
  starts: (rows: WeightedRows) => number[][],
): PurchaseModel {
  const historiesOf = (at: ArrayLike<number>, second: boolean): Histories => {
    const values = Float64Array.from(at);
    return new Histories(values, lifetimeOf(values), second);
  };
  return {
    name,
    parameters,
    logLikelihood: (at, frequency, recency, T) => historiesOf(at, false).logLikelihood(frequency, recency, T),
    sums: (part, at, second) => historiesOf(at, second).sums(part),
    alive: (part, at, alive, slopes) => historiesOf(at, false).alive(part, alive, slopes),
    starts,
    predict: (at) => predict(historiesOf(at, false)),
  };
}

const gapRule = gaussLegendre(12);
const walkRule = gaussLegendre(16);

/** Beyond this the integrand falls too fast from one point of a panel to the next for the rule between them. */
const STEEPEST = 12;

/**
 * The likelihood of histories, relative to that of being active at the last purchase, and its derivatives. With
 * A(t) = (α + t)^−(r + x) P(lifetime > t) and W(y) = (α + y)^−(r + x) times the density of the lifetime, a history has the
 * likelihood A(T) + ∫ W over (recency, T), up to a constant of x.
 */
class Histories {
  readonly parameters: Float64Array;
  readonly lifetime: Lifetime;
  readonly second: boolean;
  /** Numbers of a history: the value, its slopes and, where asked for, the products and second derivatives. */
  readonly numbers: number;
  /** Numbers of the lifetime in `Lifetime.write…`. */
  readonly #own: number;
  readonly #lifetimes: Float64Array;
  /** After `measure`: e^−D and the total, where D is ln A(recency) − ln A(T). */
  kept = 1;
  total = 1;
  logAtLast = 0;
  /** After `measure`: the slopes of ln(likelihood), and its second derivatives. */
  readonly slopes: Float64Array;
  readonly #last: Float64Array;
  readonly #end: Float64Array;
  #grid: Grid | undefined;

  constructor(parameters: Float64Array, lifetime: Lifetime, second: boolean) {
    const order = parameters.length;
    this.parameters = parameters;
    this.lifetime = lifetime;
    this.second = second;
    this.numbers = 1 + order + (second ? triangleSize(order) : 0);
    this.#own = 1 + order - 2 + triangleSize(order - 2);
    this.#lifetimes = new Float64Array(this.#own);
    this.slopes = new Float64Array(this.numbers - 1);
    this.#last = new Float64Array(this.numbers);
    this.#end = new Float64Array(this.numbers);
  }

  get pace(): number {
    return Math.min(this.parameters[1], this.lifetime.scale);
  }

  /** Adds `by` times (1, slopes, products of slopes + second derivatives) of ln A or ln W at a time. */
  #add(
    out: Float64Array,
    by: number,
    shape: number,
    logAlpha: number,
    inverse: number,
    own: Float64Array,
    at: number,
  ): void {
    const order = this.parameters.length;
    const first = -logAlpha;
    const next = -shape * inverse;
    out[0] += by;
    out[1] += by * first;
    out[2] += by * next;
    for (let k = 2; k < order; k++) out[1 + k] += by * own[at + k - 1];
    if (!this.second) return;
    let to = 1 + order;
    out[to++] += by * first * first;
    out[to++] += by * (first * next - inverse);
    for (let k = 2; k < order; k++) out[to++] += by * first * own[at + k - 1];
    out[to++] += by * (next * next + shape * inverse * inverse);
    for (let k = 2; k < order; k++) out[to++] += by * next * own[at + k - 1];
    let bend = at + order - 1;
    for (let i = 2; i < order; i++) {
      for (let j = i; j < order; j++) out[to++] += by * (own[at + i - 1] * own[at + j - 1] + own[bend++]);
    }
  }

  /** How far the functions of the lifetime are smooth from u on, up to `end` and no longer than `longest`. */
  #smooth(u: number, end: number, longest: number): number {
    const { lifetime, pace } = this;
    const whole = Math.exp(u);
    const length = Math.min(end - u, longest);
    return lifetime.resolution ? Math.min(length, (8 * lifetime.resolution(whole - pace)) / whole) : length;
  }

  /**
   * Adds to `out` the integral over (from, to) of W and its derivatives, relative to A(from) (or `relative`, in its logarithm).
   * Not a number where it would be too long.
   */
  #integrate(out: Float64Array, shape: number, from: number, to: number, relative: number): void {
    const { parameters, lifetime, pace } = this;
    const alpha = parameters[1];
    const own = this.#lifetimes;
    const end = Math.log(pace + to);
    let u = Math.log(pace + from);
    for (let panels = 0; u < end; panels++) {
      if (panels === 400) {
        out.fill(Number.NaN);
        return;
      }
      const length = panelLength(u, this.#smooth(u, end, 1.5), (at) => {
        const t = Math.exp(at) - pace;
        return (pace + t) * (shape / (alpha + t) + lifetime.steepness(t)) + 1;
      });
      const before = out[0];
      for (let i = 0; i < walkRule.points.length; i++) {
        const at = Math.exp(u + walkRule.points[i] * length);
        const y = at - pace;
        lifetime.writeDensity(y, own, 0);
        const logAlpha = Math.log(alpha + y);
        const density = walkRule.weights[i] * length * at * Math.exp(own[0] - shape * logAlpha - relative);
        this.#add(out, density, shape, logAlpha, 1 / (alpha + y), own, 0);
      }
      if (!(out[0] - before >= 1e-16 * out[0])) return;
      u += length;
    }
  }

  /** Sets what is told of one history, by quadrature from its last purchase to T. */
  measure(x: number, recency: number, T: number): void {
    const { parameters, lifetime } = this;
    const [r, alpha] = parameters;
    const own = this.#lifetimes;
    const shape = r + x;
    const last = this.#last;
    const end = this.#end;
    lifetime.writeSurvival(recency, own, 0);
    const logAtLast = own[0] - shape * Math.log(alpha + recency);
    last.fill(0);
    this.#integrate(last, shape, recency, T, logAtLast);
    lifetime.writeSurvival(T, own, 0);
    const logAlpha = Math.log(alpha + T);
    end.fill(0);
    this.#add(end, 1, shape, logAlpha, 1 / (alpha + T), own, 0);
    this.#settle(logAtLast, Math.exp(own[0] - shape * logAlpha - logAtLast));
  }

  /** The same from the curves of a level. */
  look(level: LevelCurves, recency: number, T: number): void {
    const { numbers } = this;
    const { panels, coefficients } = level.curves;
    const last = this.#last;
    const end = this.#end;
    const width = (1 + 2 * numbers) * ORDER;
    const uT = Math.log(panels.pace + T);
    const panelT = panels.panelOf(uT);
    const zT = panels.place(uT, panelT);
    const u = Math.log(panels.pace + recency);
    const panel = panels.panelOf(u);
    const z = panels.place(u, panel);
    const toEnd = panelT * width;
    const toLast = panel * width;
    const logAtEnd = polynomial(coefficients, toEnd, zT);
    const logAtLast = polynomial(coefficients, toLast, z);
    for (
      let k = 0, at = toEnd + ORDER, from = toLast + (1 + numbers) * ORDER;
      k < numbers;
      k++, at += ORDER, from += ORDER
    ) {
      end[k] = polynomial(coefficients, at, zT);
      last[k] = polynomial(coefficients, from, z);
    }
    this.#settle(logAtLast, Math.exp(logAtEnd - logAtLast));
  }

  /** `kept` times the numbers at T and those of the time before: the likelihood and its derivatives, relative to A(recency). */
  #settle(logAtLast: number, kept: number): void {
    const order = this.parameters.length;
    const { slopes } = this;
    const last = this.#last;
    const end = this.#end;
    const total = kept * end[0] + last[0];
    this.logAtLast = logAtLast;
    this.kept = kept;
    this.total = total;
    for (let k = 0; k < slopes.length; k++) slopes[k] = (kept * end[k + 1] + last[k + 1]) / total;
    if (!this.second) return;
    let at = order;
    for (let i = 0; i < order; i++) for (let j = i; j < order; j++) slopes[at++] -= slopes[i] * slopes[j];
  }

  logLikelihood(x: number, recency: number, T: number): number {
    const [r, alpha] = this.parameters;
    this.measure(x, recency, T);
    return logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + this.logAtLast + Math.log(this.total);
  }

  pAlive(x: number, recency: number, T: number): number {
    this.measure(x, recency, T);
    return Math.min(1, this.kept / this.total);
  }

  /** The probabilities of 0 … `highest` repeats of a new customer within `time`. */
  distribution(highest: number, time: number): Float64Array {
    const { parameters, lifetime, pace } = this;
    const [r, alpha] = parameters;
    const own = this.#lifetimes;
    lifetime.writeSurvival(time, own, 0);
    const active = Math.exp(own[0]);
    const result = negativeBinomial(r, time / alpha, highest).map((value) => value * active);
    const end = Math.log(pace + time);
    let stopped = 0;
    for (let u = Math.log(pace), panels = 0; u < end && panels < 2000; panels++) {
      const before = stopped;
      const length = panelLength(u, this.#smooth(u, end, 1), (at) => {
        const t = Math.exp(at) - pace;
        return (pace + t) * lifetime.steepness(t) + 1 + highest / 2;
      });
      for (let i = 0; i < walkRule.points.length; i++) {
        const at = Math.exp(u + walkRule.points[i] * length);
        lifetime.writeDensity(at - pace, own, 0);
        const density = walkRule.weights[i] * length * at * Math.exp(own[0]);
        stopped += density;
        const counts = negativeBinomial(r, (at - pace) / alpha, highest);
        for (let x = 0; x <= highest; x++) result[x] += density * counts[x];
      }
      // All who stop have stopped.
      if (!(stopped - before >= 1e-16 * stopped)) break;
      u += length;
    }
    return result;
  }

  /** Sums of the log-likelihood, its slopes and second derivatives over the rows of a part. */
  sums(part: RowsPart): Float64Array {
    const { recency, T, weight, levels } = part;
    const { slopes, numbers } = this;
    const sums = new Float64Array(numbers);
    for (const level of levels) {
      const curves = this.#curvesOf(level, part.longest);
      let weights = 0;
      for (let i = level.start; i < level.end; i++) {
        if (curves) this.look(curves, recency[i], T[i]);
        else this.measure(level.frequency, recency[i], T[i]);
        const w = weight[i];
        weights += w;
        sums[0] += w * (this.logAtLast + Math.log(this.total));
        for (let k = 0; k < slopes.length; k++) sums[k + 1] += w * slopes[k];
      }
      this.#addConstants(sums, level.frequency, weights);
    }
    return sums;
  }

  /** ln Γ(r + x) − ln Γ(r) + r ln α and its derivatives. */
  #addConstants(sums: Float64Array, x: number, weights: number): void {
    const [r, alpha] = this.parameters;
    const logAlpha = Math.log(alpha);
    sums[0] += weights * (logGamma(r + x) - logGamma(r) + r * logAlpha);
    sums[1] += weights * (digamma(r + x) - digamma(r) + logAlpha);
    sums[2] += (weights * r) / alpha;
    if (!this.second) return;
    const order = this.parameters.length;
    sums[1 + order] += weights * (trigamma(r + x) - trigamma(r));
    sums[2 + order] += weights / alpha;
    sums[1 + 2 * order] -= (weights * r) / (alpha * alpha);
  }

  /** P(alive) of the rows of a part and, row by row, the slopes of its logarithm in the logarithms of the parameters. */
  alive(part: RowsPart, alive: Float64Array, slopes?: Float64Array): void {
    const { parameters, lifetime } = this;
    const order = parameters.length;
    const own = this.#lifetimes;
    let at = 0;
    for (const level of part.levels) {
      const curves = this.#curvesOf(level, part.longest);
      for (let i = level.start; i < level.end; i++) {
        if (curves) this.look(curves, part.recency[i], part.T[i]);
        else this.measure(level.frequency, part.recency[i], part.T[i]);
        alive[i] = Math.min(1, this.kept / this.total);
        if (!slopes) continue;
        const whole = parameters[1] + part.T[i];
        lifetime.writeSurvival(part.T[i], own, 0);
        slopes[at++] = parameters[0] * (-Math.log(whole) - this.slopes[0]);
        slopes[at++] = parameters[1] * (-(parameters[0] + level.frequency) / whole - this.slopes[1]);
        for (let k = 2; k < order; k++) slopes[at++] = parameters[k] * (own[k - 1] - this.slopes[k]);
      }
    }
  }

  /** The curves of a level that has many rows; a few are quicker one by one. */
  #curvesOf(level: LevelPart, longest: number): LevelCurves | undefined {
    this.#grid ??= new Grid(this.parameters[1], this.lifetime, this.#own, this.pace, longest);
    const grid = this.#grid;
    if (level.rows <= grid.worth || grid.panels.tooMany) return undefined;
    const shape = this.parameters[0] + level.frequency;
    if (shape * grid.longestGap + grid.steepestGap > STEEPEST) return undefined;
    return this.#draw(shape, grid);
  }

  /** Integrates from beyond the longest time back to 0, from point to point of the panels. */
  #draw(shape: number, grid: Grid): LevelCurves {
    const { numbers } = this;
    const { panels, points } = grid;
    const own = this.#own;
    const width = 1 + 2 * numbers;
    const curves = new Curves(panels, width);
    const values = new Float64Array(ORDER * width);
    const reached = new Float64Array(numbers);
    let before = grid.end[0] - shape * grid.endLogAlpha;
    // The upper end only has to be so far away that the curves do not bend before it.
    const tail = grid.longest + panels.pace;
    this.#integrate(reached, shape, grid.longest, tail * Math.exp(30) - panels.pace, before);
    for (let point = points - 1; point >= 0; point--) {
      const now = grid.survival[point * own] - shape * grid.logAlpha[point];
      const scale = Math.exp(before - now);
      for (let k = 0; k < numbers; k++) reached[k] *= scale;
      for (let i = 0, at = point * gapRule.points.length; i < gapRule.points.length; i++, at++) {
        const density = grid.gapWeights[at] * Math.exp(grid.density[at * own] - shape * grid.gapLogAlpha[at] - now);
        this.#add(reached, density, shape, grid.gapLogAlpha[at], grid.gapInverse[at], grid.density, at * own);
      }
      before = now;
      const row = (point % ORDER) * width;
      values.fill(0, row + 1, row + 1 + numbers);
      values[row] = now;
      const end = values.subarray(row + 1, row + 1 + numbers);
      this.#add(end, 1, shape, grid.logAlpha[point], grid.inverse[point], grid.survival, point * own);
      for (let k = 0; k < numbers; k++) {
        end[k] -= reached[k];
        values[row + 1 + numbers + k] = reached[k];
      }
      if (point % ORDER === 0) curves.set(point / ORDER, values);
    }
    return { curves };
  }
}

function predict(histories: Histories): PurchasePrediction {
  const { parameters, lifetime, pace } = histories;
  const [r, alpha] = parameters;
  return {
    pace,
    alike: true,
    pAlive: (x, recency, T) => histories.pAlive(x, recency, T),
    // Fader & Hardie 2005, eq. 22, without P(alive).
    activeTime: (_, T, time) => lifetime.activeTime(T, time),
    expectedWhileAlive: (x, T, time) => ((r + x) / (alpha + T)) * lifetime.activeTime(T, time),
    // Schmittlein et al. 1987, eq. 17.
    expected: (time) => (r / alpha) * lifetime.activeTime(0, time),
    // Fader & Hardie 2005, eq. 16, over the time at which the customer stopped.
    distribution: (highest, time) => histories.distribution(highest, time),
  };
}

/**
 * Of one frequency, as functions of time t: ln A(t); 1 less the integral of W from t on, with its derivatives; and that
 * integral with its derivatives, all relative to A(t).
 */
interface LevelCurves {
  readonly curves: Curves;
}

/** What the curves of all levels share: the panels, and the lifetime at their points and at those of the rules between them. */
class Grid {
  readonly panels: Panels;
  readonly points: number;
  readonly longest: number;
  /** A level with no more rows than this is not worth curves. */
  readonly worth: number;
  /** The longest way between two points, in u, and the most that the lifetime changes on one. */
  readonly longestGap: number;
  readonly steepestGap: number;
  readonly logAlpha: Float64Array;
  readonly inverse: Float64Array;
  readonly survival: Float64Array;
  readonly gapWeights: Float64Array;
  readonly gapLogAlpha: Float64Array;
  readonly gapInverse: Float64Array;
  readonly density: Float64Array;
  readonly endLogAlpha: number;
  readonly end: Float64Array;

  constructor(alpha: number, lifetime: Lifetime, own: number, pace: number, longest: number) {
    const panels = new Panels(pace, 0, longest, lifetime.resolution && ((t) => lifetime.resolution?.(t) ?? 0));
    const points = panels.tooMany ? 0 : panels.count * ORDER;
    const order = gapRule.points.length;
    this.panels = panels;
    this.longest = longest;
    this.points = points;
    this.worth = points / 2;
    this.logAlpha = new Float64Array(points);
    this.inverse = new Float64Array(points);
    this.survival = new Float64Array(points * own);
    this.gapWeights = new Float64Array(points * order);
    this.gapLogAlpha = new Float64Array(points * order);
    this.gapInverse = new Float64Array(points * order);
    this.density = new Float64Array(points * order * own);
    this.end = new Float64Array(own);
    this.endLogAlpha = Math.log(alpha + longest);
    lifetime.writeSurvival(longest, this.end, 0);
    let longestGap = 0;
    let steepestGap = 0;
    let next = Math.log(pace + longest);
    for (let point = points - 1; point >= 0; point--) {
      const u = panels.point(Math.floor(point / ORDER), point % ORDER);
      const t = Math.exp(u) - pace;
      this.logAlpha[point] = Math.log(alpha + t);
      this.inverse[point] = 1 / (alpha + t);
      lifetime.writeSurvival(t, this.survival, point * own);
      longestGap = Math.max(longestGap, next - u);
      for (let i = 0; i < order; i++) {
        const at = point * order + i;
        const whole = Math.exp(u + gapRule.points[i] * (next - u));
        const y = whole - pace;
        this.gapWeights[at] = gapRule.weights[i] * (next - u) * whole;
        this.gapLogAlpha[at] = Math.log(alpha + y);
        this.gapInverse[at] = 1 / (alpha + y);
        lifetime.writeDensity(y, this.density, at * own);
      }
      steepestGap = Math.max(steepestGap, (next - u) * (pace + t) * lifetime.steepness(t));
      next = u;
    }
    this.longestGap = longestGap;
    this.steepestGap = steepestGap;
  }
}
