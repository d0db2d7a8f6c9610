import type { NumericArray } from '../column.ts';
import { quantiles } from './quantile.ts';

/** Above so many distinct values, natural breaks are found on that many evenly spaced quantiles. */
const LARGEST = 2048;

/**
 * Inner edges of Jenks natural breaks: the `classes` classes whose values lie closest to their class's mean (Jenks 1967;
 * exact by the dynamic programme of Fisher 1958, "On grouping for maximum homogeneity", made O(k n log n) by monotone
 * split points). Each edge is the largest value of its class, as right-closed classes want it. Where there are fewer
 * distinct values than classes the last edges repeat the largest value. With more than 2,048 distinct values the breaks
 * are those of 2,048 evenly spaced quantiles.
 */
export function jenksEdges(values: NumericArray, classes: number): Float64Array {
  const { points, weights } = weightedPoints(values);
  const n = points.length;
  const edges = new Float64Array(classes - 1).fill(n > 0 ? points[n - 1] : Number.NaN);
  const wanted = Math.min(classes, n);
  if (wanted < 2) return edges;
  const costOf = costFunction(points, weights);
  let previous: Float64Array = Float64Array.from({ length: n }, (_, i) => costOf(0, i));
  const splits: Int32Array[] = [];
  for (let k = 1; k < wanted; k++) {
    const { best, split } = nextRow(previous, costOf, k, n);
    splits.push(split);
    previous = best;
  }
  let end = n - 1;
  for (let k = wanted - 1; k >= 1; k--) {
    end = splits[k - 1][end] - 1;
    edges[k - 1] = points[end];
  }
  return edges;
}

function weightedPoints(values: NumericArray): { points: Float64Array; weights: Float64Array } {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length && counts.size <= LARGEST; i++)
    counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  if (counts.size > LARGEST) {
    const grid = Array.from({ length: LARGEST }, (_, i) => i / (LARGEST - 1));
    counts.clear();
    for (const value of quantiles(values, grid)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const points = Float64Array.from(counts.keys()).sort();
  return { points, weights: Float64Array.from(points, (point) => counts.get(point) as number) };
}

/** Sum of squared distances from the mean within points i … j, from prefix sums around a central value. */
function costFunction(points: Float64Array, weights: Float64Array): (i: number, j: number) => number {
  const centre = points[points.length >> 1];
  const weight = new Float64Array(points.length + 1);
  const sum = new Float64Array(points.length + 1);
  const square = new Float64Array(points.length + 1);
  for (let i = 0; i < points.length; i++) {
    const shifted = points[i] - centre;
    weight[i + 1] = weight[i] + weights[i];
    sum[i + 1] = sum[i] + weights[i] * shifted;
    square[i + 1] = square[i] + weights[i] * shifted * shifted;
  }
  return (i, j) => {
    const total = sum[j + 1] - sum[i];
    return Math.max(0, square[j + 1] - square[i] - (total * total) / (weight[j + 1] - weight[i]));
  };
}

/** Best cost of cutting points 0 … j into k + 1 classes, and where the last class starts, by divide and conquer. */
function nextRow(
  previous: Float64Array,
  costOf: (i: number, j: number) => number,
  k: number,
  n: number,
): { best: Float64Array; split: Int32Array } {
  const best = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const split = new Int32Array(n);
  const solve = (low: number, high: number, from: number, to: number): void => {
    if (low > high) return;
    const middle = (low + high) >> 1;
    let at = Math.max(from, k);
    for (let start = at; start <= Math.min(to, middle); start++) {
      const cost = previous[start - 1] + costOf(start, middle);
      if (cost < best[middle]) {
        best[middle] = cost;
        at = start;
      }
    }
    split[middle] = at;
    solve(low, middle - 1, from, at);
    solve(middle + 1, high, at, to);
  };
  solve(k, n - 1, k, n - 1);
  return { best, split };
}
