import { periodOfDay } from '@patron/sdk';

/** What the customers of one month brought. */
export interface CohortLedger {
  /** The month of their first purchase, as `periodOfDay` counts them. */
  readonly month: number;
  readonly customers: number;
  /** What it cost to acquire all of them. */
  readonly acquisitionCost: number;
  /** By months since the first purchase, as far as the data reach. */
  readonly revenue: Float64Array;
  /** Gross profit less the cost to serve. */
  readonly contribution: Float64Array;
}

/** Something that a customer brought or cost on a day. */
export interface Entry {
  readonly customer: number;
  readonly day: number;
  readonly revenue: number;
  readonly contribution: number;
}

/** By customer, the month of the first purchase and the cost of acquisition; and the last month of the data. */
interface CohortBase {
  readonly month: Int32Array;
  readonly acquisitionCost: Float64Array;
  readonly end: number;
}

/** The cohorts of each group of customers, by month. */
export function cohortLedgers<Group>(
  { month, acquisitionCost, end }: CohortBase,
  forEachEntry: (visit: (entry: Entry) => void) => void,
  groupOf: (customer: number) => Group,
): Map<Group, CohortLedger[]> {
  const groups = new Map<Group, Map<number, { -readonly [Name in keyof CohortLedger]: CohortLedger[Name] }>>();
  for (let i = 0; i < month.length; i++) {
    const group = groupOf(i);
    const cohorts = groups.get(group) ?? new Map();
    groups.set(group, cohorts);
    let cohort = cohorts.get(month[i]);
    if (!cohort) {
      const length = end - month[i] + 1;
      cohort = {
        month: month[i],
        customers: 0,
        acquisitionCost: 0,
        revenue: new Float64Array(length),
        contribution: new Float64Array(length),
      };
      cohorts.set(month[i], cohort);
    }
    cohort.customers++;
    cohort.acquisitionCost += acquisitionCost[i];
  }
  forEachEntry(({ customer, day, revenue, contribution }) => {
    const cohort = groups.get(groupOf(customer))?.get(month[customer]);
    if (!cohort) return;
    const age = periodOfDay(day, 'month') - cohort.month;
    cohort.revenue[age] += revenue;
    cohort.contribution[age] += contribution;
  });
  return new Map(
    [...groups].map(([group, cohorts]) => [group, [...cohorts.values()].sort((a, b) => a.month - b.month)]),
  );
}

/** What a customer brought on average up to an age, and cost. */
export interface AgeLedger {
  readonly customers: number;
  readonly cumulative: number;
}

/** Mean contribution of a customer up to each month since the first purchase, over cohorts seen that long. */
export function contributionByAge(cohorts: readonly CohortLedger[]): AgeLedger[] {
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

/** The cost of acquiring a customer, on average. */
export function meanAcquisitionCost(cohorts: readonly CohortLedger[]): number {
  let cost = 0;
  let customers = 0;
  for (const cohort of cohorts) {
    cost += cohort.acquisitionCost;
    customers += cohort.customers;
  }
  return cost / customers;
}

/** The first month by whose end the mean contribution has paid the cost of acquiring a customer; undefined where none has, or nothing is to be paid. */
export function paybackMonth(byAge: readonly AgeLedger[], acquisitionCost: number): number | undefined {
  const found = byAge.findIndex(({ cumulative }) => cumulative >= acquisitionCost);
  return found < 0 || !(acquisitionCost > 0) ? undefined : found;
}
