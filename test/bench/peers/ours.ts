import {
  type AnalysisContext,
  type AnalysisResult,
  cohortKernels,
  definePlugin,
  journeyKernels,
  type PluginManifest,
  type Threads,
} from '@patron/sdk';
import { cohortsRun } from '../cohorts.ts';
import { clusterFunnelEvents, funnelRun, makeFunnelEvents } from '../funnel.ts';
import { rfmRun } from '../rfm.ts';
import { generateTransactions, medianOfFive } from '../transactions.ts';

/** A line's rows, and whether they stand by customer and time, as the table store keeps them. */
interface LineParameters {
  readonly rows: number;
  readonly clustered: boolean;
}

const lines = {
  rfm: (parameters: LineParameters) => rfmRun(transactions(parameters)),
  funnel({ rows, clustered }: LineParameters, threads: Threads) {
    const events = makeFunnelEvents(rows);
    return funnelRun(clustered ? clusterFunnelEvents(events) : events, threads);
  },
  cohorts: (parameters: LineParameters, threads: Threads) => cohortsRun(transactions(parameters), threads),
};

function transactions({ rows, clustered }: LineParameters) {
  return generateTransactions({ rows, customers: rows / 10, order: clustered ? 'clustered' : 'none' });
}

/** Makes the line's data, times five runs after one that warms up, and gives the middle one and its answer. */
function timed(line: keyof typeof lines) {
  return async (context: AnalysisContext<LineParameters>): Promise<AnalysisResult> => {
    const run = lines[line](context.parameters, context);
    const milliseconds = await medianOfFive(run);
    const answer = await run();
    return {
      metrics: { milliseconds: { value: milliseconds } },
      tables: {},
      charts: [],
      notes: [],
      settled: { answer },
    };
  };
}

/** Our lines as a plugin, so that they run in the threads that the app would give them. */
export const plugin = definePlugin({
  analyses: { 'bench.rfm': timed('rfm'), 'bench.funnel': timed('funnel'), 'bench.cohorts': timed('cohorts') },
  kernels: { ...journeyKernels, ...cohortKernels },
});

export const manifest: PluginManifest = {
  manifestVersion: 1,
  id: 'patron.bench',
  name: 'Bench',
  version: '1.0.0',
  engines: { patron: '^0.1.0' },
  main: 'ours.ts',
  contributes: {
    analyses: ['bench.rfm', 'bench.funnel', 'bench.cohorts'].map((id) => ({
      id,
      title: id,
      inputs: [],
      parameters: [
        { name: 'rows', title: 'Rows', type: 'integer', default: 1_000_000 },
        { name: 'clustered', title: 'By customer', type: 'boolean', default: false },
      ],
    })),
  },
};
