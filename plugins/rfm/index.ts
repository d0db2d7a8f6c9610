import { definePlugin } from '@patron/sdk';
import { migration } from './migration.ts';
import { openSegments } from './open-segments.ts';
import { segmentOf } from './segment-function.ts';
import { segments } from './segments.ts';

export const plugin = definePlugin({
  analyses: { 'rfm.segments': segments, 'rfm.migration': migration },
  functions: { 'RFM.SEGMENT': segmentOf },
  commands: { 'rfm.open-segments': openSegments },
});
