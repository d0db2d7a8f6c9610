import { definePlugin } from '@patron/sdk';
import { pairs } from './pairs.ts';

export const plugin = definePlugin({ analyses: { 'bought-together.pairs': pairs } });
