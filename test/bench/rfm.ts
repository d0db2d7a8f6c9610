import { factsFromTransactions } from '../../plugins/rfm/customer-facts.ts';
import { scoreCustomers } from '../../plugins/rfm/scores.ts';
import { scoreMatrix } from '../../plugins/rfm/segment-statistics.ts';
import { DAYS, FIRST_DAY, type GeneratedTransactions, transactionColumns } from './transactions.ts';

/** What every contender must find: customers, and how many of them lie in each of the 5 × 5 × 5 cells. */
export interface RfmAnswer {
  readonly customers: number;
  /** By `((r − 1) · 5 + f − 1) · 5 + m − 1`. */
  readonly cells: Uint32Array;
}

const NO_CUT_POINTS = {};

/** Recency, frequency (rows) and monetary value of each customer, three quintile scores, and the 125-cell matrix. */
export function rfmRun(given: GeneratedTransactions): () => RfmAnswer {
  const fields = transactionColumns(given);
  const input = { rows: given.customer.length, fields, properties: {} };
  const asOf = (FIRST_DAY + DAYS) * 86_400_000;
  return () => {
    const facts = factsFromTransactions(input, 'UTC', { asOf, frequencyOf: 'transactions' });
    const scores = scoreCustomers(facts, {
      bins: 5,
      cut: 'quantiles',
      frequencyTies: 'rank',
      cutPoints: NO_CUT_POINTS,
    });
    return { customers: facts.customers, cells: scoreMatrix(scores, facts.monetary).customers };
  };
}
