import { clusterFunnelEvents, makeFunnelEvents, runFunnel } from './funnel.ts';

/** Prints the funnel's times in this process for 1, 3 and 10 million events: in no order, and as the table store keeps them. */
function medianTime(run: () => unknown, runs = 5): number {
  run();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1];
}

for (const millions of [1, 3, 10]) {
  const unordered = makeFunnelEvents(millions * 1e6);
  const clustered = clusterFunnelEvents(unordered);
  console.log(
    JSON.stringify({
      millions,
      unorderedMs: Math.round(medianTime(() => runFunnel(unordered))),
      clusteredMs: Math.round(medianTime(() => runFunnel(clustered))),
      customers: runFunnel(clustered),
    }),
  );
}
