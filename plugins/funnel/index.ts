import { definePlugin, journeyKernels } from '@patron/sdk';
import { compare } from './compare.ts';
import { conversion } from './conversion.ts';
import { customers } from './customers.ts';
import { drivers } from './drivers.ts';
import { frequency } from './frequency.ts';
import { paths } from './paths.ts';
import { conversionRate } from './rate-function.ts';
import { stages } from './stages.ts';
import { timeToConvert } from './time-to-convert.ts';
import { trend } from './trend.ts';
import { windowLevels } from './window-levels.ts';

export const plugin = definePlugin({
  analyses: {
    'funnel.conversion': conversion,
    'funnel.trend': trend,
    'funnel.time-to-convert': timeToConvert,
    'funnel.frequency': frequency,
    'funnel.drivers': drivers,
    'funnel.compare': compare,
    'funnel.paths': paths,
    'funnel.customers': customers,
    'funnel.stages': stages,
    'funnel.window': windowLevels,
  },
  kernels: journeyKernels,
  functions: { 'FUNNEL.RATE': conversionRate },
});
