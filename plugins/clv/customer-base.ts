import { type AnalysisContext, AnalysisError, type Column, message, numbersOf, type Text, takeRows } from '@patron/sdk';
import { type Grain, type Purchases, readPurchases, type TimeUnit, UNIT_DAYS } from './purchases.ts';

/** What is known of each customer at the end of the calibration: one entry a customer in every array. Times are in units. */
export interface CustomerBase {
  readonly customers: number;
  readonly customer: Column;
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
  /** Mean amount of the repeat purchases; not a number where there is none. Absent where no amounts were given. */
  readonly monetary?: Float64Array;
  /** Where the base was read from a log of transactions. */
  readonly log?: TransactionLog;
  readonly leftOut: readonly { readonly role: string; readonly reason: Text; readonly count: number }[];
}

/** What only a log of transactions tells. */
export interface TransactionLog {
  readonly purchases: Purchases;
  /** Index among the purchases' customers of each customer of the base. */
  readonly index: Uint32Array;
  readonly calibrationEndDay: number;
  /** In steps of the purchases' time. */
  readonly calibrationEnd: number;
  /** Units from the end of the calibration to the last day of the data. */
  readonly holdout: number;
  /** Purchases of each customer after the calibration. */
  readonly later: Float64Array;
}

export interface BaseOptions {
  readonly unit: TimeUnit;
  readonly grain: Grain;
  readonly calibrationEnd: string | null;
}

/** Where customers are read from. */
type Source = Pick<AnalysisContext, 'inputs' | 'timeZone' | 'checkpoint'>;

/** The customer base from whichever of the two roles was given; from purchases that have been `read` where there are. */
export async function readCustomerBase(context: Source, options: BaseOptions, read?: Purchases): Promise<CustomerBase> {
  return context.inputs.transactions ? fromTransactions(context, options, read) : fromSummary(context);
}

async function fromTransactions(context: Source, options: BaseOptions, read?: Purchases): Promise<CustomerBase> {
  const input = context.inputs.transactions;
  const purchases = read ?? (await readPurchases(input, options.unit, options.grain, context.timeZone, context));
  await context.checkpoint();
  const calibrationEndDay = options.calibrationEnd ? dayOf(options.calibrationEnd) : purchases.lastDay;
  if (!(calibrationEndDay > purchases.firstDay)) {
    const end = options.calibrationEnd ?? dateOf(calibrationEndDay);
    const first = dateOf(purchases.firstDay);
    throw new AnalysisError(
      `'calibrationEnd' ${end} is not after the first day of the data, ${first}; choose a later day.`,
      { text: message('error.calibrationEnd', { end, first }), path: 'parameters.calibrationEnd' },
    );
  }
  const { stepOf, stepsPerUnit, start, time, amount } = purchases;
  const end = stepOf(calibrationEndDay);
  const size = purchases.customers;
  const index = new Uint32Array(size);
  const frequency = new Float64Array(size);
  const recency = new Float64Array(size);
  const T = new Float64Array(size);
  const monetary = new Float64Array(size);
  const later = new Float64Array(size);
  let customers = 0;
  for (let i = 0; i < size; i++) {
    const from = start[i];
    if (time[from] > end) continue;
    let last = from;
    let spent = 0;
    while (last + 1 < start[i + 1] && time[last + 1] <= end) spent += amount[++last];
    index[customers] = i;
    frequency[customers] = last - from;
    recency[customers] = (time[last] - time[from]) / stepsPerUnit;
    T[customers] = (end - time[from]) / stepsPerUnit;
    monetary[customers] = last > from ? spent / (last - from) : Number.NaN;
    later[customers] = start[i + 1] - 1 - last;
    customers++;
  }
  const reasons = [
    {
      role: 'transactions',
      reason: message('leftOut.later', { end: dateOf(calibrationEndDay) }),
      count: size - customers,
    },
    { role: 'transactions', reason: message('leftOut.refunds'), count: purchases.refunds },
  ];
  await context.checkpoint();
  const cut = index.slice(0, customers);
  const rows = new Uint32Array(customers);
  for (let i = 0; i < customers; i++) rows[i] = purchases.rows[cut[i]];
  return {
    customers,
    customer: takeRows(input.fields.customer, rows),
    frequency: frequency.slice(0, customers),
    recency: recency.slice(0, customers),
    T: T.slice(0, customers),
    monetary: monetary.slice(0, customers),
    log: {
      purchases,
      index: cut,
      calibrationEndDay,
      calibrationEnd: end,
      holdout: (stepOf(purchases.lastDay) - end) / stepsPerUnit,
      later: later.slice(0, customers),
    },
    leftOut: reasons.filter(({ count }) => count > 0),
  };
}

function fromSummary(context: Source): CustomerBase {
  const input = context.inputs.summary;
  const read = {
    frequency: numbersOf(input.fields.frequency),
    recency: numbersOf(input.fields.recency),
    T: numbersOf(input.fields.T),
    monetary: input.fields.monetary && numbersOf(input.fields.monetary),
  };
  const rows = new Uint32Array(input.rows);
  const frequency = new Float64Array(input.rows);
  const recency = new Float64Array(input.rows);
  const T = new Float64Array(input.rows);
  const monetary = read.monetary && new Float64Array(input.rows);
  let customers = 0;
  let uncounted = 0;
  let outOfTime = 0;
  for (let i = 0; i < input.rows; i++) {
    const x = read.frequency[i];
    const last = read.recency[i];
    const watched = read.T[i];
    if (!(x >= 0 && Number.isInteger(x))) uncounted++;
    else if (!(last >= 0 && last <= watched && watched < Number.POSITIVE_INFINITY)) outOfTime++;
    else {
      rows[customers] = i;
      frequency[customers] = x;
      // A customer without repeats has no last one; some summaries write something else than 0 there.
      recency[customers] = x === 0 ? 0 : last;
      T[customers] = watched;
      if (monetary && read.monetary) monetary[customers] = x === 0 ? Number.NaN : read.monetary[i];
      customers++;
    }
  }
  return {
    customers,
    customer:
      customers === input.rows ? input.fields.customer : takeRows(input.fields.customer, rows.subarray(0, customers)),
    frequency: frequency.subarray(0, customers),
    recency: recency.subarray(0, customers),
    T: T.subarray(0, customers),
    monetary: monetary?.subarray(0, customers),
    leftOut: [
      { role: 'summary', reason: message('leftOut.frequency'), count: uncounted },
      { role: 'summary', reason: message('leftOut.recency'), count: outOfTime },
    ].filter(({ count }) => count > 0),
  };
}

/** How many units make a year, for defaults. */
export function unitsPerYear(unit: TimeUnit): number {
  return 365.25 / UNIT_DAYS[unit];
}

/** The day number of `YYYY-MM-DD`. */
function dayOf(text: string): number {
  return Math.floor(Date.parse(text) / 86_400_000);
}

/** A day number as `YYYY-MM-DD`. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
