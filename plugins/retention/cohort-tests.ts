import { chiSquareUpperTail, normalTwoSided } from '@patron/sdk';

/** One cohort at one offset. */
interface CohortShare {
  readonly size: number;
  readonly customers: number;
}

/** Whether cohorts differ at one offset, and whether later cohorts do better or worse. */
interface CohortTest {
  readonly cohorts: number;
  readonly chiSquare: number;
  readonly degrees: number;
  readonly p: number;
  /** Positive where later cohorts come back more. */
  readonly trendZ: number;
  readonly trendP: number;
  /** True where some expected count is below 5, so that the p-values are rough. */
  readonly smallSample: boolean;
}

/**
 * Pearson's chi-squared test that all cohorts come back with the same probability, and the Cochran–Armitage test for a trend
 * over the cohorts in their order (Agresti, Categorical Data Analysis, 3rd ed., sections 3.2 and 5.3.5). Undefined for fewer
 * than two cohorts, or where everybody or nobody came back.
 */
export function compareCohorts(cohorts: readonly CohortShare[]): CohortTest | undefined {
  const total = cohorts.reduce((sum, { size }) => sum + size, 0);
  const back = cohorts.reduce((sum, { customers }) => sum + customers, 0);
  if (cohorts.length < 2 || back === 0 || back === total) return undefined;
  const share = back / total;
  let chiSquare = 0;
  let least = Number.POSITIVE_INFINITY;
  let centre = 0;
  for (const [index, { size, customers }] of cohorts.entries()) {
    const expected = size * share;
    chiSquare += (customers - expected) ** 2 / expected + (customers - expected) ** 2 / (size - expected);
    least = Math.min(least, expected, size - expected);
    centre += (index * size) / total;
  }
  let slope = 0;
  let spread = 0;
  for (const [index, { size, customers }] of cohorts.entries()) {
    slope += (index - centre) * (customers - size * share);
    spread += size * (index - centre) ** 2;
  }
  const trendZ = slope / Math.sqrt(share * (1 - share) * spread);
  const degrees = cohorts.length - 1;
  return {
    cohorts: cohorts.length,
    chiSquare,
    degrees,
    p: chiSquareUpperTail(chiSquare, degrees),
    trendZ,
    trendP: normalTwoSided(trendZ),
    smallSample: least < 5,
  };
}

/** p-values corrected for making several comparisons (Holm 1979), in the given order. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, pValues[index] * (pValues.length - rank)));
    corrected[index] = floor;
  });
  return corrected;
}
