import { definePlugin } from '@patron/sdk';
import { contract } from './contract.ts';
import { discrete } from './discrete.ts';
import { expectedPurchases } from './expected-function.ts';
import { forecast } from './forecast.ts';
import { history } from './history.ts';

export const plugin = definePlugin({
  analyses: {
    'clv.forecast': forecast,
    'clv.contract': contract,
    'clv.discrete': discrete,
    'clv.history': history,
  },
  functions: { 'CLV.EXPECTED': expectedPurchases },
});
