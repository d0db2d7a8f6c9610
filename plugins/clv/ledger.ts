import { daysOf, denseCodes, exactAmounts, isTime, numbersOf, periodOfDay, type RoleInput, textAt } from '@patron/sdk';
import { type CohortLedger, cohortLedgers, type Entry } from './cohort-ledger.ts';
import type { Crew } from './crew.ts';
import type { Purchases } from './purchases.ts';

/** What each customer brought and cost so far. One entry a customer, as in `Purchases`. */
export interface Ledger {
  readonly revenue: Float64Array;
  readonly grossProfit: Float64Array;
  readonly serviceCost: Float64Array;
  readonly acquisitionCost: Float64Array;
  readonly orders: Float64Array;
  readonly firstDay: Float64Array;
  readonly lastDay: Float64Array;
  /** The month of the first purchase, as `periodOfDay` counts them. */
  readonly month: Int32Array;
  /** Channel of the first purchase; absent where no column was mapped. */
  readonly channel?: readonly (string | null)[];
  /** By month of the first purchase and months since then. */
  readonly cohorts: readonly CohortLedger[];
  /** The same of each channel. */
  readonly channelCohorts?: ReadonlyMap<string | null, readonly CohortLedger[]>;
  /** Rows whose amount is below zero: they lower the revenue, and are no orders. */
  readonly refundRows: number;
}

export interface LedgerOptions {
  readonly margin: number;
  readonly serviceCost: number;
  readonly acquisitionCost: number;
  /** By channel, in place of `acquisitionCost`. */
  readonly channelCosts: Readonly<Record<string, number>>;
  readonly timeZone: string;
}

/** Sums revenue, gross profit (the margin's share of revenue) and cost to serve (the mapped cost, and a sum an order). */
export async function keepLedger(
  input: RoleInput,
  purchases: Purchases,
  options: LedgerOptions,
  crew: Pick<Crew, 'checkpoint'>,
): Promise<Ledger> {
  const { customer, time, amount, cost, channel: channelColumn } = input.fields;
  const days = isTime(time) ? daysOf(time, options.timeZone) : new Int32Array(input.rows);
  const { codes, count } = denseCodes(customer);
  const { units: amounts, scale } = exactAmounts(amount);
  const costs = cost && numbersOf(cost);
  await crew.checkpoint();
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
  await crew.checkpoint();
  const orders = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    orders[i] = purchases.start[i + 1] - purchases.start[i];
    serviceCost[i] += orders[i] * options.serviceCost;
  }
  const channel =
    channelColumn && Array.from(firstRow, (row): string | null => (row < 0 ? null : textAt(channelColumn, row)));
  const acquisitionCost = new Float64Array(size).fill(options.acquisitionCost);
  channel?.forEach((name, i) => {
    if (name !== null && Object.hasOwn(options.channelCosts, name)) acquisitionCost[i] = options.channelCosts[name];
  });
  const month = Int32Array.from(firstDay, (day) => periodOfDay(day, 'month'));
  const base = { month, acquisitionCost, end: periodOfDay(purchases.lastDay, 'month') };
  await crew.checkpoint();
  const cohorts = cohortLedgers(base, forEachEntry, () => null).get(null) ?? [];
  await crew.checkpoint();
  return {
    revenue,
    grossProfit: revenue.map((value) => value * options.margin),
    serviceCost,
    acquisitionCost,
    orders,
    firstDay,
    lastDay,
    month,
    channel,
    cohorts,
    channelCohorts: channel && cohortLedgers(base, forEachEntry, (i) => channel[i]),
    refundRows,
  };

  function forEachEntry(visit: (entry: Entry) => void): void {
    for (let row = 0; row < input.rows; row++) {
      const i = place[codes[row]];
      if (i < 0) continue;
      const brought = amounts[row] / scale;
      const served = costs && costs[row] > 0 ? costs[row] : 0;
      visit({ customer: i, day: days[row], revenue: brought, contribution: brought * options.margin - served });
    }
    if (options.serviceCost === 0) return;
    for (let i = 0; i < size; i++) {
      for (let at = purchases.start[i]; at < purchases.start[i + 1]; at++) {
        visit({ customer: i, day: purchases.time[at], revenue: 0, contribution: -options.serviceCost });
      }
    }
  }
}
