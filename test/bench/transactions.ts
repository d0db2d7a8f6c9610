import {
  type Column,
  canShare,
  dateColumn,
  decimalColumn,
  integerColumn,
  type NumericArray,
  shared,
} from '@patron/sdk';

/** mulberry32: the seeded stream that all benchmarks draw from. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** First day of the generated transactions, as days since 1970-01-01 (2021-01-01), and how many days they span. */
export const FIRST_DAY = 18_628;
export const DAYS = 1000;

/** Generated transactions as plain arrays, for handing to a peer. `day` counts from `FIRST_DAY`; `cents` are whole. */
export interface GeneratedTransactions {
  readonly customer: Uint32Array;
  readonly day: Uint16Array;
  readonly cents: Uint32Array;
}

export interface TransactionShape {
  readonly rows: number;
  readonly customers: number;
  /** `clustered`: by customer, each in order of time, as the table store keeps its projection. */
  readonly order: 'none' | 'clustered';
}

/**
 * Transactions of `customers` customers: some buy far more than others (u^1.5), days are uniform over 1,000, amounts from
 * 1.00 to 200.99. The same seed gives the same rows in every order.
 */
export function generateTransactions({ rows, customers, order }: TransactionShape): GeneratedTransactions {
  const random = mulberry32(42);
  const customer = new Uint32Array(rows);
  const day = new Uint16Array(rows);
  const cents = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    customer[i] = Math.floor(random() ** 1.5 * customers);
    day[i] = Math.floor(random() * DAYS);
    cents[i] = 100 + Math.floor(random() * 20_000);
  }
  return order === 'clustered' ? cluster({ customer, day, cents }, customers) : { customer, day, cents };
}

/** Two stable counting sorts: by day, then by customer. */
function cluster(given: GeneratedTransactions, customers: number): GeneratedTransactions {
  const byDay = reorder(given, given.day, DAYS);
  return reorder(byDay, byDay.customer, customers);
}

function reorder(given: GeneratedTransactions, keys: Uint16Array | Uint32Array, count: number): GeneratedTransactions {
  const next = new Uint32Array(count + 1);
  for (let i = 0; i < keys.length; i++) next[keys[i] + 1]++;
  for (let i = 0; i < count; i++) next[i + 1] += next[i];
  const customer = new Uint32Array(keys.length);
  const day = new Uint16Array(keys.length);
  const cents = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const at = next[keys[i]]++;
    customer[at] = given.customer[i];
    day[at] = given.day[i];
    cents[at] = given.cents[i];
  }
  return { customer, day, cents };
}

/** As the binding hands large columns over: in shared memory where there is any. */
export function asBound<A extends NumericArray>(array: A): A {
  return canShare() ? shared(array) : array;
}

/** The transactions as the table store holds them. */
export function transactionColumns(given: GeneratedTransactions): { customer: Column; time: Column; amount: Column } {
  return {
    customer: integerColumn(asBound(given.customer)),
    time: dateColumn(asBound(given.day.map((day) => day + FIRST_DAY))),
    amount: decimalColumn(asBound(given.cents), 100),
  };
}

/** Middle of five runs, in milliseconds, after one that warms up. */
export async function medianOfFive(run: () => unknown): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[2];
}
