import { message, normalTwoSided, type Text } from '@patron/sdk';
import type { DesignMatrix } from './design-matrix.ts';

export type TermStatus = 'ok' | 'aliased' | 'infinite';

/** One line of the table of coefficients; a term that could not be estimated has no numbers. */
export interface CoefficientLine {
  readonly term: string;
  readonly covariate: string;
  readonly level: string | null;
  readonly status: TermStatus;
  readonly coef: number | null;
  readonly ratio: number | null;
  readonly se: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The line of one estimate and its standard error; `low` and `high` bound the ratio. */
export function coefficientLine(
  term: DesignMatrix['terms'][number],
  status: TermStatus,
  coef: number | null,
  se: number | null,
  critical: number,
): CoefficientLine {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const known = coef !== null && se !== null;
  return {
    term: term.name,
    covariate: term.covariate,
    level: term.level ?? null,
    status,
    coef,
    ratio: known ? finite(Math.exp(coef)) : null,
    se,
    z: known ? finite(coef / se) : null,
    p: known ? finite(normalTwoSided(coef / se)) : null,
    low: known ? finite(Math.exp(coef - critical * se)) : null,
    high: known ? finite(Math.exp(coef + critical * se)) : null,
  };
}

export const STATUS_LABELS: Readonly<Record<TermStatus, Text>> = {
  ok: message('status.ok'),
  aliased: message('status.aliased'),
  infinite: message('status.infinite'),
};
