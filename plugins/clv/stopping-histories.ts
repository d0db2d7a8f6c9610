import { digamma, logGamma, trigamma } from '@patron/sdk';
import { type Lifetime, smoothLength } from './lifetime.ts';
import { gapRule, LifetimeGrid } from './lifetime-grid.ts';
import { Curves, ORDER, polynomial } from './panels.ts';
import { gaussLegendre, panelLength } from './quadrature.ts';
import { triangleSize } from './triangle.ts';
import type { LevelPart, RowsPart } from './weighted-rows.ts';

const walkRule = gaussLegendre(16);

/** Beyond this the integrand falls too fast from one point of a panel to the next for the rule between them. */
const STEEPEST = 12;

/**
 * The likelihood of histories, relative to that of being active at the last purchase, and its derivatives. With
 * A(t) = (α + t)^−(r + x) P(lifetime > t) and W(y) = (α + y)^−(r + x) times the density of the lifetime, a history has the
 * likelihood A(T) + ∫ W over (recency, T), up to a constant of x.
 */
export class Histories {
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
  #grid: LifetimeGrid | undefined;

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
      const length = panelLength(u, smoothLength(lifetime, pace, u, Math.min(end - u, 1.5)), (at) => {
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
  look({ panels, coefficients }: Curves, recency: number, T: number): void {
    const { numbers } = this;
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
  #curvesOf(level: LevelPart, longest: number): Curves | undefined {
    this.#grid ??= new LifetimeGrid(this.parameters[1], this.lifetime, this.#own, this.pace, longest);
    const grid = this.#grid;
    if (level.rows <= grid.worth || grid.panels.tooMany) return undefined;
    const shape = this.parameters[0] + level.frequency;
    if (shape * grid.longestGap + grid.steepestGap > STEEPEST) return undefined;
    return this.#draw(shape, grid);
  }

  /**
   * Of one frequency, as functions of time t: ln A(t); 1 less the integral of W from t on, with its derivatives; and that
   * integral with its derivatives, all relative to A(t). Integrates from beyond the longest time back to 0, from point to point.
   */
  #draw(shape: number, grid: LifetimeGrid): Curves {
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
    return curves;
  }
}
