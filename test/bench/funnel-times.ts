import { threadsOf } from '../../src/sdk/testing.ts';
import { clusterFunnelEvents, funnelRun, makeFunnelEvents } from './funnel.ts';
import { medianOfFive } from './transactions.ts';

/** Prints the funnel's times in this process for 1, 3 and 10 million events: in no order, and as the table store keeps them. */
for (const millions of [1, 3, 10]) {
  const events = makeFunnelEvents(millions * 1e6);
  const unordered = funnelRun(events, threadsOf({}));
  const clustered = funnelRun(clusterFunnelEvents(events), threadsOf({}));
  console.log(
    JSON.stringify({
      millions,
      unorderedMs: Math.round(await medianOfFive(unordered)),
      clusteredMs: Math.round(await medianOfFive(clustered)),
      customers: await clustered(),
    }),
  );
}
