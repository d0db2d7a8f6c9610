import { cohortsRun } from '../cohorts.ts';
import { clusterFunnelEvents, makeFunnelEvents, runFunnel } from '../funnel.ts';
import { rfmRun } from '../rfm.ts';
import { generateTransactions } from '../transactions.ts';

const customersOf = (rows: number): number => rows / 10;

/** Each line makes its data and gives the run that is timed; the run's answer is what peers must find too. */
export function rfm(rows: number, clustered: boolean): () => number[] {
  const given = generateTransactions({ rows, customers: customersOf(rows), order: clustered ? 'clustered' : 'none' });
  const run = rfmRun(given);
  return () => {
    const { customers, cells } = run();
    return [customers, cells.length];
  };
}

export function funnel(rows: number, clustered: boolean): () => number[] {
  const events = makeFunnelEvents(rows);
  const given = clustered ? clusterFunnelEvents(events) : events;
  return () => runFunnel(given);
}

export function cohorts(rows: number, clustered: boolean): () => number[] {
  const run = cohortsRun(
    generateTransactions({ rows, customers: customersOf(rows), order: clustered ? 'clustered' : 'none' }),
  );
  return () => Array.from(run().counts);
}
