import {
  type AnalysisContext,
  AnalysisError,
  type Column,
  type CustomerKeys,
  type CustomerSummary,
  customerKeys,
  customerSummary,
  isTime,
  message,
  type NumericArray,
  numbersOf,
  type RoleInput,
  type TimeColumn,
  takeKeys,
  takeRows,
  wallClock,
  wallClocks,
} from '@patron/sdk';

const DAY = 86_400_000;

/** The three measures of every customer. Arrays have one entry a customer. */
export interface CustomerFacts {
  readonly customers: number;
  readonly keys: CustomerKeys;
  readonly codes: Uint32Array;
  /** Whole days from the last purchase to the as-of date. */
  readonly recency: Int32Array | Float64Array;
  readonly frequency: Uint32Array | Float64Array;
  /** Amounts in units of 1/`scale`. */
  readonly monetary: Float64Array;
  readonly scale: number;
  /** What `frequency` counts. */
  readonly frequencyOf: 'orders' | 'days' | 'transactions' | 'given';
  /** Wall-clock milliseconds; absent where the customers' measures were given. */
  readonly asOf?: number;
  readonly rowsAfterAsOf: number;
  readonly rowsNotPositive: number;
}

interface FactOptions {
  /** The as-of date in wall-clock milliseconds; by default the day after the last transaction. */
  readonly asOf?: number;
  /** Counts to the last transaction's time of day on the as-of date, instead of to 00:00. */
  readonly keepTimeOfDay?: boolean;
  readonly frequencyOf: 'orders' | 'transactions';
  /** Keys of the customer column, where several dates are to share their codes. */
  readonly keys?: CustomerKeys;
}

/** Recency, frequency and monetary value of each customer from transactions. */
export function factsFromTransactions(input: RoleInput, timeZone: string, options: FactOptions): CustomerFacts {
  requireRows(input, 'transactions');
  const time = timeOf(input.fields.time);
  const keys = options.keys ?? customerKeys(input.fields.customer);
  const summarise = (columns: RoleInput['fields'], customer: CustomerKeys): CustomerSummary =>
    customerSummary(
      { customer, time: columns.time, amount: columns.amount, order: columns.order },
      { timeZone, periods: columns.order || options.frequencyOf === 'transactions' ? undefined : 'day' },
    );
  let summary = summarise(input.fields, keys);
  const latest = wallClock(time, largest(summary.last), timeZone);
  const timeOfDay = options.keepTimeOfDay ? latest - startOfDay(latest) : 0;
  const asOf = (options.asOf ?? startOfDay(latest) + DAY) + timeOfDay;
  let rowsAfterAsOf = 0;
  if (latest >= asOf) {
    // A look back must not know the future.
    const rows = rowsBefore(time, asOf, timeZone);
    rowsAfterAsOf = input.rows - rows.length;
    summary = summarise(takeFields(input.fields, rows), takeKeys(keys, rows));
  }
  const counted =
    options.frequencyOf === 'transactions'
      ? { frequency: summary.transactions, frequencyOf: 'transactions' as const }
      : summary.orders
        ? { frequency: summary.orders, frequencyOf: 'orders' as const }
        : { frequency: summary.periods as Uint32Array, frequencyOf: 'days' as const };
  const monetary = summary.sums as Float64Array;
  requireFinite(monetary, 'transactions.amount');
  return {
    customers: summary.customers,
    keys: summary.keys,
    codes: summary.codes,
    recency: elapsedDays(summary.time, summary.last, asOf, timeZone),
    ...counted,
    monetary,
    scale: summary.scale,
    asOf,
    rowsAfterAsOf,
    rowsNotPositive: summary.notPositive,
  };
}

/** The three measures as a customer table gives them. A customer that stands in several rows is refused. */
function factsFromCustomers(input: RoleInput): CustomerFacts {
  requireRows(input, 'customers');
  const keys = customerKeys(input.fields.customer);
  const codes = Uint32Array.from({ length: input.rows }, (_, row) => keys.values[row] - keys.offset);
  const seen = new Uint8Array(keys.count);
  for (const code of codes) {
    if (seen[code] === 1) {
      const name = keys.label(code);
      throw new AnalysisError(
        `Customer '${name}' stands in several rows of the customer table; give one row for each customer, or use the transactions.`,
        { text: message('error.customerTwice', { customer: name }), path: 'inputs.customers.customer' },
      );
    }
    seen[code] = 1;
  }
  const measure = (name: string): Float64Array => {
    const values = Float64Array.from(numbersOf(input.fields[name]));
    requireFinite(values, `customers.${name}`);
    return values;
  };
  const monetary = measure('monetary');
  return {
    customers: codes.length,
    keys,
    codes,
    recency: measure('recency'),
    frequency: measure('frequency'),
    monetary,
    scale: 1,
    frequencyOf: 'given',
    rowsAfterAsOf: 0,
    rowsNotPositive: 0,
  };
}

/** The measures from whichever role was given. */
export function factsOf(context: Pick<AnalysisContext, 'inputs' | 'timeZone'>, options: FactOptions): CustomerFacts {
  const { transactions, customers } = context.inputs;
  if (transactions) return factsFromTransactions(transactions, context.timeZone, options);
  if (customers) return factsFromCustomers(customers);
  throw new AnalysisError("RFM needs a table in the role 'transactions' or 'customers'; map one of them.", {
    text: message('error.noInput'),
    path: 'inputs',
  });
}

function requireRows(input: RoleInput, role: string): void {
  if (input.rows > 0) return;
  throw new AnalysisError(`No row is left in '${role}', so there are no customers to score; check the filters.`, {
    text: message('error.noRows', { role }),
    path: `inputs.${role}`,
  });
}

function requireFinite(values: Float64Array, path: string): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    const field = path.slice(path.indexOf('.') + 1);
    throw new AnalysisError(`'${field}' holds values that are not finite numbers; filter these rows out first.`, {
      text: message('error.notFinite', { field }),
      path: `inputs.${path}`,
    });
  }
}

/** The column as one of days or times. */
export function timeOf(column: Column): TimeColumn {
  if (isTime(column)) return column;
  throw new AnalysisError(`'time' holds ${column.type} values; map a column of days or times to it.`, {
    text: message('error.notTime'),
    path: 'inputs.transactions.time',
  });
}

function startOfDay(clock: number): number {
  return Math.floor(clock / DAY) * DAY;
}

/** The as-of date that the transactions settle where none is given: the day after the last one. */
export function defaultAsOf(time: TimeColumn, timeZone: string): number {
  return startOfDay(wallClock(time, largest(time.values), timeZone)) + DAY;
}

function largest(values: NumericArray): number {
  let largest = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest;
}

/**
 * The rows before the as-of date.
 * @throws AnalysisError where no row is.
 */
function rowsBefore(time: TimeColumn, asOf: number, timeZone: string): Uint32Array {
  const before = earlierThan(time, asOf, timeZone);
  let count = 0;
  for (let row = 0; row < time.length; row++) if (time.values[row] < before) count++;
  if (count === 0) {
    const date = new Date(asOf).toISOString().slice(0, 10);
    throw new AnalysisError(`No transaction is earlier than the as-of date '${date}'; choose a later date.`, {
      text: message('error.asOfTooEarly', { date }),
      path: 'parameters.asOf',
    });
  }
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; row < time.length; row++) if (time.values[row] < before) rows[at++] = row;
  return rows;
}

function takeFields(fields: RoleInput['fields'], rows: Uint32Array): RoleInput['fields'] {
  const { time, amount, order } = fields;
  return {
    time: takeRows(time, rows),
    amount: takeRows(amount, rows),
    ...(order && { order: takeRows(order, rows) }),
  };
}

/** The stored value from which on a time is at or after the wall-clock moment `asOf`. */
function earlierThan(time: TimeColumn, asOf: number, timeZone: string): number {
  if (time.type === 'date') return asOf / DAY;
  if (!time.zoned) return asOf / time.unit;
  const guess = asOf - (wallClock({ ...time, unit: 1 }, asOf, timeZone) - asOf);
  return (asOf - (wallClock({ ...time, unit: 1 }, guess, timeZone) - guess)) / time.unit;
}

/** Whole days elapsed from each customer's last purchase to `asOf`, floored. */
function elapsedDays(time: TimeColumn, last: Float64Array, asOf: number, timeZone: string): Int32Array {
  const clocks = wallClocks(time, last, timeZone);
  const recency = new Int32Array(clocks.length);
  for (let i = 0; i < recency.length; i++) recency[i] = Math.floor((asOf - clocks[i]) / DAY);
  return recency;
}
