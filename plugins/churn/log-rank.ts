import { chiSquareUpperTail, cholesky, choleskySolve, type SpellCounts } from '@patron/sdk';

export interface LogRank {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
  /** Events seen and events expected were the groups alike, by group. */
  readonly observed: Float64Array;
  readonly expected: Float64Array;
}

/**
 * The log-rank test that all groups have one survival curve (Mantel 1966; Peto & Peto 1972), on groups − 1 degrees of
 * freedom. Undefined where fewer than two groups were at risk at any event, so that nothing can be compared.
 */
export function logRank(groups: readonly SpellCounts[]): LogRank | undefined {
  const k = groups.length;
  const risk = groups.map(({ ended, running }) => ended.reduce((sum, value, i) => sum + value + running[i], 0));
  const at = new Uint32Array(k);
  const observed = new Float64Array(k);
  const expected = new Float64Array(k);
  const covariance = new Float64Array(k * k);
  for (;;) {
    let time = Number.POSITIVE_INFINITY;
    for (let g = 0; g < k; g++) if (at[g] < groups[g].times.length) time = Math.min(time, groups[g].times[at[g]]);
    if (time === Number.POSITIVE_INFINITY) break;
    let events = 0;
    let total = 0;
    for (let g = 0; g < k; g++) {
      total += risk[g];
      if (groups[g].times[at[g]] === time) events += groups[g].ended[at[g]];
    }
    if (events > 0) {
      const spread = total > 1 ? (events * Math.max(0, total - events)) / (total - 1) : 0;
      for (let g = 0; g < k; g++) {
        const share = risk[g] / total;
        expected[g] += events * share;
        covariance[g * k + g] += spread * share;
        for (let h = 0; h < k; h++) covariance[g * k + h] -= (spread * share * risk[h]) / total;
      }
    }
    for (let g = 0; g < k; g++) {
      if (groups[g].times[at[g]] !== time) continue;
      observed[g] += groups[g].ended[at[g]];
      risk[g] = Math.max(0, risk[g] - groups[g].ended[at[g]] - groups[g].running[at[g]]);
      at[g]++;
    }
  }
  return chiSquareOf(observed, expected, covariance);
}

/** The differences of the groups that carry any variance, without the last of them, against their covariance. */
function chiSquareOf(observed: Float64Array, expected: Float64Array, covariance: Float64Array): LogRank | undefined {
  const k = observed.length;
  const carrying = Array.from({ length: k }, (_, g) => g).filter((g) => covariance[g * k + g] > 1e-12);
  const used = carrying.slice(0, -1);
  const degrees = used.length;
  if (degrees === 0) return undefined;
  const matrix = new Float64Array(degrees * degrees);
  for (let i = 0; i < degrees; i++)
    for (let j = 0; j < degrees; j++) matrix[i * degrees + j] = covariance[used[i] * k + used[j]];
  const lower = cholesky(matrix, degrees);
  if (!lower) return undefined;
  const difference = Float64Array.from(used, (g) => observed[g] - expected[g]);
  const solution = choleskySolve(lower, difference);
  const statistic = difference.reduce((sum, value, i) => sum + value * solution[i], 0);
  return { statistic, degrees, pValue: chiSquareUpperTail(statistic, degrees), observed, expected };
}

/** p-values corrected for making all the comparisons at once (Holm 1979), in the order given. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, place) => {
    floor = Math.max(floor, Math.min(1, pValues[index] * (pValues.length - place)));
    corrected[index] = floor;
  });
  return corrected;
}
