import type { Threads } from '../analysis.ts';
import type { NumericArray } from '../column.ts';
import { evenRanges, shared, worthSpreading } from '../shared-memory.ts';
import {
  type CustomerSummary,
  type CustomerSummaryOptions,
  customerSummary,
  readTransactions,
  summaryOf,
  type TransactionColumns,
} from './customer-summary.ts';
import { addTotals, type CustomerTotals, customerTotals, type TotalsOptions } from './customer-summary-kernel.ts';
import type { KeyCodes } from './customer-summary-keys.ts';

interface TotalsPart {
  readonly keys: KeyCodes;
  readonly times: NumericArray;
  readonly amounts: NumericArray | undefined;
  readonly options: TotalsOptions;
}

/** The kernel that `spreadCustomerSummary` runs; a plugin that calls it has it among its own. */
export const customerSummaryKernels = {
  customerTotals: ({ keys, times, amounts, options }: TotalsPart): CustomerTotals =>
    customerTotals(keys, times, amounts, options),
};

/**
 * The reduction `customerSummary` on all threads: each sums up a range of rows, and the sums are added. The same result, as
 * only amounts that add up exactly are spread; others, and tables that would not gain, are summed up in this thread.
 */
export async function spreadCustomerSummary(
  threads: Threads,
  columns: TransactionColumns,
  options: CustomerSummaryOptions,
): Promise<CustomerSummary> {
  const rows = columns.time.length;
  if (!worthSpreading(threads, rows)) return customerSummary(columns, options);
  const read = readTransactions(columns, options);
  const { keys, time, amounts } = read;
  // Rows that stand by customer are read as fast as memory is, and where there are nearly as many customers as rows, adding up
  // what the threads found takes as long as finding it.
  if (read.totals.clustered || amounts?.exact === false || keys.count * 2 > rows)
    return customerSummary({ ...columns, customer: keys }, options);
  const codes = shared(keys.values);
  const times = shared(time.values);
  const units = amounts && shared(amounts.units);
  const parts = evenRanges(rows, threads.threads).map(
    ([start, end]): TotalsPart => ({
      keys: { values: codes.subarray(start, end), offset: keys.offset, count: keys.count },
      times: times.subarray(start, end),
      amounts: units?.subarray(start, end),
      options: read.totals,
    }),
  );
  const [totals, ...further] = await threads.spread<CustomerTotals>('customerTotals', parts);
  return summaryOf(read, further.reduce(addTotals, totals), columns, options);
}
