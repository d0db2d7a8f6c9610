import type { Objective } from './optimise.ts';

/**
 * The second derivatives at `point`, row by row, by central differences of the gradient, made symmetric. The step of each
 * component is `step` times its size (at least 1); a cube root of the machine precision balances both errors.
 */
export function hessianOf(objective: Objective, point: ArrayLike<number>, step = 6e-6): Float64Array {
  const size = point.length;
  const hessian = new Float64Array(size * size);
  const moved = Float64Array.from(point);
  const above = new Float64Array(size);
  const below = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const width = step * Math.max(1, Math.abs(point[i]));
    moved[i] = point[i] + width;
    const high = moved[i];
    objective(moved, above);
    moved[i] = point[i] - width;
    const low = moved[i];
    objective(moved, below);
    moved[i] = point[i];
    for (let j = 0; j < size; j++) {
      const slope = (above[j] - below[j]) / (high - low);
      hessian[i * size + j] += slope / 2;
      hessian[j * size + i] += slope / 2;
    }
  }
  return hessian;
}
