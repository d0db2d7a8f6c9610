import { definePlugin } from '@patron/sdk';
import { scoreKernels } from './boosted-trees.ts';
import { concordanceKernels } from './concordance.ts';
import { coxDataKernels } from './cox-data.ts';
import { coxKernels } from './cox-risk-sets.ts';
import { hazard } from './hazard.ts';
import { logisticKernels } from './logistic-pass.ts';
import { rate } from './rate.ts';
import { risk } from './risk.ts';
import { spellKernels } from './spells-spread.ts';
import { momentKernels } from './standardise.ts';
import { survival } from './survival.ts';
import { curveKernels } from './survival-curve.ts';
import { binKernels } from './tree-bins.ts';
import { splitKernels } from './tree-splits.ts';
import { weibull } from './weibull-analysis.ts';

export const plugin = definePlugin({
  analyses: {
    'churn.survival': survival,
    'churn.hazard': hazard,
    'churn.weibull': weibull,
    'churn.rate': rate,
    'churn.risk': risk,
  },
  kernels: {
    ...spellKernels,
    ...curveKernels,
    ...momentKernels,
    ...coxDataKernels,
    ...coxKernels,
    ...concordanceKernels,
    ...logisticKernels,
    ...binKernels,
    ...splitKernels,
    ...scoreKernels,
  },
});
