import { spreadCohortCounts, type Threads } from '@patron/sdk';
import { type GeneratedTransactions, transactionColumns } from './transactions.ts';

/** Monthly cohorts of the first purchase by calendar months after it: `counts` is laid out cohort × offset. */
export function cohortsRun(given: GeneratedTransactions, threads: Threads): () => Promise<number[]> {
  const { customer, time } = transactionColumns(given);
  return async () => {
    const { counts } = await spreadCohortCounts(
      threads,
      { customer, time },
      { period: 'month', cohort: 'first', kind: 'on', windows: 'calendar', timeZone: 'UTC' },
    );
    return [...counts];
  };
}
