import { symmetricEigen } from '@patron/sdk';

/**
 * Shares of R² that each of several correlated predictors accounts for (Johnson 2000, "A heuristic method for estimating the
 * relative weight of predictor variables in multiple regression"): with R = PΔP' the predictors' correlations and
 * Λ = PΔ^½P', the weights are Λ² · (Λ⁻¹ r)², r the correlations with the outcome. They are never negative and add up to R².
 *
 * @param correlations row-major k × k correlations of the predictors
 * @param outcome k correlations of the predictors with the outcome
 */
export function relativeWeights(correlations: Float64Array, outcome: ArrayLike<number>): Float64Array {
  const k = outcome.length;
  const { values, vectors } = symmetricEigen(correlations, k);
  const root = new Float64Array(k * k);
  const inverse = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      for (let e = 0; e < k; e++) {
        // A direction without variance carries nothing.
        const size = values[e] > 1e-10 ? Math.sqrt(values[e]) : 0;
        const product = vectors[i * k + e] * vectors[j * k + e];
        root[i * k + j] += product * size;
        inverse[i * k + j] += size > 0 ? product / size : 0;
      }
    }
  }
  const weights = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    let beta = 0;
    for (let i = 0; i < k; i++) beta += inverse[j * k + i] * outcome[i];
    for (let i = 0; i < k; i++) weights[i] += root[i * k + j] ** 2 * beta ** 2;
  }
  return weights;
}
