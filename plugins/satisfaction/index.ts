import { type AnalysisContext, definePlugin } from '@patron/sdk';
import { cesMeasure, csatMeasure, npsMeasure } from './measure.ts';
import { netPromoterScore } from './nps-function.ts';
import { scoreAnalysis } from './score.ts';

export const plugin = definePlugin({
  analyses: {
    'nps.score': (context: AnalysisContext) => scoreAnalysis(context, npsMeasure(context.parameters)),
    'csat.score': (context: AnalysisContext) => scoreAnalysis(context, csatMeasure(context.parameters)),
    'ces.score': (context: AnalysisContext) => scoreAnalysis(context, cesMeasure(context.parameters)),
  },
  functions: { NPS: netPromoterScore },
});
