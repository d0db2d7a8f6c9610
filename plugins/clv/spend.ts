import type { Crew } from './crew.ts';
import type { CustomerBase } from './customer-base.ts';
import { expectedSpend, fitSpend } from './gamma-gamma.ts';
import type { Fit } from './likelihood-fit.ts';

/** The spend model of a base, and what it needs to hold. */
export interface Spend {
  readonly fit: Fit;
  /** Customers with repeat purchases of a positive mean amount: those the fit is over. */
  readonly customers: number;
  /** Customers with repeat purchases of a mean amount of zero. */
  readonly unusable: number;
  readonly mean: number;
  /** Correlation of frequency and mean amount over those customers: the model takes it to be none. */
  readonly correlation: number;
}

/** Fits Gamma-Gamma to the customers who came back; undefined where fewer than 10 did, or all spent the same. */
export async function fitSpendOf(base: CustomerBase, crew: Crew): Promise<Spend | undefined> {
  const { frequency, monetary } = base;
  if (!monetary) return undefined;
  const usable = new Uint32Array(base.customers);
  let customers = 0;
  let unusable = 0;
  for (let i = 0; i < base.customers; i++) {
    if (frequency[i] === 0) continue;
    if (monetary[i] > 0 && Number.isFinite(monetary[i])) usable[customers++] = i;
    else unusable++;
  }
  const x = new Float64Array(customers);
  const z = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    x[i] = frequency[usable[i]];
    z[i] = monetary[usable[i]];
  }
  if (customers < 10 || z.every((value) => Math.abs(value - z[0]) < 1e-9 * z[0])) return undefined;
  return {
    fit: await fitSpend({ frequency: x, monetary: z, weight: new Float64Array(x.length).fill(1) }, crew),
    customers,
    unusable,
    mean: meanOf(z),
    correlation: correlationOf(x, z),
  };
}

/** The expected amount of each customer's purchases; not a number where the model gives none. */
export function spendOf(base: CustomerBase, fit: Fit): Float64Array {
  const { frequency, monetary } = base;
  const spend = new Float64Array(base.customers);
  for (let i = 0; i < spend.length; i++) {
    const amount = monetary ? monetary[i] : Number.NaN;
    // Repeat purchases of nothing say nothing about the rest: such a customer is taken as a new one.
    spend[i] = amount > 0 ? expectedSpend(fit.estimates, frequency[i], amount) : expectedSpend(fit.estimates, 0, 0);
  }
  return spend;
}

/** The standard error of ln(expected spend) of each customer, by the delta method; undefined where the fit has no covariance. */
export function spendLogErrors({ frequency, monetary, customers }: CustomerBase, fit: Fit): Float64Array | undefined {
  const covariance = fit.logCovariance;
  if (!covariance) return undefined;
  const [p, q, v] = fit.estimates;
  const [pp, pq, pv, , qq, qv, , , vv] = covariance;
  const errorOf = (x: number, amount: number): number => {
    const weight = p * x + q - 1;
    const dp = 1 - (p * x) / weight;
    const dq = -q / weight;
    const dv = v / (v + (x > 0 ? x * amount : 0));
    const variance = dp * dp * pp + dq * dq * qq + dv * dv * vv + 2 * (dp * dq * pq + dp * dv * pv + dq * dv * qv);
    return Math.sqrt(Math.max(0, variance));
  };
  const unknown = errorOf(0, 0);
  const errors = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    const amount = monetary ? monetary[i] : Number.NaN;
    errors[i] = amount > 0 ? errorOf(frequency[i], amount) : unknown;
  }
  return errors;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function correlationOf(x: Float64Array, y: Float64Array): number {
  const meanX = meanOf(x);
  const meanY = meanOf(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}
