import type { ScatterChart } from '@patron/sdk';
import type { CustomSeriesRenderItemParams } from 'echarts';
import { baseOption, type ChartContext, plotGrid, titleHeight, valueAxis } from './chart-context.ts';
import { referenceLines } from './line-option.ts';

const LABELLED_POINTS = 40;
const LARGEST = 44;

/** Points by two numbers, areas by a third; names beside them where they are few; quadrants named in their corners. */
export function scatterOption(spec: ScatterChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const points = spec.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const largest = Math.max(0, ...points.map(({ size = 0 }) => size));
  const sized = largest > 0;
  const base = baseOption(spec, context, summary);
  const ys = points.map(({ y }) => y);
  const labelled = points.length <= LABELLED_POINTS;
  return {
    ...base,
    grid: plotGrid(titleHeight(spec, context) + 16, 28),
    xAxis: {
      ...valueAxis(spec.x, context, []),
      nameGap: 30,
      scale: true,
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.axis } },
    },
    yAxis: { ...valueAxis(spec.y, context, ys.length ? [Math.min(...ys), Math.max(...ys)] : []), scale: true },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => pointTooltip(spec, points[dataIndex], context),
    },
    series: [
      {
        type: 'scatter',
        data: points.map(({ x, y }) => [x, y]),
        symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) =>
          sized ? Math.max(5, LARGEST * Math.sqrt((points[dataIndex]?.size ?? 0) / largest)) : labelled ? 10 : 5,
        itemStyle: { color: theme.series[0], opacity: labelled ? 0.75 : 0.4 },
        label: {
          show: labelled && points.some(({ label }) => label !== undefined),
          position: 'right',
          color: theme.text,
          fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => context.text(points[dataIndex]?.label),
        },
        labelLayout: { hideOverlap: true },
        ...(spec.references ? { markLine: referenceLines(spec.references, spec, context) } : {}),
      },
      ...(spec.quadrants && points.length > 0
        ? [quadrantNames(spec.quadrants.map(context.text), [points[0].x, points[0].y], context)]
        : []),
    ],
  };
}

function pointTooltip(
  spec: ScatterChart,
  point: ScatterChart['points'][number] | undefined,
  context: ChartContext,
): string {
  if (!point) return '';
  return [
    ...(point.label === undefined ? [] : [context.text(point.label)]),
    `${context.text(spec.x.title)}: ${context.format(point.x, spec.x.format)}`,
    `${context.text(spec.y.title)}: ${context.format(point.y, spec.y.format)}`,
    ...(point.size === undefined ? [] : [context.format(point.size, 'decimal')]),
  ].join('\n');
}

/** Drawn once, on an item that lies on a point, so that it takes no part in how far the axes reach. */
function quadrantNames(names: readonly string[], at: readonly [number, number], context: ChartContext) {
  return {
    type: 'custom',
    silent: true,
    name: '',
    data: [at],
    z: 1,
    renderItem(params: CustomSeriesRenderItemParams) {
      const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const texts = names.map((text, corner) => {
        const right = corner % 2 === 1;
        const bottom = corner >= 2;
        return {
          type: 'text' as const,
          style: {
            text,
            x: right ? area.x + area.width - 8 : area.x + 8,
            y: bottom ? area.y + area.height - 8 : area.y + 8,
            textAlign: right ? ('right' as const) : ('left' as const),
            textVerticalAlign: bottom ? ('bottom' as const) : ('top' as const),
            fill: context.theme.soft,
            fontSize: 12,
            fontWeight: 600,
            opacity: 0.8,
          },
        };
      });
      return { type: 'group' as const, children: texts };
    },
  };
}
