import type { Evaluate, Values, ValueType } from './formula-columns.ts';

/** A part of a formula, ready to be computed. */
export interface Compiled {
  readonly type: ValueType;
  readonly evaluate: Evaluate;
  /** A text that is written in the formula. */
  readonly literal?: string;
}

/** More places than this are measurements, and are kept as doubles. */
export const MOST_DECIMALS = 6;

export const numbers = (values: Values): Float64Array => values as Float64Array;
export const texts = (values: Values): (string | null)[] => values as (string | null)[];

/** The places of what an operator makes of decimals; undefined where it is no decimal of few places. */
export function decimalsOfResult(operator: string, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined || operator === '/') return undefined;
  const decimals = operator === '*' ? a + b : Math.max(a, b);
  return decimals <= MOST_DECIMALS ? decimals : undefined;
}
