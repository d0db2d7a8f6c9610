import { definePlugin } from '@patron/sdk';
import { concentration } from './concentration.ts';

export const plugin = definePlugin({ analyses: { 'my-model.concentration': concentration } });
