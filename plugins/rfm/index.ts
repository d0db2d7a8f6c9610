import { definePlugin } from '@patron/sdk';
import { migration } from './migration.ts';
import { segments } from './segments.ts';

export const plugin = definePlugin({ analyses: { 'rfm.segments': segments, 'rfm.migration': migration } });
