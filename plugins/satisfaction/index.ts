import { type AnalysisContext, definePlugin } from '@patron/sdk';
import { drivers } from './drivers.ts';
import { followUp } from './follow-up.ts';
import { cesMeasure, csatMeasure, npsMeasure } from './measure.ts';
import { netPromoterScore } from './nps-function.ts';
import { outcome } from './outcome.ts';
import { scoreAnalysis } from './score.ts';
import { tallyKernels } from './tally-scores.ts';
import { topics } from './topics.ts';

export const plugin = definePlugin({
  analyses: {
    'nps.score': (context: AnalysisContext) => scoreAnalysis(context, npsMeasure(context.parameters)),
    'csat.score': (context: AnalysisContext) => scoreAnalysis(context, csatMeasure(context.parameters)),
    'ces.score': (context: AnalysisContext) => scoreAnalysis(context, cesMeasure(context.parameters)),
    'satisfaction.drivers': drivers,
    'satisfaction.topics': topics,
    'satisfaction.follow-up': followUp,
    'satisfaction.outcome': outcome,
  },
  kernels: tallyKernels,
  functions: { NPS: netPromoterScore },
});
