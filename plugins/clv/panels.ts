/** Points of a panel, and so the number of coefficients of its polynomial. */
export const ORDER = 8;

/** The Chebyshev points of (−1, 1), ascending. */
const chebyshevPoints = Float64Array.from({ length: ORDER }, (_, i) => -Math.cos((Math.PI * (i + 0.5)) / ORDER));

/** Row i gives the coefficient of zⁱ from the values at the Chebyshev points. */
const toCoefficients = coefficientMatrix();

function coefficientMatrix(): Float64Array {
  // The polynomials T_k by their coefficients: T_k = 2 z T_(k−1) − T_(k−2).
  const powers = Array.from({ length: ORDER }, () => new Float64Array(ORDER));
  powers[0][0] = 1;
  powers[1][1] = 1;
  for (let k = 2; k < ORDER; k++) {
    for (let i = 0; i < ORDER; i++) powers[k][i] = (i > 0 ? 2 * powers[k - 1][i - 1] : 0) - powers[k - 2][i];
  }
  const matrix = new Float64Array(ORDER * ORDER);
  for (let j = 0; j < ORDER; j++) {
    for (let k = 0; k < ORDER; k++) {
      const share = ((k === 0 ? 1 : 2) / ORDER) * Math.cos(k * Math.acos(chebyshevPoints[j]));
      for (let i = 0; i < ORDER; i++) matrix[i * ORDER + j] += share * powers[k][i];
    }
  }
  return matrix;
}

/** The polynomial of degree `ORDER` − 1 with the coefficients from `at` on. */
export function polynomial(coefficients: Float64Array, at: number, z: number): number {
  return (
    ((((((coefficients[at + 7] * z + coefficients[at + 6]) * z + coefficients[at + 5]) * z + coefficients[at + 4]) * z +
      coefficients[at + 3]) *
      z +
      coefficients[at + 2]) *
      z +
      coefficients[at + 1]) *
      z +
    coefficients[at]
  );
}

/** The longest panel, in ln(pace + t): a function whose nearest singularity is t = −pace is met there to about 1e−13. */
const LENGTH = 0.25;

/**
 * Panels of u = ln(pace + t) that cover the times from `first` to `last`. On each, smooth functions of time are polynomials.
 * `resolution` gives the longest that a panel about t may be, in time; where there is none they are all as long.
 */
export class Panels {
  readonly pace: number;
  readonly count: number;
  /** Ends of the panels, in u: panel i lies between edge i and edge i + 1. */
  readonly edges: Float64Array;
  readonly #even: boolean;
  readonly #perLength: number;

  constructor(pace: number, first: number, last: number, resolution?: (t: number) => number) {
    this.pace = pace;
    const low = Math.log(pace + first);
    const high = Math.max(Math.log(pace + last), low + 1e-9);
    this.#even = resolution === undefined;
    const edges = [low];
    if (resolution) {
      for (let u = low; u < high && edges.length <= MOST_PANELS; edges.push(u)) {
        const t = Math.exp(u);
        u = Math.min(high, u + Math.min(LENGTH, resolution(t - pace) / t));
      }
      this.edges = Float64Array.from(edges);
    } else {
      const count = Math.max(1, Math.ceil((high - low) / LENGTH));
      this.edges = Float64Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
    }
    this.count = this.edges.length - 1;
    this.#perLength = this.count / (high - low);
  }

  /** Whether the panels would be too many to be worth it; then they do not reach the last time. */
  get tooMany(): boolean {
    return this.count >= MOST_PANELS;
  }

  /** Point k of a panel, in u. */
  point(panel: number, k: number): number {
    const low = this.edges[panel];
    return low + ((this.edges[panel + 1] - low) * (1 + chebyshevPoints[k])) / 2;
  }

  /** The panel that holds u. */
  panelOf(u: number): number {
    const { edges, count } = this;
    if (this.#even) {
      const at = Math.floor((u - edges[0]) * this.#perLength);
      return at < 0 ? 0 : at < count ? at : count - 1;
    }
    let low = 0;
    let high = count;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edges[middle] <= u) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Where in its panel u lies: −1 at the start, 1 at the end. */
  place(u: number, panel: number): number {
    const low = this.edges[panel];
    return (2 * (u - low)) / (this.edges[panel + 1] - low) - 1;
  }
}

const MOST_PANELS = 400;

/** Several functions of time on the same panels, by the coefficients of their polynomials: panel by panel, function by function. */
export class Curves {
  readonly panels: Panels;
  readonly functions: number;
  readonly coefficients: Float64Array;

  constructor(panels: Panels, functions: number, coefficients?: Float64Array) {
    this.panels = panels;
    this.functions = functions;
    this.coefficients = coefficients ?? new Float64Array(panels.count * functions * ORDER);
  }

  /** Sets the functions on a panel from their values at its points: `values` point by point, function by function. */
  set(panel: number, values: Float64Array, at = 0): void {
    const { functions, coefficients } = this;
    for (let f = 0; f < functions; f++) {
      const to = (panel * functions + f) * ORDER;
      for (let i = 0; i < ORDER; i++) {
        let sum = 0;
        for (let j = 0; j < ORDER; j++) sum += toCoefficients[i * ORDER + j] * values[at + j * functions + f];
        coefficients[to + i] = sum;
      }
    }
  }
}
