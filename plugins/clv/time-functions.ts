import { Curves, ORDER, type Panels, polynomial } from './panels.ts';
import type { LevelPart, RowsPart, WeightedRows } from './weighted-rows.ts';

/** Functions of a customer's frequency and T that are smooth in T. */
export interface TimeFunctions {
  readonly count: number;
  /** What recurs in sums like `pace + T`; time is smooth on this scale. */
  readonly pace: number;
  /** Whether they are the same for all frequencies. */
  readonly alike: boolean;
  write(frequency: number, T: number, out: Float64Array, at: number): void;
}

/** The shortest and the longest time that a customer of a base was watched. */
export function watchedSpan({ T }: Pick<WeightedRows, 'T'>): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const time of T) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { first, last };
}

/** The functions of one frequency as curves over T. */
export function drawCurves(functions: TimeFunctions, frequency: number, panels: Panels): Curves {
  const curves = new Curves(panels, functions.count);
  const values = new Float64Array(ORDER * functions.count);
  for (let panel = 0; panel < panels.count; panel++) {
    for (let k = 0; k < ORDER; k++) {
      const T = Math.exp(panels.point(panel, k)) - panels.pace;
      functions.write(frequency, Math.max(0, T), values, k * functions.count);
    }
    curves.set(panel, values);
  }
  return curves;
}

/** Whether so many rows are worth curves; a few are quicker one by one. */
export function worthCurves(rows: number, panels: Panels): boolean {
  return rows > 2 * ORDER * panels.count && !panels.tooMany;
}

/**
 * Visits the rows of a part with the functions' values there. Where there are curves for a frequency they are read off;
 * otherwise they are computed, once for each T.
 */
export function visitRows(
  functions: TimeFunctions,
  part: RowsPart,
  curvesOf: (level: LevelPart) => Curves | undefined,
  visit: (row: number, frequency: number, values: Float64Array) => void,
): void {
  const { count } = functions;
  const values = new Float64Array(count);
  let known = new Map<number, Float64Array>();
  for (const level of part.levels) {
    const curves = curvesOf(level);
    if (!functions.alike) known = new Map();
    for (let row = level.start; row < level.end; row++) {
      const T = part.T[row];
      if (curves) {
        const { panels, coefficients } = curves;
        const u = Math.log(panels.pace + T);
        const panel = panels.panelOf(u);
        const z = panels.place(u, panel);
        for (let k = 0, at = panel * count * ORDER; k < count; k++, at += ORDER)
          values[k] = polynomial(coefficients, at, z);
        visit(row, level.frequency, values);
        continue;
      }
      let exact = known.get(T);
      if (!exact) {
        exact = new Float64Array(count);
        functions.write(level.frequency, T, exact, 0);
        known.set(T, exact);
      }
      visit(row, level.frequency, exact);
    }
  }
}
