/**
 * The Gauss hypergeometric function ₂F₁(a, b; c; z) of real arguments, z < 1, c not 0, −1, −2, …, by its series after the
 * transformation that makes the series shortest (Abramowitz & Stegun 15.3.3–15.3.5). The number of terms grows as
 * 1 / (1 − z), so z should keep off 1.
 * @throws RangeError where z ≥ 1 or the series does not end within ten million terms.
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  if (!(z < 1)) throw new RangeError(`'z' of a hypergeometric function must be below 1; it is ${z}.`);
  if (z < 0) return (1 - z) ** -b * hypergeometric2F1(c - a, b, c, z / (z - 1));
  const shift = c - a - b;
  const euler = shift < 0 && (c - a) * (c - b) >= 0;
  return euler ? (1 - z) ** shift * series(c - a, c - b, c, z) : series(a, b, c, z);
}

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 1e7; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    // Terms fall at least as fast as a geometric series once n is beyond the parameters.
    if (Math.abs(term) <= 1e-17 * Math.abs(sum) * (1 - z) && n > Math.abs(a) + Math.abs(b)) return sum;
    if (term === 0) return sum;
  }
  throw new RangeError(`A hypergeometric series (a ${a}, b ${b}, c ${c}, z ${z}) does not converge.`);
}
