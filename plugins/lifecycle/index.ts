import { definePlugin } from '@patron/sdk';
import { flow } from './flow.ts';
import { stages } from './stages.ts';

export const plugin = definePlugin({ analyses: { 'lifecycle.flow': flow, 'lifecycle.stages': stages } });
