import { cohortKernels, definePlugin } from '@patron/sdk';
import { cohorts } from './cohorts.ts';
import { interval } from './interval.ts';
import { stickiness } from './stickiness.ts';

export const plugin = definePlugin({
  analyses: { 'retention.cohorts': cohorts, 'retention.interval': interval, 'retention.stickiness': stickiness },
  kernels: cohortKernels,
});
