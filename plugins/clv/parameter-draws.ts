import { cholesky, type Random } from '@patron/sdk';
import type { Fit } from './likelihood-fit.ts';

/** Parameters drawn from the normal approximation of the fit, in their logarithms; undefined where it has no covariance. */
export function drawParameters(fit: Fit, draws: number, random: Random): Float64Array[] | undefined {
  const order = fit.estimates.length;
  const factor = fit.logCovariance && cholesky(fit.logCovariance, order);
  if (!factor) return undefined;
  return Array.from({ length: draws }, () => {
    const normals = Float64Array.from({ length: order }, () => random.normal());
    return fit.estimates.map((estimate, i) => {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * order + k] * normals[k];
      return estimate * Math.exp(sum);
    });
  });
}
