import type { CellValue } from '@patron/sdk';
import { segmentGrid } from './rules.ts';
import { type Scheme, schemeRules } from './schemes.ts';

const schemes: readonly Scheme[] = ['segments10', 'segments11', 'zh8'];

/**
 * `=RFM.SEGMENT(r, f, m, scheme)`: the segment of a customer with scores 1 to 5 (for `zh8`: 1 low, 2 high).
 * @throws Error naming the score or the scheme that does not fit.
 */
export function segmentOf(r: CellValue, f: CellValue, m?: CellValue, scheme?: CellValue): string {
  const name = schemes.find((one) => one === (scheme ?? 'segments10'));
  if (!name) throw new Error(`The scheme is one of ${schemes.join(', ')}, not '${scheme}'.`);
  const levels = name === 'zh8' ? 2 : 5;
  const grid = segmentGrid(schemeRules(name, 5), levels);
  const score = (value: CellValue | undefined, what: string): number => {
    const number = typeof value === 'number' ? value : Number.NaN;
    if (Number.isInteger(number) && number >= 1 && number <= levels) return number;
    throw new Error(`The ${what} score is a whole number from 1 to ${levels}, not '${value ?? ''}'.`);
  };
  const cell = (score(r, 'recency') - 1) * levels + score(f, 'frequency') - 1;
  return grid.segments[grid.cells[grid.byMonetary ? cell * levels + score(m, 'monetary') - 1 : cell]];
}
