import type { ChartSpec } from '@patron/sdk';
import { barOption } from './bar-option.ts';
import { boxOption } from './box-option.ts';
import { type ChartOptions, chartContext } from './chart-context.ts';
import { chartSummary } from './chart-summary.ts';
import { funnelOption } from './funnel-option.ts';
import { heatMapOption } from './heat-map-option.ts';
import { histogramOption } from './histogram-option.ts';
import { lineOption } from './line-option.ts';
import { sankeyOption } from './sankey-option.ts';
import { scatterOption } from './scatter-option.ts';
import { treeMapOption } from './tree-map-option.ts';

/** A chart as ECharts takes it, for a picture of `width` by `height` pixels. */
export function chartOption(spec: ChartSpec, options: ChartOptions, width: number, height: number) {
  const context = chartContext(options, width, height);
  const summary = chartSummary(spec, options);
  switch (spec.kind) {
    case 'bar':
      return barOption(spec, context, summary);
    case 'line':
      return lineOption(spec, context, summary);
    case 'heatMap':
      return heatMapOption(spec, context, summary);
    case 'funnel':
      return funnelOption(spec, context, summary);
    case 'sankey':
      return sankeyOption(spec, context, summary);
    case 'histogram':
      return histogramOption(spec, context, summary);
    case 'box':
      return boxOption(spec, context, summary);
    case 'scatter':
      return scatterOption(spec, context, summary);
    case 'treeMap':
      return treeMapOption(spec, context, summary);
  }
}
