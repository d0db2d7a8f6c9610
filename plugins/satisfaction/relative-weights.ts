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
  const { values, vectors } = eigen(correlations, k);
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

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi rotations. */
function eigen(matrix: Float64Array, k: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(k * k);
  for (let i = 0; i < k; i++) vectors[i * k + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < k; p++) for (let q = p + 1; q < k; q++) off += a[p * k + q] ** 2;
    if (off < 1e-22) break;
    for (let p = 0; p < k; p++) for (let q = p + 1; q < k; q++) rotate(a, vectors, k, p, q);
  }
  return { values: Float64Array.from({ length: k }, (_, i) => a[i * k + i]), vectors };
}

function rotate(a: Float64Array, vectors: Float64Array, k: number, p: number, q: number): void {
  const apq = a[p * k + q];
  if (apq === 0) return;
  const theta = (a[q * k + q] - a[p * k + p]) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < k; i++) {
    const ip = a[i * k + p];
    const iq = a[i * k + q];
    a[i * k + p] = c * ip - s * iq;
    a[i * k + q] = s * ip + c * iq;
  }
  for (let i = 0; i < k; i++) {
    const pi = a[p * k + i];
    const qi = a[q * k + i];
    a[p * k + i] = c * pi - s * qi;
    a[q * k + i] = s * pi + c * qi;
    const vp = vectors[i * k + p];
    const vq = vectors[i * k + q];
    vectors[i * k + p] = c * vp - s * vq;
    vectors[i * k + q] = s * vp + c * vq;
  }
}
