import { factsFromTransactions } from '../../plugins/rfm/customer-facts.ts';
import { scoreCustomers } from '../../plugins/rfm/scores.ts';
import { scoreMatrix } from '../../plugins/rfm/segment-statistics.ts';
import { DAYS, FIRST_DAY, type GeneratedTransactions, transactionColumns } from './transactions.ts';

const NO_CUT_POINTS = {};

/**
 * Recency, frequency (rows) and monetary value of each customer, three quintile scores, and how many customers lie in each of
 * the 125 cells, by `((r − 1) · 5 + f − 1) · 5 + m − 1`.
 */
export function rfmRun(given: GeneratedTransactions): () => number[] {
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
    return [...scoreMatrix(scores, facts.monetary).customers];
  };
}
