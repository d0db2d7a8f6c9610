/** The probabilities of 0 … `highest` events where the count is Poisson with a mean ~ Gamma(shape) of scale `odds`. */
export function negativeBinomial(shape: number, odds: number, highest: number): Float64Array {
  const result = new Float64Array(highest + 1);
  const share = odds / (1 + odds);
  let log = -shape * Math.log1p(odds);
  for (let x = 0; x <= highest; x++) {
    result[x] = Math.exp(log);
    log += Math.log(((shape + x) / (x + 1)) * share);
  }
  return result;
}
