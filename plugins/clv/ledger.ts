import {
  type Column,
  daysOf,
  denseCodes,
  exactAmounts,
  isTime,
  numbersOf,
  periodOfDay,
  type RoleInput,
  textAt,
} from '@patron/sdk';
import type { Purchases } from './purchases.ts';

/** What each customer brought and cost so far. One entry a customer, as in `Purchases`. */
export interface Ledger {
  readonly revenue: Float64Array;
  readonly grossProfit: Float64Array;
  readonly serviceCost: Float64Array;
  readonly orders: Float64Array;
  readonly firstDay: Float64Array;
  readonly lastDay: Float64Array;
  /** Channel of the first purchase; absent where no column was mapped. */
  readonly channel?: readonly (string | null)[];
  /** By month of the first purchase and months since then. */
  readonly cohorts: readonly CohortLedger[];
  /** Rows whose amount is below zero: they lower the revenue, and are no orders. */
  readonly refundRows: number;
}

export interface CohortLedger {
  /** A month, as `periodOfDay` counts them. */
  readonly month: number;
  readonly customers: number;
  /** By months since the first purchase, as far as the data reach. */
  readonly revenue: Float64Array;
  /** Gross profit less the cost to serve. */
  readonly contribution: Float64Array;
}

export interface LedgerOptions {
  readonly margin: number;
  readonly serviceCost: number;
  readonly timeZone: string;
}

/** Sums revenue, gross profit (the margin's share of revenue) and cost to serve (the mapped cost, and a sum an order). */
export function keepLedger(input: RoleInput, purchases: Purchases, options: LedgerOptions): Ledger {
  const { customer, time, amount, cost, channel } = input.fields;
  const days = isTime(time) ? daysOf(time, options.timeZone) : new Int32Array(input.rows);
  const { codes, count } = denseCodes(customer);
  const { units: amounts, scale } = exactAmounts(amount);
  const costs = cost && numbersOf(cost);
  const place = new Int32Array(count).fill(-1);
  const size = purchases.customers;
  for (let i = 0; i < size; i++) place[codes[purchases.rows[i]]] = i;

  const revenue = new Float64Array(size);
  const serviceCost = new Float64Array(size);
  const firstDay = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const lastDay = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const firstRow = new Int32Array(size).fill(-1);
  let refundRows = 0;
  for (let row = 0; row < input.rows; row++) {
    const i = place[codes[row]];
    if (amounts[row] < 0) refundRows++;
    if (i < 0) continue;
    revenue[i] += amounts[row];
    if (costs && costs[row] > 0) serviceCost[i] += costs[row];
    if (days[row] < firstDay[i]) {
      firstDay[i] = days[row];
      firstRow[i] = row;
    }
    lastDay[i] = Math.max(lastDay[i], days[row]);
  }
  for (let i = 0; i < size; i++) revenue[i] /= scale;
  const orders = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    orders[i] = purchases.start[i + 1] - purchases.start[i];
    serviceCost[i] += orders[i] * options.serviceCost;
  }
  const grossProfit = revenue.map((value) => value * options.margin);
  return {
    revenue,
    grossProfit,
    serviceCost,
    orders,
    firstDay,
    lastDay,
    channel: channel && Array.from(firstRow, (row) => channelOf(channel, row)),
    cohorts: cohortLedgers(),
    refundRows,
  };

  function cohortLedgers(): CohortLedger[] {
    const months = Int32Array.from(firstDay, (day) => periodOfDay(day, 'month'));
    const end = periodOfDay(purchases.lastDay, 'month');
    const byMonth = new Map<
      number,
      { month: number; customers: number; revenue: Float64Array; contribution: Float64Array }
    >();
    for (const month of months) {
      const cohort = byMonth.get(month);
      if (cohort) cohort.customers++;
      else {
        const length = end - month + 1;
        byMonth.set(month, {
          month,
          customers: 1,
          revenue: new Float64Array(length),
          contribution: new Float64Array(length),
        });
      }
    }
    const add = (i: number, day: number, brought: number, served: number): void => {
      const cohort = byMonth.get(months[i]);
      if (!cohort) return;
      const offset = periodOfDay(day, 'month') - cohort.month;
      cohort.revenue[offset] += brought;
      cohort.contribution[offset] += brought * options.margin - served;
    };
    for (let row = 0; row < input.rows; row++) {
      const i = place[codes[row]];
      if (i >= 0) add(i, days[row], amounts[row] / scale, costs && costs[row] > 0 ? costs[row] : 0);
    }
    if (options.serviceCost > 0) {
      for (let i = 0; i < size; i++) {
        for (let at = purchases.start[i]; at < purchases.start[i + 1]; at++) {
          add(i, purchases.time[at], 0, options.serviceCost);
        }
      }
    }
    return [...byMonth.values()].sort((a, b) => a.month - b.month);
  }
}

function channelOf(channel: Column, row: number): string | null {
  return row < 0 ? null : textAt(channel, row);
}

/** Mean contribution of a customer up to each month since the first purchase, over cohorts seen that long. */
export function contributionByAge(cohorts: readonly CohortLedger[]): { customers: number; cumulative: number }[] {
  const oldest = cohorts.reduce((most, cohort) => Math.max(most, cohort.contribution.length), 0);
  let cumulative = 0;
  return Array.from({ length: oldest }, (_, age) => {
    let customers = 0;
    let brought = 0;
    for (const cohort of cohorts) {
      if (cohort.contribution.length <= age) continue;
      customers += cohort.customers;
      brought += cohort.contribution[age];
    }
    cumulative += brought / customers;
    return { customers, cumulative };
  });
}

/** The first month by whose end the mean contribution has paid the cost of acquiring a customer; undefined where none has. */
export function paybackMonth(byAge: readonly { cumulative: number }[], acquisitionCost: number): number | undefined {
  const found = byAge.findIndex(({ cumulative }) => cumulative >= acquisitionCost);
  return found < 0 ? undefined : found;
}
