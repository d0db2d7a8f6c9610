import { definePlugin } from '@patron/sdk';
import { hazard } from './hazard.ts';
import { rate } from './rate.ts';
import { risk } from './risk.ts';
import { survival } from './survival.ts';
import { weibull } from './weibull-analysis.ts';

export const plugin = definePlugin({
  analyses: {
    'churn.survival': survival,
    'churn.hazard': hazard,
    'churn.weibull': weibull,
    'churn.rate': rate,
    'churn.risk': risk,
  },
});
