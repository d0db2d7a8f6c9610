import type { CellValue } from '@patron/sdk';

/**
 * `=NPS(range)`: the share of promoters (9, 10) less that of detractors (0 to 6), times 100. Cells that hold no number from 0
 * to 10 are left out.
 * @throws Error where no cell holds a score.
 */
export function netPromoterScore(range: readonly (readonly CellValue[])[]): number {
  let n = 0;
  let balance = 0;
  for (const value of range.flat()) {
    if (typeof value !== 'number' || value < 0 || value > 10) continue;
    n++;
    if (value >= 9) balance++;
    else if (value <= 6) balance--;
  }
  if (n === 0) throw new Error('No cell of the range holds a score from 0 to 10.');
  return (100 * balance) / n;
}
