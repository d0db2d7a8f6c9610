import { type CohortCounts, cohortCounts } from '@patron/sdk';
import { type GeneratedTransactions, transactionColumns } from './transactions.ts';

/** Monthly cohorts of the first purchase by calendar months after it: `counts` is laid out cohort × offset. */
export function cohortsRun(given: GeneratedTransactions): () => CohortCounts {
  const { customer, time } = transactionColumns(given);
  return () =>
    cohortCounts(
      { customer, time },
      { period: 'month', cohort: 'first', kind: 'on', windows: 'calendar', timeZone: 'UTC' },
    );
}
