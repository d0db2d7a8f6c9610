import { definePlugin } from '@patron/sdk';
import { forecast } from './forecast.ts';

export const plugin = definePlugin({
  analyses: {
    'clv.forecast': forecast,
  },
});
