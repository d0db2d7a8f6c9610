import { definePlugin } from '@patron/sdk';
import { contract } from './contract.ts';
import { customerValues, timeCurves } from './customer-values.ts';
import { discrete } from './discrete.ts';
import { expectedPurchases } from './expected-function.ts';
import { forecast } from './forecast.ts';
import { spendSums } from './gamma-gamma.ts';
import { history } from './history.ts';
import { purchaseSums } from './purchase-fit.ts';
import { drawTotals } from './totals.ts';

export const plugin = definePlugin({
  analyses: {
    'clv.forecast': forecast,
    'clv.contract': contract,
    'clv.discrete': discrete,
    'clv.history': history,
  },
  kernels: Object.fromEntries(
    [purchaseSums, spendSums, timeCurves, customerValues, drawTotals].map(({ name, run }) => [name, run]),
  ),
  functions: { 'CLV.EXPECTED': expectedPurchases },
});
