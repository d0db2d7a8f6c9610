import type { CellValue } from '@patron/sdk';

/**
 * `=FUNNEL.RATE(a, b)`: the share of the customers of step a who went on to step b.
 * @throws Error naming the count that does not fit.
 */
export function conversionRate(a: CellValue, b: CellValue): number {
  const count = (value: CellValue, name: string): number => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new Error(`'${name}' is a number of customers, not '${value ?? ''}'.`);
  };
  const entered = count(a, 'a');
  if (entered === 0) throw new Error("No customer reached step 'a', so there is no rate.");
  return count(b, 'b') / entered;
}
