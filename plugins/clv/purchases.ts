import {
  AnalysisError,
  type Column,
  daysOf,
  denseCodes,
  exactAmounts,
  isTime,
  message,
  periodOfDay,
  type RoleInput,
} from '@patron/sdk';
import { alone, type Crew } from './crew.ts';

export type TimeUnit = 'day' | 'week' | 'month';
export type Grain = 'day' | 'unit';

/** Days in a unit of time; a month is a twelfth of 365.25 days. */
export const UNIT_DAYS: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7, month: 30.4375 };

/**
 * The purchases of each customer, in order of time, one for each day (or each unit) on which the customer bought. Customer
 * i has the purchases `start[i]` … `start[i + 1] − 1`.
 */
export interface Purchases {
  readonly customers: number;
  /** A row of the role for each customer. */
  readonly rows: Uint32Array;
  readonly start: Uint32Array;
  /** Day numbers; with the grain `unit`, numbers of calendar days, weeks or months. */
  readonly time: Int32Array;
  readonly amount: Float64Array;
  /** How many steps of `time` a unit has. */
  readonly stepsPerUnit: number;
  /** The time of a day number in those steps. */
  readonly stepOf: (day: number) => number;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Purchases (customer-days) left out because their amounts sum to less than zero. */
  readonly refunds: number;
}

/** So many customers are read between two checkpoints. */
const CUSTOMERS_AT_ONCE = 50_000;

/**
 * Reads the role `transactions`. Rows of one customer on one day (or in one unit) are one purchase of their summed amount;
 * a purchase of less than zero is a refund and no purchase.
 */
export async function readPurchases(
  input: RoleInput,
  unit: TimeUnit,
  grain: Grain,
  timeZone: string,
  crew: Pick<Crew, 'checkpoint'> = alone,
): Promise<Purchases> {
  const { customer, time, amount } = input.fields;
  if (!isTime(time)) {
    throw new AnalysisError(`'time' holds ${time.type} values; map a column of days or times.`, {
      text: message('error.time'),
      path: 'inputs.transactions.time',
    });
  }
  if (input.rows === 0) {
    throw new AnalysisError("'transactions' has no rows to use; check the mapping and the filters.", {
      text: message('error.noRows'),
      path: 'inputs.transactions',
    });
  }
  const days = daysOf(time, timeZone);
  let firstDay = days[0];
  let lastDay = days[0];
  for (const day of days) {
    if (day < firstDay) firstDay = day;
    if (day > lastDay) lastDay = day;
  }
  await crew.checkpoint();
  const stepOf = grain === 'day' ? (day: number): number => day : (day: number): number => periodOfDay(day, unit);
  const steps = grain === 'day' ? days : days.map(stepOf);
  return {
    ...(await collapse(customer, steps, amount, crew)),
    stepsPerUnit: grain === 'day' ? UNIT_DAYS[unit] : 1,
    stepOf,
    firstDay,
    lastDay,
  };
}

async function collapse(
  customer: Column,
  steps: Int32Array,
  amountColumn: Column,
  crew: Pick<Crew, 'checkpoint'>,
): Promise<Pick<Purchases, 'customers' | 'rows' | 'start' | 'time' | 'amount' | 'refunds'>> {
  const { codes, count } = denseCodes(customer);
  await crew.checkpoint();
  const { units, scale } = exactAmounts(amountColumn);
  await crew.checkpoint();
  const length = codes.length;
  const next = new Uint32Array(count + 1);
  for (let row = 0; row < length; row++) next[codes[row] + 1]++;
  for (let code = 0; code < count; code++) next[code + 1] += next[code];
  const bounds = next.slice();
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[next[codes[row]]++] = row;
  await crew.checkpoint();

  const rows = new Uint32Array(count);
  const start = new Uint32Array(count + 1);
  const time = new Int32Array(length);
  const amount = new Float64Array(length);
  let customers = 0;
  let at = 0;
  let refunds = 0;
  for (let code = 0; code < count; code++) {
    if (code % CUSTOMERS_AT_ONCE === CUSTOMERS_AT_ONCE - 1) await crew.checkpoint();
    const from = bounds[code];
    const to = bounds[code + 1];
    if (from === to) continue;
    for (let i = from + 1; i < to; i++) {
      if (steps[order[i]] < steps[order[i - 1]]) {
        order.subarray(from, to).sort((a, b) => steps[a] - steps[b]);
        break;
      }
    }
    const before = at;
    for (let i = from; i < to; ) {
      const step = steps[order[i]];
      let sum = 0;
      for (; i < to && steps[order[i]] === step; i++) sum += units[order[i]];
      if (sum < 0) refunds++;
      else {
        time[at] = step;
        amount[at++] = sum / scale;
      }
    }
    if (at > before) {
      rows[customers++] = order[from];
      start[customers] = at;
    }
  }
  return {
    customers,
    rows: rows.slice(0, customers),
    start: start.slice(0, customers + 1),
    time: time.slice(0, at),
    amount: amount.slice(0, at),
    refunds,
  };
}
