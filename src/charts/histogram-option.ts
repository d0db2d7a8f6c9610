import type { HistogramChart } from '@patron/sdk';
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import { baseOption, type ChartContext, plotGrid, titleHeight, valueAxis } from './chart-context.ts';
import { referenceLines } from './line-option.ts';

/** Edges with an open end closed by the width of the class beside it, so that it can be drawn. */
function closedEdges(edges: readonly number[]): number[] {
  const closed = [...edges];
  const last = closed.length - 1;
  if (closed[0] === Number.NEGATIVE_INFINITY) closed[0] = closed[1] - (closed[2] - closed[1] || 1);
  if (closed[last] === Number.POSITIVE_INFINITY)
    closed[last] = closed[last - 1] + (closed[last - 1] - closed[last - 2] || 1);
  return closed;
}

/** Counts between edges, on a true scale of x: classes of unlike width look unlike. */
export function histogramOption(spec: HistogramChart, context: ChartContext, summary: string) {
  const edges = closedEdges(spec.edges);
  const data = spec.counts.map((count, index) => [edges[index], edges[index + 1], count]);
  const base = baseOption(spec, context, summary);
  const head = titleHeight(spec, context);
  const x = valueAxis(spec.x, context, []);
  const y = valueAxis(spec.y ?? { format: 'integer' }, context, [Math.max(0, ...spec.counts)]);
  return {
    ...base,
    grid: plotGrid(head + (spec.references?.some(({ axis }) => axis === 'x') ? 28 : 14)),
    xAxis: {
      ...x,
      nameGap: 30,
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: context.theme.axis } },
      ...(edges.length > 1 ? { min: spec.x.minimum ?? edges[0], max: spec.x.maximum ?? edges[edges.length - 1] } : {}),
    },
    yAxis: { ...y, min: 0 },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        `[${context.format(spec.edges[dataIndex], spec.x.format)}, ${context.format(spec.edges[dataIndex + 1], spec.x.format)})\n${context.format(spec.counts[dataIndex], spec.y?.format ?? 'integer')}`,
    },
    series: [
      {
        type: 'custom',
        name: context.text(spec.title),
        data,
        encode: { x: [0, 1], y: 2 },
        clip: true,
        renderItem(_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) {
          const [left, top] = api.coord([Number(api.value(0)), Number(api.value(2))]);
          const [right, bottom] = api.coord([Number(api.value(1)), 0]);
          return {
            type: 'rect' as const,
            shape: { x: left + 0.5, y: top, width: Math.max(right - left - 1, 0.5), height: bottom - top },
            style: { fill: context.theme.series[0] },
          };
        },
        ...(spec.references ? { markLine: referenceLines(spec.references, { x: {} }, context) } : {}),
      },
    ],
  };
}
