import type { Lifetime } from './lifetime.ts';
import { ORDER, Panels } from './panels.ts';
import { gaussLegendre } from './quadrature.ts';

/** The rule from one point of a panel to the next. */
export const gapRule = gaussLegendre(12);

/** What the curves of all levels share: the panels, and the lifetime at their points and at those of the rules between them. */
export class LifetimeGrid {
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
    this.worth = points / 4;
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
