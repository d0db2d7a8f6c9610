import type { Column, NumericArray } from '../column.ts';
import { isNumeric, isPresent, numbersOf } from '../read-column.ts';

/** Amounts as whole units: `units[i] / scale`. `exact` false: fractions that no decimal scale makes whole. */
export interface ExactAmounts {
  readonly units: NumericArray;
  readonly scale: number;
  readonly exact: boolean;
}

const SCALES = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Amounts in the whole units that add up without rounding, whatever the order. A decimal column gives its own units;
 * binary fractions that are decimals of at most six places (19.99) give theirs back. Others stay as they are. A row without
 * an amount adds nothing.
 */
export function exactAmounts(column: Column): ExactAmounts {
  if (isNumeric(column) && (column.type !== 'number' || column.scale > 1)) {
    const exact = !(column.values instanceof Float32Array);
    const units = column.validity ? zeroMissing(column, column.values.slice()) : column.values;
    return { units, scale: column.type === 'number' ? column.scale : 1, exact };
  }
  const numbers = column.validity ? zeroMissing(column, numbersOf(column)) : numbersOf(column);
  for (const scale of SCALES) {
    if (!isDecimal(numbers, scale)) continue;
    if (scale === 1) return { units: numbers, scale, exact: true };
    return { units: numbers.map((number) => Math.round(number * scale)), scale, exact: true };
  }
  return { units: numbers, scale: 1, exact: false };
}

function zeroMissing<Values extends NumericArray>(column: Column, units: Values): Values {
  for (let row = 0; row < units.length; row++) if (!isPresent(column, row)) units[row] = 0;
  return units;
}

function isDecimal(numbers: Float64Array, scale: number): boolean {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    const units = Math.round(numbers[i] * scale);
    if (units / scale !== numbers[i]) return false;
    total += Math.abs(units);
  }
  return total <= LARGEST_EXACT;
}
